"""A-06b: what the phone showed as saved is there once, however its browser died (T25)."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from changxiao.bench.torture_phone import Outcome, _count, phone_torture
from changxiao.cli.run import web_command

from .conftest import SEED

REPORTS = int(os.environ.get("CHANGXIAO_PHONE_REPORTS", "4"))
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(1800)]


def test_a_browser_killed_at_random_loses_and_doubles_nothing(city_template, tmp_path):
    home = shutil.copytree(city_template, tmp_path / "home")

    # In a thread of its own: this one may hold the browser of the stories, and its loop.
    with ThreadPoolExecutor(1) as own:
        quiet = partial(phone_torture, REPORTS, SEED, home, web_command, tell=lambda _number: None)
        outcome = own.submit(quiet).result()

    assert outcome.ok, outcome


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ([["a", ["1"]], ["b", []]], {}),
        ([["b", []]], {"lost": 1}),
        ([["a", ["1"]], ["a", ["1"]], ["b", []]], {"doubled": 1}),
        ([["a", []], ["b", []]], {"photos_wrong": 1}),
        ([["a", ["1"]], ["b", ["1"]]], {"photos_wrong": 1}),
        ([["a", ["1"]], ["b", []], ["x", []]], {"doubled": 1, "photos_wrong": 0}),
    ],
)
def test_the_count_finds_what_is_lost_doubled_or_mixed_up(found, wrong):
    outcome = Outcome(reports=3)

    _count(outcome, {"a": (True, "1"), "b": (True, ""), "c": (False, "")}, {"cases": found})
    outcome.judge()

    told = {name: getattr(outcome, name) for name in ("lost", "doubled", "photos_wrong")}
    assert told == {"lost": 0, "doubled": 0, "photos_wrong": 0} | wrong
    assert outcome.ok == (not wrong)
