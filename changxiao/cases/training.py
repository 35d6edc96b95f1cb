"""训练作业: the worker starts one process for the training that waits, hears how far it is, ends it
when it was cancelled, and says in a sentence why it broke off. Safe to run twice."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import uuid
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases.actions.suggesting import STEPS, train_suggestions
from changxiao.cases.models_suggesting import Training
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused

logger = logging.getLogger(__name__)
State = Training.State
STUCK = timedelta(minutes=2)  # without a beat, which the worker that started it gives
MEMORY = 3 << 30  # of addresses; a city of 100,000 closed cases stays far below
SECONDS = 3600  # of the processor
_MAKE = "from changxiao.cli import main; import sys; sys.argv[1:1] = ['train', '--run']; main()"
_running: dict[int, subprocess.Popen[bytes]] = {}


class Cancelled(Exception):  # noqa: N818 - reads as the sentence it is
    """已取消: somebody took the training back while it ran."""


def sweep(now: datetime) -> int:
    """清扫: start what waits, beat for what runs, end what was cancelled, tell what broke off."""
    changed = sum(_looked(pk, now) for pk in list(_running))
    lost = Training.objects.filter(state=State.RUNNING, beat_at__lt=now - STUCK)
    if lost.exists():  # an UPDATE of nothing would take the writers' turn each second
        changed += lost.update(state=State.FAILED, finished_at=now, sentence=_broken())
    if _running or Training.objects.filter(state=State.RUNNING).exists():
        return changed
    row = Training.objects.filter(state=State.WAITING).order_by("id").first()
    if row is None:
        return changed
    ours = Training.objects.filter(pk=row.pk, state=State.WAITING)
    if ours.update(state=State.RUNNING, started_at=now, beat_at=now):
        # One thread: the processors are the city's first.
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        _running[row.pk] = subprocess.Popen([sys.executable, "-c", _MAKE, str(row.pk)], env=env)
        changed += 1
    return changed


def _looked(pk: int, now: datetime) -> int:
    process = _running[pk]
    row = Training.objects.filter(pk=pk)
    if process.poll() is None:
        if row.filter(state=State.RUNNING).update(beat_at=now):
            return 0
        process.kill()
        process.wait()
    del _running[pk]
    ours = row.filter(state=State.RUNNING)  # gone without a word: a limit, or a fault
    return ours.update(state=State.FAILED, finished_at=now, sentence=_broken())


def _broken() -> str:
    return _("训练没有做完就中断了，可能超出内存或时间，请看工作进程的日志后再试")


def make(pk: int) -> None:
    """训练: in the process of its own; the version is its asker's, and not in force."""
    row = Training.objects.get(pk=pk)

    def told(step: str) -> None:
        ours = Training.objects.filter(pk=pk, state=State.RUNNING)
        if not ours.update(step=step, done=STEPS.index(step), beat_at=timezone.now()):
            raise Cancelled

    key = str(uuid.uuid5(NAMESPACE, f"training/{pk}/{row.asked_at.isoformat()}"))
    try:
        made = train_suggestions(act=Act(actor=row.asked_by, key=key), heard=told)
    except Cancelled:
        return
    except Refused as no:
        _end(pk, state=State.FAILED, sentence=no.sentence[:400])
        return
    _end(pk, state=State.DONE, version=made.version, done=len(STEPS))


def _end(pk: int, **fields: object) -> None:
    ours = Training.objects.filter(pk=pk, state=State.RUNNING)
    ours.update(finished_at=timezone.now(), **fields)
