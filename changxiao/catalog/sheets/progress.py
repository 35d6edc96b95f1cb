"""进度 progress: how far a long edit has come, for the page that waits; another process may ask.

A file of the home and not a row: the edit's own transaction shows nothing until it ends.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from changxiao.kernel.home import home

EVERY = 0.2  # seconds between two writings


@dataclass(slots=True)
class Progress:
    """进度: call it with the number done."""

    path: Path
    total: int
    began: float
    written: float = 0.0

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self.written >= EVERY:
            self.written = now
            self.path.write_text(f"{done} {self.total} {now - self.began:.1f}")


@contextmanager
def reporting(name: str, total: int) -> Iterator[Progress]:
    """报告进度 while the block runs; the file goes with it."""
    path = _path(name)
    path.parent.mkdir(exist_ok=True)
    told = Progress(path, total, time.monotonic())
    try:
        told(0)
        yield told
    finally:
        path.unlink(missing_ok=True)


def read(name: str) -> tuple[int, int, float] | None:
    """已办、总数、已用秒数; None when nothing runs."""
    try:
        done, total, seconds = _path(name).read_text().split()
        return int(done), int(total), float(seconds)
    except (OSError, ValueError):
        return None


def _path(name: str) -> Path:
    return home() / "progress" / name
