"""The worker's round: order, deliver, sweep, beat; nothing that fails stops the rest."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from changxiao import wiring
from changxiao.ledger import log
from changxiao.ledger.models import Heartbeat
from changxiao.wiring import Sweep
from changxiao.worker import Worker

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
swept = []


@pytest.fixture(autouse=True)
def fresh(db):
    swept.clear()


def sweep(now):
    swept.append(now)


def broken(now):
    raise ValueError("broken")


def test_a_round_orders_entries_and_tells_that_it_lives(write):
    write(3)
    assert Worker([], []).round(MONDAY) is False, "three are no full batch: the next may wait"
    assert log.size() == 3
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"sequencer", "consumers"}


def test_a_sweep_runs_when_it_is_due_and_not_before():
    worker = Worker([], [Sweep("s", timedelta(minutes=1), f"{__name__}.sweep")])
    for seconds in (0, 30, 60):
        worker.round(MONDAY + timedelta(seconds=seconds))
    assert len(swept) == 2


def test_a_broken_sweep_turns_red_and_stops_no_other():
    sweeps = [
        Sweep(name, timedelta(minutes=1), f"{__name__}.{name}") for name in ("broken", "sweep")
    ]
    Worker([], sweeps).round(MONDAY)
    assert swept == [MONDAY]
    assert "broken" in Heartbeat.objects.get(name="broken").error


def test_a_job_of_every_second_tells_only_now_and_then_that_it_lives():
    worker = Worker([], [Sweep("s", timedelta(seconds=1), f"{__name__}.sweep")])
    worker.round(MONDAY)
    worker.round(MONDAY + timedelta(seconds=5))
    assert len(swept) == 2
    row = Heartbeat.objects.get(name="s")
    assert (row.beat_at, row.period) == (MONDAY, 30)
    worker.round(MONDAY + timedelta(seconds=30))
    row.refresh_from_db()
    assert row.beat_at == MONDAY + timedelta(seconds=30)


def test_every_line_of_the_wiring_names_something_that_exists():
    from django.utils.module_loading import import_string

    for line in (*wiring.CONSUMERS, *wiring.SWEEPS):
        assert callable(import_string(line.function)), line
    for function in wiring.REPLAYS.values():
        assert callable(import_string(function))


def test_sigterm_ends_the_worker_in_good_order(tmp_path):
    environment = {**os.environ, "CHANGXIAO_HOME": str(tmp_path), "DATABASE_URL": ""}
    code = "from changxiao.cli import main; main()"
    worker = subprocess.Popen([sys.executable, "-c", code, "worker"], env=environment)
    heard(worker.pid)
    worker.terminate()
    assert worker.wait(60) == 0


def heard(pid):
    """Until the process hears SIGTERM itself; where the system does not tell, three seconds."""
    status = Path(f"/proc/{pid}/status")
    for _turn in range(600 if status.exists() else 30):
        told = dict(line.split(":\t", 1) for line in _lines(status) if ":\t" in line)
        if int(told.get("SigCgt", "0"), 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.1)


def _lines(path):
    return path.read_text().splitlines() if path.exists() else []
