"""A-05: the same score in every world, byte for byte; another once one entry is another (P8)."""

import os

import pytest

from changxiao.bench.torture_score import score_torture

from .conftest import SEED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("where", ["", pytest.param("pg", marks=pytest.mark.postgres)])
def test_months_come_to_the_same_bytes_and_one_entry_moves_them(where, monkeypatch):
    """`changxiao torture A-05` runs fifty months in thirty worlds."""
    if where:
        server = os.environ.get("CHANGXIAO_TEST_DATABASE_URL", "postgresql:///postgres")
        monkeypatch.setenv("DATABASE_URL", server)
    months, runs, changes = (1, 2, 0) if where else (5, 2, 3)

    outcome = score_torture(months, runs, changes, SEED)

    assert (outcome.unequal, outcome.unmoved, outcome.moved) == ([], [], [])
    assert outcome.ok and len(outcome.engines) == (2 if where else 1)
