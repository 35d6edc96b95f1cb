"""工作进程: the one worker beside the web: order entries, deliver them, sweep, tell that it lives.

Everything here is safe to run twice and to be killed at any instant: each step is a transaction of
its own. SIGTERM and SIGINT end the loop after the step at hand.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from changxiao import wiring
from changxiao.kernel.scope import system, viewing
from changxiao.ledger import consumers, health, sequencer
from changxiao.ledger.consumers import Consumer

logger = logging.getLogger(__name__)

# Seconds between rounds (P6 wants an entry in the tree within 10). Only a full batch is followed at
# once: a round after each entry would take the writers' turn ten times as often as the reports.
PAUSE = 0.5
BEAT = timedelta(seconds=30)


class Worker:
    """工作进程: `round` is one turn of the loop; tests call it without the loop."""

    def __init__(
        self,
        heard: Sequence[Consumer] | None = None,
        sweeps: Sequence[wiring.Sweep] | None = None,
    ) -> None:
        self.stopping = threading.Event()
        self.consumers = wiring.CONSUMERS if heard is None else heard
        self.sweeps = wiring.SWEEPS if sweeps is None else sweeps
        self._due: dict[str, datetime] = {}
        self._beats: dict[str, datetime] = {}

    def run(self) -> None:
        """运行: until `stopping` is set."""
        with viewing(system("worker")):
            while not self.stopping.is_set():
                busy = self.round(timezone.now())
                close_old_connections()
                self.stopping.wait(0 if busy else PAUSE)
        connection.close()

    def round(self, now: datetime) -> bool:
        """一轮: whether more waits than one batch holds, so that the next round should not wait."""
        ordered = self._guarded("sequencer", sequencer.run_batch, now)
        heard = self._guarded("consumers", lambda: consumers.deliver(self.consumers, now), now)
        for sweep in self.sweeps:
            if self._due.get(sweep.name, now) <= now and not self.stopping.is_set():
                self._due[sweep.name] = now + sweep.every
                self._guarded(sweep.name, partial(_swept, sweep, now), now, sweep.every)
        return ordered >= sequencer.BATCH or heard >= consumers.BATCH

    def _guarded(
        self, name: str, step: Callable[[], int], now: datetime, every: timedelta = BEAT
    ) -> int:
        # Not with each run: a job of every second would take a writers' turn to tell of nothing.
        period = max(every, BEAT)
        try:
            count = step()
            if self._beats.get(name, now) <= now:
                health.beat(name, period, now)
                self._beats[name] = now + period
        except Exception as error:
            # A locked or lost database comes back; a fault shows in health until it is mended.
            logger.exception("%s failed", name)
            self._tell(name, period, now, error)
            return 0
        return count

    def _tell(self, name: str, period: timedelta, now: datetime, error: Exception) -> None:
        self._beats.pop(name, None)
        try:
            health.beat(name, period, now, f"{type(error).__name__}: {error}")
        except Exception:
            connection.close()  # a connection that the server dropped is of no further use


def _swept(sweep: wiring.Sweep, now: datetime) -> int:
    return import_string(sweep.function)(now) or 0


def main() -> None:
    """入口: run until SIGTERM or SIGINT."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    worker.run()
