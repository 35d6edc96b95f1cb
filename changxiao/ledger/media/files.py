"""照片文件 files: where a photo's three files lie, and how they get there without ever lying.

Order of a write (T21, A-01): temporary file, fsync, rename, fsync of the folder, and only then the
row. A claim in `tmp/` is laid before the first rename and taken away after the commit, so that a
crash in between leaves a note of what to sweep; it is also the lock under which one content is
stored once. `tmp/`, `media/` and `vault/` must be on one file system.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from changxiao.kernel.home import folder

CLAIM, PART = ".claim", ".part"


def original_path(sha256: str) -> Path:
    """原件: the encrypted original in the vault."""
    return folder("vault") / sha256[:2] / sha256


def rendition_path(sha256: str, pipeline: str, *, thumbnail: bool = False) -> Path:
    """展示件: the cleaned picture of original `sha256` made by `pipeline`, or its thumbnail."""
    kind = ".thumb.jpg" if thumbnail else ".jpg"
    return folder("media") / sha256[:2] / f"{sha256}.{pipeline}{kind}"


def public_path(sha256: str, *, thumbnail: bool = False) -> Path:
    """公开件: the public picture with this content, or the thumbnail beside it."""
    kind = ".public-thumb.jpg" if thumbnail else ".public.jpg"
    return folder("media") / sha256[:2] / f"{sha256}{kind}"


def put(path: Path, data: bytes) -> None:
    """落盘: `data` at `path`, whole or not at all, and durable when this returns."""
    part = folder("tmp") / f"{path.name}.{secrets.token_hex(6)}{PART}"
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(path.parent.parent)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def claim(sha256: str, *, wait: bool = True) -> Iterator[Claim]:
    """占用: nobody else stores or sweeps this content inside.

    Raises BlockingIOError when somebody does and we do not `wait`.
    """
    path = claim_path(sha256)
    descriptor = _lock(path, wait=wait)
    try:
        os.utime(descriptor)  # the sweep leaves young claims alone
        yield Claim(descriptor)
    finally:
        if os.fstat(descriptor).st_size == 0:
            path.unlink(missing_ok=True)
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Claim:
    """占用凭据: empty it is a lock; once laid, a note that files may lie without a row."""

    descriptor: int

    def lay(self) -> None:
        """留痕: call it before the first file of the content is put."""
        os.pwrite(self.descriptor, b"1", 0)
        os.fsync(self.descriptor)
        sync_folder(folder("tmp"))


def claim_path(sha256: str) -> Path:
    """占用凭据的位置: one a content, in `tmp/`."""
    return folder("tmp") / f"photo-{sha256}{CLAIM}"


def discard(sha256: str) -> int:
    """丢弃: remove the files of a content that no row names; how many there were."""
    lost = list((folder("media") / sha256[:2]).glob(f"{sha256}.*"))
    lost += [path for path in [original_path(sha256)] if path.exists()]
    for path in lost:
        path.unlink()
    return len(lost)


def _lock(path: Path, *, wait: bool) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
            raise
        # Whoever held it may have removed it meanwhile: then this lock is on a file without name.
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """目录落盘: names in the folder are durable when this returns."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
