"""沙箱 sandbox: hand one picture or document to the cleaning process and check what comes back.

The process gets nothing of our environment, no open files and no names of ours; it answers into an
unnamed file whose size the system bounds. Its answer is untrusted: the pictures must be bare JPEG
by our own reading, and every word of the evidence must have its own shape.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from tempfile import TemporaryFile

from changxiao.kernel.home import folder
from changxiao.ledger.media import formats, pdf
from changxiao.ledger.media.exif import Evidence

SECONDS = 15  # of the wall clock; of the processor's time `limits` allows 10
WORKERS = 2  # at once; decoding 40 million pixels takes a third of a gigabyte
_COMMAND = [sys.executable, "-I", "-m", "changxiao.ledger.media.clean"]
# All it is told: to keep memory that it has freed, and to take it in large pages. The detector
# takes and frees large arrays all along, and to get each from the system anew costs half as much
# again as the network itself.
_TOLD = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(1 << 25),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_seats = threading.BoundedSemaphore(WORKERS)

_NUMBER = re.compile(r"(-?\d{1,6}(\.\d{1,7})?)?")
_SHAPES = {
    "taken": re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)?"),
    "offset": re.compile(r"([+-]\d\d:\d\d)?"),
    "make": re.compile(r"[\w .,:;/()+\-]{0,64}"),
}
_SHAPES |= {"model": _SHAPES["make"], "software": _SHAPES["make"]}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """清理结果: the two pictures and what the original said of itself."""

    rendition: bytes
    thumbnail: bytes
    evidence: Evidence
    phash: str
    pipeline: str


@dataclass(frozen=True, slots=True)
class Looked:
    """查验结果 of a document: its pages where it is sure of them, and what looked."""

    pages: int | None
    pipeline: str


def clean(data: bytes) -> Cleaned:
    """送去清理: one original in, two bare JPEG out.

    Raises BadPicture: photo_broken, photo_costly (over time or memory), photo_busy.
    """
    with seat():
        return _checked(run(data, "photo"))


def look(data: bytes, kind: str = "document") -> Looked:
    """送去查验: one PDF (`sheet`: one xlsx) in, what its structure says out; nothing of it is drawn
    or written anew.

    Raises BadPicture: document_broken, document_encrypted, document_active, document_costly, the
    same of a sheet, photo_busy.
    """
    with seat():
        return _looked(run(data, kind), kind)


@contextmanager
def seat() -> Iterator[None]:
    """占位: one of the two places; BadPicture photo_busy."""
    if not _seats.acquire(timeout=SECONDS):
        raise formats.BadPicture("photo_busy")
    try:
        yield
    finally:
        _seats.release()


def run(data: bytes, kind: str, *task: str, seconds: int = SECONDS) -> bytes:
    """运行: the process's answer to one file; `task` is what it does, if not cleaning."""
    # A file and not a pipe: RLIMIT_FSIZE bounds it, whatever the process has become.
    with TemporaryFile(dir=folder("tmp")) as out:
        try:
            done = subprocess.run(
                [*_COMMAND, *(task or (f"--{kind}",))],
                input=data,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env=_TOLD,
                cwd="/",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise formats.BadPicture(f"{kind}_costly") from None
        if done.returncode:
            # Killed by a limit, or by a fault of the decoder: the picture is not taken either way.
            fault = "costly" if done.returncode < 0 else "broken"
            raise formats.BadPicture(f"{kind}_{fault}")
        out.seek(0)
        return out.read()


def _checked(answer: bytes) -> Cleaned:
    line, _newline, pictures = answer.partition(b"\n")
    try:
        said = json.loads(line)
        if said["code"] != "ok":
            raise formats.BadPicture(str(said["code"]))
        first, second = said["sizes"]
        rendition, thumbnail = pictures[:first], pictures[first:]
        evidence = _evidence(said["evidence"])
        phash, pipeline = str(said["phash"]), str(said["pipeline"])
        if len(thumbnail) != second or not re.fullmatch("[0-9a-f]{16}", phash):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise formats.BadPicture("photo_broken") from None
    expect(rendition, formats.RENDITION_SIDE)
    expect(thumbnail, formats.THUMBNAIL_SIDE)
    return Cleaned(rendition, thumbnail, evidence, phash, pipeline[:16])


def _looked(answer: bytes, kind: str) -> Looked:
    try:
        said = json.loads(answer)
        if said["code"] != "ok":
            raise formats.BadPicture(str(said["code"]))
        pages, checked = said["pages"], str(said["checked"])
        if pages is not None and not (type(pages) is int and 0 < pages <= pdf.MAX_PAGES):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise formats.BadPicture(f"{kind}_broken") from None
    return Looked(pages, checked[:16])


def expect(picture: bytes, side: int) -> None:
    """核对: a bare JPEG of at most so many pixels a side; else BadPicture."""
    header = formats.parse(picture)
    if not formats.is_clean(picture) or max(header.width, header.height) > side:
        raise formats.BadPicture("photo_broken")


def _evidence(said: dict[str, object]) -> Evidence:
    for field in fields(Evidence):
        value = said[field.name]
        if field.name == "orientation":
            if value not in range(1, 9):
                raise ValueError
        elif not isinstance(value, str) or not _SHAPES.get(field.name, _NUMBER).fullmatch(value):
            raise ValueError
    return Evidence(**said)  # type: ignore[arg-type]


def media_limits() -> list[str]:
    """缺失的限制: names of the limits that this system does not grant the cleaning process."""
    done = subprocess.run(
        [*_COMMAND, "--limits"], capture_output=True, env={}, cwd="/", timeout=SECONDS, check=False
    )
    try:
        return [str(name) for name in json.loads(done.stdout)]
    except ValueError:
        return ["process"]
