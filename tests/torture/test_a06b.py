"""A-06b: what the phone showed as saved is there once, however its browser died (T25)."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from changxiao.bench.torture_deeds import Deed
from changxiao.bench.torture_phone import Outcome, Plan, _count, phone_torture
from changxiao.cli.run import web_command

from .conftest import SEED

REPORTS = int(os.environ.get("CHANGXIAO_PHONE_REPORTS", "6"))
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(1800)]


def test_a_browser_killed_at_random_loses_and_doubles_nothing(city_template, tmp_path):
    home = shutil.copytree(city_template, tmp_path / "home")

    # In a thread of its own: this one may hold the browser of the stories, and its loop.
    with ThreadPoolExecutor(1) as own:
        plan = Plan(REPORTS, SEED, mixed=True)
        quiet = partial(phone_torture, plan, home, web_command, tell=lambda _number: None)
        outcome = own.submit(quiet).result()

    assert outcome.ok, outcome


WALK, ONE = ("k", "", []), ("1", "a", ["before x"])


@pytest.mark.parametrize(
    ("acts", "wrong"),
    [
        ([ONE, ("2", "b", []), WALK], {}),
        ([("2", "b", []), WALK], {"lost": 1}),
        ([ONE, ("2", "b", [])], {"lost": 1}),
        (
            [ONE, ("9", "a", ["before x"]), ("2", "b", []), WALK],
            {"doubled": 1},
        ),
        ([ONE, ("2", "b", []), WALK, ("l", "", [])], {"doubled": 1}),
        ([("1", "a", []), ("2", "b", []), WALK], {"photos_wrong": 1}),
        ([("1", "a", ["after x"]), ("2", "b", []), WALK], {"photos_wrong": 1}),
        ([ONE, ("2", "b", ["before x"]), WALK], {"photos_wrong": 1}),
        ([ONE, ("2", "b", []), WALK, ("3", "x", [])], {"doubled": 1}),
    ],
)
def test_the_count_finds_what_is_lost_doubled_or_mixed_up(acts, wrong):
    outcome = Outcome(reports=4)
    deeds = [
        Deed("clip", "a", ["before x"], saved=True),
        Deed("task", "b", saved=True),
        Deed("report", "c"),
        Deed("walk", "", key="k", saved=True),
    ]

    _count(outcome, deeds, acts)
    outcome.judge()

    told = {name: getattr(outcome, name) for name in ("lost", "doubled", "photos_wrong")}
    assert told == {"lost": 0, "doubled": 0, "photos_wrong": 0} | wrong
    assert outcome.ok == (not wrong)
