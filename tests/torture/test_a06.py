"""A-06: however the line is cut, one report a key and each photo once (promises P2 to P4)."""

import os
import shutil

import pytest

from changxiao.bench.torture_offline import CUTS, offline
from changxiao.cli.run import web_command

from .conftest import SEED

COUNT = int(os.environ.get("CHANGXIAO_OFFLINE_COUNT", "24"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_a_line_cut_anywhere_loses_and_doubles_nothing(city_template, tmp_path):
    home = shutil.copytree(city_template, tmp_path / "home")

    outcome = offline(COUNT, SEED, home, web_command, broken=False)

    assert outcome.ok, outcome
    assert set(outcome.cuts) == set(CUTS)


def test_the_harness_finds_a_key_that_names_the_attempt(city_template, tmp_path):
    home = shutil.copytree(city_template, tmp_path / "home")

    outcome = offline(9, SEED, home, web_command, broken=True)

    assert not outcome.ok
    assert outcome.duplicated > 0
