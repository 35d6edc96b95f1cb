"""沙箱 sandbox: hand one picture to the cleaning process and check what comes back.

The process gets no environment, no open files and no names of ours; it answers into an unnamed
file whose size the system bounds. Its answer is untrusted: the pictures must be bare JPEG by our
own reading, and every word of the evidence must have its own shape.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, fields
from tempfile import TemporaryFile

from changxiao.kernel.home import folder
from changxiao.ledger.media import formats
from changxiao.ledger.media.exif import Evidence

SECONDS = 15  # of the wall clock; of the processor's time `limits` allows 10
WORKERS = 2  # at once; decoding 40 million pixels takes a third of a gigabyte
_COMMAND = [sys.executable, "-I", "-m", "changxiao.ledger.media.clean"]
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


def clean(data: bytes) -> Cleaned:
    """送去清理: one original in, two bare JPEG out.

    Raises BadPicture: photo_broken, photo_costly (over time or memory), photo_busy.
    """
    if not _seats.acquire(timeout=SECONDS):
        raise formats.BadPicture("photo_busy")
    try:
        return _checked(_run(data))
    finally:
        _seats.release()


def _run(data: bytes) -> bytes:
    # A file and not a pipe: RLIMIT_FSIZE bounds it, whatever the process has become.
    with TemporaryFile(dir=folder("tmp")) as out:
        try:
            done = subprocess.run(
                _COMMAND,
                input=data,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise formats.BadPicture("photo_costly") from None
        if done.returncode:
            # Killed by a limit, or by a fault of the decoder: the picture is not taken either way.
            raise formats.BadPicture("photo_costly" if done.returncode < 0 else "photo_broken")
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
    _expect(rendition, formats.RENDITION_SIDE)
    _expect(thumbnail, formats.THUMBNAIL_SIDE)
    return Cleaned(rendition, thumbnail, evidence, phash, pipeline[:16])


def _expect(picture: bytes, side: int) -> None:
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
