"""`changxiao facts` as a person and a script call it."""

import json

import pytest
from click.testing import CliRunner

from changxiao.cli.facts import facts
from changxiao.evaluation.facts import store
from changxiao.evaluation.tests import worked
from changxiao.kernel.refused import Refused
from changxiao.ledger import log


def call(*words):
    return CliRunner().invoke(facts, [str(word) for word in words])


def made(folder, *more):
    return call("generate", "--cases", 300, "--seed", 4, "--out", folder, *more)


def test_made_up_facts_say_their_digest_and_are_the_same_again(tmp_path):
    done = made(tmp_path / "one", "--json")
    again = made(tmp_path / "two")

    told = json.loads(done.stdout)
    assert (told["cases"], told["written"]) == (300, 300)
    assert again.stdout.splitlines()[-1] == f"digest sha256:{told['digest']}"


def test_a_check_of_files_needs_no_database_and_names_the_changed_one(tmp_path):
    made(tmp_path)
    assert call("check", "--facts", tmp_path, "--files").exit_code == 0
    part = store.opened(tmp_path).parts[0]
    (tmp_path / part.file).write_bytes(b"PAR1")

    done = call("check", "--facts", tmp_path, "--files", "--json")
    assert done.exit_code == 1
    [fault] = json.loads(done.stdout)["faults"]
    assert part.file in fault


def test_what_the_log_says_is_exported_and_checked(closed, tmp_path):
    done = call("export", "--out", tmp_path, "--json")
    assert json.loads(done.stdout)["cases"] == 1
    assert json.loads(call("export", "--out", tmp_path, "--json").stdout)["written"] == 0

    checked = call("check", "--facts", tmp_path)
    assert checked.exit_code == 0, checked.output
    assert store.opened(tmp_path).cities["440500"].size == log.size()


def test_made_up_facts_never_replace_real_ones(tmp_path):
    real = worked.facts(tmp_path, cases="why\nreal")
    real.cities[worked.CITY] = store.Source("Asia/Shanghai", 7, "ab")
    store.save(real)
    before = (tmp_path / store.MANIFEST).read_bytes()

    done = made(tmp_path)
    assert isinstance(done.exception, Refused) and done.exception.code == "facts_are_real"
    assert (tmp_path / store.MANIFEST).read_bytes() == before


@pytest.mark.parametrize("last", ["2026", "2026-Q4", "2026-W41", "October", ""])
def test_the_last_month_must_be_a_month(tmp_path, last):
    done = made(tmp_path, "--last", last)

    assert isinstance(done.exception, Refused) and done.exception.code == "period_unreadable"
    assert not list(tmp_path.iterdir())
