"""工单作业: files are read and taken by a process of their own; old files go; safe to run twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta

from changxiao.workorders import files
from changxiao.workorders.models import OrderBatch

STUCK = timedelta(minutes=2)  # without a beat the process is gone
MOST_TRIES = 3
State = OrderBatch.State
_WORK = (
    "from changxiao.cli import main; import sys; sys.argv[1:1] = ['work-orders', 'work']; main()"
)
_running: list[subprocess.Popen[bytes]] = []


def sweep(now: datetime) -> int:
    """清扫: the next batch that waits, one at a time; one that stands still is tried once more."""
    _running[:] = [one for one in _running if one.poll() is None]
    if _running:
        return 0
    rows = OrderBatch.objects.filter(state__in=[State.READING, State.WAITING, State.RUNNING])
    for batch in rows.order_by("id"):
        stands = batch.beat_at is None or batch.beat_at < now - STUCK
        if batch.state == State.RUNNING and not stands:
            continue
        if batch.tries >= MOST_TRIES:
            rows.filter(pk=batch.pk).update(state=State.FAILED, finished_at=now)
            continue
        going = State.READING if batch.state == State.READING else State.RUNNING
        rows.filter(pk=batch.pk).update(
            state=going, beat_at=now, began_at=now, tries=batch.tries + 1
        )
        _running.append(subprocess.Popen([sys.executable, "-c", _WORK, str(batch.pk)]))
        return 1
    return 0


def forget(now: datetime) -> int:
    """清理: files of batches some days old, with the names in them."""
    return files.forget_old(now)
