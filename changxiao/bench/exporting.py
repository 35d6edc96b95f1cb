"""Bench `export`: a list of cases as xlsx, in the process that the worker starts for it.

In the home of `CHANGXIAO_HOME`, which needs that many cases (`changxiao bench load`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import click

from changxiao.bench.figures import Figure

OPTIONS = [
    click.Option(["--rows"], type=click.IntRange(min=1, max=50_000), default=50_000),
]
ALONE = True  # it needs a loaded home
_COMMAND = [sys.executable, "-m", "changxiao.bench.exporting"]


def run(*, rows: int = 50_000) -> list[Figure]:
    """导出: seconds from start to file, and the most memory the process held."""
    done = subprocess.run([*_COMMAND, str(rows)], capture_output=True, check=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    note = f"{told['rows']} rows, {told['bytes'] / 1e6:.1f} MB"
    return [
        Figure(path="export/keys", value=told["keys"], unit="s"),
        Figure(path="export/xlsx", value=told["seconds"], unit="s", note=note),
        Figure(path="export/processor", value=told["cpu"], unit="s"),
        Figure(path="export/memory", value=told["memory"], unit="MB"),
    ]


def _measured(rows: int) -> dict[str, Any]:
    import resource
    import tempfile
    import time
    from dataclasses import replace

    import django

    begun = time.perf_counter()
    django.setup()
    from django.utils import timezone

    from changxiao.cases import export
    from changxiao.kernel import scope, spreadsheet

    with scope.viewing(scope.system("bench")), tempfile.TemporaryFile() as file:
        sheet = export.sheet({}, timezone.now())
        keys = time.perf_counter() - begun
        spreadsheet.write(file, replace(sheet, keys=sheet.keys[:rows]))
        size = file.seek(0, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": min(rows, sheet.total),
        "bytes": size,
        "keys": keys,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time(),
        "memory": peak,
    }


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    sys.stdout.write(json.dumps(_measured(int(sys.argv[1]))))
