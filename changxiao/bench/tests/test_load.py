"""Bench `load`: moulds move by weeks, foreign homes are left alone, the log is whole."""

import json
import os
import subprocess
import sys

import pytest

from changxiao.bench.load_forms import Slots, form
from changxiao.kernel.refused import Refused

COMMAND = [sys.executable, "-c", "from changxiao.cli import main; main()"]


def changxiao(home, *arguments):
    environment = {**os.environ, "CHANGXIAO_HOME": str(home), "DATABASE_URL": ""}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_a_form_leaves_dates_and_names_open_and_the_end_of_time_alone():
    slots = Slots(["number"])
    text = '{"at":"2026-03-02T01:00:00Z","no":"{{number}}","last":"9999-12-31T00:00:00Z","p":"5%"}'

    made = form(text, slots)
    week_later = made.bound({slots.of_date("2026-03-02"): "2026-03-09"})

    told = '{"at":"2026-03-09T01:00:00Z","no":"7","last":"9999-12-31T00:00:00Z","p":"5%"}'
    assert week_later.filled(["7"]) == told


@pytest.mark.django_db
def test_a_home_that_was_not_made_for_it_is_refused():
    from changxiao.bench import load

    with pytest.raises(Refused, match="CHANGXIAO_HOME"):
        load.prepare()


def test_what_was_loaded_is_what_its_log_says(tmp_path):
    done = changxiao(tmp_path, "bench", "load", "--cases", "300", "--json")
    figures = {row["path"]: row["value"] for row in json.loads(done.stdout)}

    verified = changxiao(tmp_path, "ledger", "verify", "--state")
    again = changxiao(tmp_path, "bench", "load", "--cases", "300")

    assert figures["load/cases"] > 0
    assert verified.returncode == 0, verified.stdout
    assert again.returncode == 2
    assert "未写入任何数据" in again.stderr
