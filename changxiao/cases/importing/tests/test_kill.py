"""断电 kill -9 in the middle of an import: the next run brings exactly what was missing."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from changxiao.cases.importing.tests.conftest import GOOD, HEADINGS, home_of
from changxiao.cases.models import Case
from changxiao.ledger.models import Entry

MAPPING = """
city = "syracuse"
note = "Filled"
[columns]
number = "id"
reported_at = "opened"
completed_at = "closed"
lon = "lon"
lat = "lat"
[times]
formats = ["%Y-%m-%d %H:%M"]
[criterion]
default = "SYR-01"
[unit]
default = "DPW"
"""
COMMAND = "from changxiao.cli import main; main()"


@pytest.mark.slow
def test_a_killed_import_goes_on_where_it_was(real_database, tmp_path):
    home_of("syracuse")
    rows = 300
    lines = [GOOD.replace("A-1", f"A-{number}") for number in range(rows)]
    file, table = tmp_path / "list.csv", tmp_path / "ours.toml"
    file.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
    table.write_text(MAPPING, encoding="utf-8")

    first = _start(real_database, file, table)
    _wait_for_rows(first)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    there = Case.everything.count()
    second = _start(real_database, file, table)
    told = json.loads(second.communicate(timeout=200)[0])

    assert 0 < there < rows
    assert (told["accepted"], told["repeated"]) == (rows - there, there)
    assert Case.everything.count() == rows
    assert Entry.objects.filter(stream__startswith="case:").count() == rows * 7


def _start(database, file, table):
    command = ["import", "cases", str(file), "--mapping", str(table), "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *command],
        env={**os.environ, **database.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _wait_for_rows(process):
    deadline = time.monotonic() + 120
    while Case.everything.count() == 0:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
