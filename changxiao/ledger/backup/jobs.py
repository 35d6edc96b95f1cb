"""备份作业 jobs: the worker's sweep; the work itself is a process of its own, for it takes minutes.

What was done is told by the files (names of the copies, `rehearsal.json`), so a sweep that starts
twice, or is killed, only looks again.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from changxiao.kernel import home
from changxiao.kernel.child import Child
from changxiao.ledger.backup import schedule

_ABANDONED = timedelta(days=1)  # no backup or rehearsal lasts so long
_child = Child("backup", "--scheduled")


def sweep_backups(now: datetime) -> int:
    """备份清查: start what is due; 1 when something was started. Safe to call every minute."""
    if _child.running:
        return 0
    sweep_leftovers(schedule.folder(), now)
    if not any(schedule.due(schedule.folder(), now)):
        return 0
    return _child.start()


def sweep_leftovers(where: Path, now: datetime) -> int:
    """清理残留: what a killed backup or rehearsal left, a whole copy of the city; how many went."""
    tmp, border = home.folder("tmp"), (now - _ABANDONED).timestamp()
    found = [*tmp.glob("backup-*"), *tmp.glob("rehearsal-*"), *where.glob(".changxiao-*.part")]
    swept = 0
    for path in found:
        with suppress(FileNotFoundError):  # its owner has just cleared it away
            if path.stat().st_mtime > border:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            swept += 1
    return swept
