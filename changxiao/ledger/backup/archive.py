"""打包 archive: files into one .tar.gz and back; nothing is taken out that its hash does not prove.

The manifest stands last, because the hashes are known only when the files were read. In front
stands an empty gzip member whose extra field holds the SHA-256 of all that follows: any flipped bit
is found before a byte is unpacked, and `tar xzf` still reads the file.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from changxiao.ledger.backup import manifest as manifests
from changxiao.ledger.backup import refusals
from changxiao.ledger.backup.manifest import Manifest

# `evaluations` holds what a ranking was counted from, and the ranked may ask for years later.
ROOTS = frozenset({"media", "vault", "keys", "evaluations"})
DATABASES = frozenset({"database.sqlite3", "database.dump"})
PRIVATE = frozenset({"vault", "keys"})
_CHUNK = 1 << 20
_LEVEL = 1  # photos do not shrink, and the database does well enough
# RFC 1952: deflate, FEXTRA, no time; subfield "cx" of 32 bytes; then nothing, deflated.
_HEAD = (
    bytes.fromhex("1f8b08040000000004ff") + bytes.fromhex("2400") + b"cx" + bytes.fromhex("2000")
)
_TAIL = bytes.fromhex("0300") + bytes(8)
_FRONT = len(_HEAD) + 32 + len(_TAIL)


def write(target: Path, files: Mapping[str, Path], describe: Callable[..., Manifest]) -> Manifest:
    """打包: `files` by name in the archive, then the manifest that `describe(files=…)` makes.

    Whole or not at all: a temporary file beside `target`, fsync, rename, fsync of the folder.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            raw.write(bytes(_FRONT))
            follows = _HashingWriter(raw)
            packed = _pack(follows, files, describe)
            raw.flush()
            os.pwrite(raw.fileno(), _front(follows.digest.digest()), 0)
            os.fsync(raw.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _sync(target.parent)
    return packed


def _front(digest: bytes) -> bytes:
    return _HEAD + digest + _TAIL


def _pack(
    raw: _HashingWriter, files: Mapping[str, Path], describe: Callable[..., Manifest]
) -> Manifest:
    hashes: dict[str, tuple[str, int]] = {}
    with (
        gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=_LEVEL) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in files.items():
            with path.open("rb") as source:
                hashes[name] = _add(tar, name, source, os.fstat(source.fileno()).st_size)
        packed = describe(files=hashes)
        told = packed.to_bytes()
        _add(tar, manifests.NAME, io.BytesIO(told), len(told))
    return packed


def _add(tar: tarfile.TarFile, name: str, source: IO[bytes], size: int) -> tuple[str, int]:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    reader = _HashingReader(source)
    tar.addfile(member, reader)
    return reader.digest.hexdigest(), size


class _HashingReader:
    """Hashes what is read through it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, count: int = -1) -> bytes:
        data = self.source.read(count)
        self.digest.update(data)
        return data


class _HashingWriter:
    """Hashes what is written through it."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.digest = target, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.target.write(data)

    def flush(self) -> None:
        self.target.flush()


def check(file: Path) -> None:
    """核对整个文件: against the hash in its front. Raises backup_damaged, backup_unreadable."""
    with file.open("rb") as raw:
        front = raw.read(_FRONT)
        if front[: len(_HEAD)] != _HEAD:
            raise refusals.not_a_backup(file.name)
        if front != _front(hashlib.file_digest(raw, "sha256").digest()):
            raise refusals.damaged(file.name)


def unpack(file: Path, folder: Path) -> Manifest:
    """拆包: every file into `folder`, all hashes proven. Raises as `check` does.

    What it leaves behind when it refuses is the caller's to remove; it is not to be used.
    """
    check(file)
    found: dict[str, tuple[str, int]] = {}
    told = b""
    try:
        with gzip.open(file) as zipped:
            for name, source in _members(zipped):
                if name == manifests.NAME:
                    told = source.read()
                else:
                    found[name] = _take(source, folder / name)
        packed = manifests.from_bytes(told)
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError) as no:
        raise refusals.damaged(file.name) from no
    _compare(packed, found)
    return packed


def _members(zipped: gzip.GzipFile) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(fileobj=zipped, mode="r|") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None or not _allowed(member.name):
                raise ValueError(member.name)
            yield member.name, source


def _allowed(name: str) -> bool:
    """Only names that we write: an archive from elsewhere must not reach outside its folder."""
    parts = PurePosixPath(name).parts
    if "\\" in name or str(PurePosixPath(name)) != name or ".." in parts:
        return False
    return name in {manifests.NAME, *DATABASES} or (len(parts) > 1 and parts[0] in ROOTS)


def _take(source: IO[bytes], path: Path) -> tuple[str, int]:
    private = 0o700 if PRIVATE & set(path.parts) else 0o755
    path.parent.mkdir(mode=private, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _compare(packed: Manifest, found: Mapping[str, tuple[str, int]]) -> None:
    for name in sorted(packed.files.keys() | found.keys()):
        if packed.files.get(name) != found.get(name):
            raise refusals.damaged(name)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
