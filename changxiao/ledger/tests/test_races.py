"""Twenty threads at one place, on a real database: one winner, and the losers know who won."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

CITY = Path(__file__).with_name("race_city.py")

# In a process of its own: threads need commits, and this test run lives in one transaction.
pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'")


@pytest.mark.parametrize(
    ("storm", "expected"),
    [
        ("same_key", "won 1 replayed 19 entries 1"),
        ("same_place", "won 1 stream_moved 19 entries 2"),
        ("own_streams", "won 20 entries 20"),
    ],
)
def test_a_storm_of_writers_has_the_right_winners(tmp_path, monkeypatch, storm, expected):
    assert connection.vendor == "sqlite"
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    run = subprocess.run(
        [sys.executable, str(CITY), storm], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == expected, run.stderr
