"""导出: the whole log as one tar file whose bytes depend on the log alone (docs/ledger.md).

README.zh.md README.en.md   what it is and how to check it
log.json                    format, origin, size, root, vkey
entries.jsonl               a line an entry in the order of the tree, canonical JSON
tiles/L/NNN[.p/W]           the tree (C2SP tlog-tiles): up to 256 hashes of 32 bytes
checkpoints/NNNNNN.txt      signed notes
media.sha256                hashes of the photos that entries name
"""

from __future__ import annotations

import contextlib
import json
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from json.encoder import encode_basestring
from pathlib import Path
from typing import IO

from changxiao.kernel.home import folder
from changxiao.ledger import audit_media, log, rows, signing
from changxiao.ledger.exported import FORMAT
from changxiao.ledger.models import Checkpoint
from changxiao.ledger.tree import TILE, tile_path

_WORDS = Path(__file__).resolve().parent / "export_readme"


def export(path: Path) -> int:
    """导出总账 to `path`; how many entries. What is not in the tree yet waits for the next one.

    A broken log is exported as it is, with its gaps: the verifiers are there to name them.
    """
    size = log.size()
    part = path.with_name(f".{path.name}.part")
    with tarfile.open(part, "w", format=tarfile.USTAR_FORMAT) as tar:
        for language in ("zh", "en"):
            words = _WORDS / f"README.{language}.txt"
            _add(tar, f"README.{language}.md", words.read_bytes())
        _add(tar, "log.json", _about(size))
        with tempfile.TemporaryFile(dir=folder("tmp")) as file:
            for line in _lines(size):
                file.write(line)
            _add_file(tar, "entries.jsonl", file)
        for name, data in _tiles(size):
            _add(tar, name, data)
        for number, note in Checkpoint.objects.order_by("number").values_list("number", "note"):
            _add(tar, f"checkpoints/{number:06}.txt", note.encode())
        _add(tar, "media.sha256", _media(size))
    part.replace(path)
    return size


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    _add_file(tar, name, BytesIO(data))


def _add_file(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size = file.seek(0, 2)
    member.mode = 0o644
    file.seek(0)
    tar.addfile(member, file)


def _about(size: int) -> bytes:
    about = {
        "format": FORMAT,
        "origin": signing.origin(),
        "root": _root(size),
        "size": size,
        "vkey": str(signing.verifier()),
    }
    return json.dumps(about, indent=2, sort_keys=True).encode() + b"\n"


def _lines(size: int) -> Iterator[bytes]:
    for chunk in rows.ordered(0, size):
        yield "".join(_line(row) for row in chunk if row.hash is not None).encode()


def _line(row: rows.Row) -> str:
    text = encode_basestring
    occurred = "null" if row.occurred_at is None else f'"{row.occurred_at}"'
    return (
        f'{{"act_key":{text(row.act_key)},"actor":{text(row.actor)},"at":"{row.at}",'
        f'"body":{row.body},"hash":"{row.hash}","index":{row.place},"n":{row.n},'
        f'"occurred_at":{occurred},"on_behalf":{text(row.on_behalf)},"prev":"{row.prev}",'
        f'"recorded_at":"{row.recorded_at}","stream":{text(row.stream)},"verb":{text(row.verb)}}}\n'
    )


def _root(size: int) -> str:
    try:
        return log.root(size).hex()
    except LookupError:
        return ""


def _tiles(size: int) -> Iterator[tuple[str, bytes]]:
    level = 0
    while size:
        for tile in range((size + TILE - 1) // TILE):
            stop = min((tile + 1) * TILE, size)
            with contextlib.suppress(LookupError):
                hashes = log.read(level, tile * TILE, stop)
                yield tile_path(level, tile, stop - tile * TILE), b"".join(hashes)
        level, size = level + 1, size // TILE


def _media(size: int) -> bytes:
    lines = [
        f"{part['sha256']}  {part['role']}\n"
        for index, _original, body in audit_media.named()
        if index is not None and index < size
        for part in body["media"]
    ]
    return "".join(sorted(set(lines))).encode()
