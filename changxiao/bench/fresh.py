"""新的测试目录: a city of its own in a home of its own, filled in a process whose home it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def child(module: str, step: str, home: Path, *more: object) -> dict[str, float]:
    """子进程: `python -m module step …` in that home (SQLite); the figures that it answers."""
    environment = {**os.environ, "CHANGXIAO_HOME": str(home), "DATABASE_URL": ""}
    command = [sys.executable, "-m", module, step, *map(str, more)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def set_up(code: str) -> Path:
    """建库: the home of this process, migrated and filled with that city."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    from django.core.management import call_command

    from changxiao.cli.init import fill
    from changxiao.kernel.city import city
    from changxiao.kernel.home import home

    call_command("migrate", verbosity=0)
    fill(city(code))
    return home()
