"""A-05: the same score in every world, byte for byte; another once one entry is another (P8)."""

import os

import pytest

from changxiao.bench.torture_score import WORLDS, Plan, score_torture, share_of, worlds_of

from .conftest import SEED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("where", ["", pytest.param("pg", marks=pytest.mark.postgres)])
def test_months_come_to_the_same_bytes_and_one_entry_moves_them(where, monkeypatch):
    """`changxiao torture A-05` runs fifty months in 240 worlds."""
    if where:
        server = os.environ.get("CHANGXIAO_TEST_DATABASE_URL", "postgresql:///postgres")
        monkeypatch.setenv("DATABASE_URL", server)
    months, changes = (1, 0) if where else (5, 3)

    outcome = score_torture(Plan(months, worlds=2, share=months, changes=changes, seed=SEED))

    assert (outcome.unequal, outcome.unmoved, outcome.moved) == ([], [], [])
    assert outcome.ok and len(outcome.engines) == (2 if where else 1)
    assert outcome.least == 2 * len(outcome.engines)


def test_every_month_meets_every_seed_and_every_pair_of_locale_and_zone():
    plan = Plan(months=50, worlds=WORLDS, share=5, changes=0, seed=1)
    worlds = worlds_of(plan)
    assert len({one.number for one in worlds}) == 240

    dealt = [month for block in range(10) for month in share_of(plan, block)]
    assert len(set(dealt)) == len(dealt) == 50
    for block in range(10):
        met = [one for one in worlds if one.block == block]
        assert len({one.hash_seed for one in met}) == 20
        assert len({(one.locale, one.zone) for one in met}) == 12
