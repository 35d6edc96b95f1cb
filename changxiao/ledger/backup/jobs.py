"""备份作业 jobs: the worker's sweep; the work itself is a process of its own, for it takes minutes.

What was done is told by the files (names of the copies, `rehearsal.json`), so a sweep that starts
twice, or is killed, only looks again.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

from changxiao.ledger.backup import schedule

_COMMAND = (sys.executable, "-c", "from changxiao.cli import main; main()", "backup", "--scheduled")
_running: subprocess.Popen[bytes] | None = None


def sweep_backups(now: datetime) -> int:
    """备份清查: start what is due; 1 when something was started. Safe to call every minute."""
    global _running
    if _running is not None and _running.poll() is None:
        return 0
    _running = None
    if not any(schedule.due(schedule.folder(), now)):
        return 0
    _running = subprocess.Popen(_COMMAND, stdin=subprocess.DEVNULL)
    return 1
