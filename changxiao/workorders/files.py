"""收单文件 files: an uploaded sheet, its rows as read and those that were not taken.

Below the home and not in rows, for they hold names and numbers: readable by this user alone, and
gone some days after the batch ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from changxiao.kernel.home import folder
from changxiao.workorders.models import OrderBatch
from changxiao.workorders.reading import Cells

KEPT = timedelta(days=7)
Row = tuple[int, Cells]
BadRow = tuple[int, Cells, str]


def _path(batch: OrderBatch, what: str) -> Path:
    return folder("work-orders") / f"{batch.pk}-{batch.sha256[:16]}.{what}"


def keep_upload(batch: OrderBatch, data: bytes) -> None:
    """存上传的文件."""
    _write(_path(batch, "upload"), data)


def upload(batch: OrderBatch) -> bytes:
    """上传的文件; FileNotFoundError once it is gone."""
    return _path(batch, "upload").read_bytes()


def keep_rows(batch: OrderBatch, rows: Iterable[Row]) -> int:
    """存各行, one a line, so that they are read again in constant memory; tells how many."""
    return _lines(_path(batch, "rows"), rows)


def rows(batch: OrderBatch, *, after: int = 0) -> Iterator[Row]:
    """各行, from the one after number `after` on."""
    with _path(batch, "rows").open(encoding="utf-8") as file:
        for line in file:
            number, cells = json.loads(line)
            if number > after:
                yield number, cells


def keep_bad(batch: OrderBatch, bad: Iterable[BadRow]) -> int:
    """存未收的行 with the reason of each."""
    return _lines(_path(batch, "bad"), bad)


def bad(batch: OrderBatch, start: int, stop: int) -> list[BadRow]:
    """未收的行, from `start` to before `stop`; nothing once the file is gone."""
    try:
        with _path(batch, "bad").open(encoding="utf-8") as file:
            return [tuple(json.loads(line)) for line in islice(file, start, stop)]
    except FileNotFoundError:
        return []


def forget(batch: OrderBatch, *whats: str) -> None:
    """删除: of the files those named, else all."""
    for what in whats or ("upload", "rows", "bad"):
        _path(batch, what).unlink(missing_ok=True)


def forget_old(now: datetime) -> int:
    """清理: what was not touched for some days; tells how many files went."""
    gone = 0
    for path in folder("work-orders").iterdir():
        if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _lines(path: Path, rows: Iterable[Row] | Iterable[BadRow]) -> int:
    part, count = path.with_suffix(path.suffix + ".part"), 0
    part.touch(0o600)
    with part.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    part.replace(path)
    return count


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.touch(0o600)
    part.write_bytes(data)
    part.replace(path)
