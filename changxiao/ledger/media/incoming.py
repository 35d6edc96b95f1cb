"""收件处 incoming: bytes of photos on their way from a phone, a piece at a time (§6.2, point 4).

Each sender has a part of his own for each content, so that nobody can spoil or read another's. A
piece is laid where it says it belongs; what came twice is laid twice. The whole is believed only
when its hash is the one that names it. Parts are no photos: nobody sees them, no case knows them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger.media import refusals
from changxiao.ledger.media.actions import MAX_BYTES

MOST_HELD = 256 * 1024 * 1024  # bytes one sender may have lying here
KEPT = timedelta(days=30)  # a report may be that late
WHOLE = ".whole"


class Gap(Refused):
    """缺口: the piece begins behind what is here; `held` says where to go on."""

    def __init__(self, held: int) -> None:
        message = _("照片的前一段尚未收到，请从第%(held)d字节续传") % {"held": held}
        super().__init__("piece_gap", message)
        self.more = {"held": held}


def held(owner: str, sha256: str) -> int:
    """已收字节: how much of it lies here, from the beginning; the phone goes on there."""
    path = _path(owner, sha256)
    for one in (path.with_suffix(WHOLE), path):
        if one.exists():
            return one.stat().st_size
    return 0


def put(
    owner: str, sha256: str, piece: bytes, *, start: int, total: int, kind: str = "photo"
) -> bool:
    """收一段: lay the piece; True when the content is whole and is what its hash says.

    `kind` is photo or recording, as it was announced. Raises Gap, and Refused: photo_empty,
    photo_too_large (recording_… likewise), photo_digest (then nothing is kept), incoming_full.
    """
    if total <= 0:
        raise refusals.refusal(f"{kind}_empty")
    if total > MAX_BYTES or start + len(piece) > total:
        raise refusals.refusal(f"{kind}_too_large")
    path = _path(owner, sha256)
    if path.with_suffix(WHOLE).exists():
        return True
    _must_fit(owner, len(piece))
    with _locked(path) as file:
        size = os.fstat(file).st_size
        if start > size:
            raise Gap(size)
        os.pwrite(file, piece, start)
        if max(size, start + len(piece)) < total:
            return False
        return _whole(file, path, sha256)


def take(owner: str, sha256: str) -> bytes | None:
    """取出: the whole content, or None while it is not."""
    try:
        return _path(owner, sha256).with_suffix(WHOLE).read_bytes()
    except FileNotFoundError:
        return None


def drop(owner: str, sha256: str) -> None:
    """清除: the content is stored, or was refused."""
    for suffix in (WHOLE, ".part"):
        _path(owner, sha256).with_suffix(suffix).unlink(missing_ok=True)


def whole() -> list[str]:
    """收齐的: the hashes of all contents that lie here whole."""
    found = (p.stem for p in folder("incoming").glob(f"*{WHOLE}"))
    return sorted({name.partition("-")[2] for name in found})


def sweep(now: datetime) -> int:
    """清扫: parts that nobody has come back for; how many went."""
    border = (now - KEPT).timestamp()
    old = [p for p in folder("incoming").iterdir() if p.stat().st_mtime < border]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _path(owner: str, sha256: str) -> Path:
    return folder("incoming") / f"{_name(owner)}-{sha256}.part"


def _name(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:16]


def _must_fit(owner: str, more: int) -> None:
    lying = sum(p.stat().st_size for p in folder("incoming").glob(f"{_name(owner)}-*"))
    if lying + more > MOST_HELD:
        message = _("您有太多照片传到一半，请先传完或等待清理（上限256 MiB）")
        raise Refused("incoming_full", message)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _whole(file: int, path: Path, sha256: str) -> bool:
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        path.unlink()
        raise refusals.refusal("photo_digest")
    os.fsync(file)
    path.rename(path.with_suffix(WHOLE))
    return True
