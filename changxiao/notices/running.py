"""后台线程: one thread of the worker's at a time for what waits on other machines."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from changxiao.kernel.scope import system, viewing

logger = logging.getLogger(__name__)
TOGETHER = 4
Row = TypeVar("Row")


class Runner:
    """后台线程: `start` does nothing while the one before is still at it. It is a daemon: what it
    leaves undone at the end of the process is found due again."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name, self._work = name, work
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """是否在运行."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> int:
        """启动: 1, or 0 while it runs."""
        if self.running:
            return 0
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        return 1

    def _run(self) -> None:
        try:
            with viewing(system(self._name)):
                self._work()
        except Exception:
            logger.exception("%s stopped", self._name)
        finally:
            connection.close()


def together(rows: Iterable[Row], work: Callable[[Row], object]) -> None:
    """一起办: a few at a time, each with a connection of its own; a fault of one stops no other."""

    def alone(row: Row) -> None:
        try:
            with viewing(system("notices")):
                work(row)
        except Exception:
            logger.exception("not done: %r", row)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER, "notices") as pool:
        list(pool.map(alone, rows))
