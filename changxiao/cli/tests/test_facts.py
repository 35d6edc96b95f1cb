"""`changxiao facts` as a person and a script call it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from changxiao.cli.facts import facts
from changxiao.evaluation.facts import schema, store
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


# -- merging -------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    """Two cities in a folder each, with the rows of one month."""

    def made(name, city, size=5, why="a"):
        facts = worked.facts(tmp_path / name, cases=f"why\n{why}")
        [part] = facts.parts
        rows = pq.read_table(facts.folder / part.file).to_pylist()
        facts.parts, facts.cities = [], {city: store.Source("Asia/Shanghai", size, "ab")}
        table = pa.Table.from_pylist([row | {"city": city} for row in rows], schema.arrow("cases"))
        store.write(facts, "cases", table, city=city, month=part.month)
        store.save(facts)
        return facts.folder

    return made


def refused(code, *words):
    done = call("merge", *words)
    assert isinstance(done.exception, Refused), done.output
    assert done.exception.code == code
    return done.exception.sentence


def test_folders_of_cities_become_one_that_says_the_same_of_each(two, tmp_path):
    one, other, out = two("one", "440100"), two("other", "440300"), tmp_path / "out"
    told = json.loads(call("merge", one, other, "--out", out, "--json").stdout)
    call("merge", other, "--out", tmp_path / "back")
    again = json.loads(call("merge", one, "--out", tmp_path / "back", "--json").stdout)

    merged = store.opened(out)
    assert (told["cities"], told["cases"]) == (2, 2) and not list(store.faults(merged))
    assert merged.parts == sorted(store.opened(one).parts + store.opened(other).parts)
    assert told["digest"] == again["digest"]  # in whatever order they came


def test_a_newer_export_replaces_the_citys_older_one_alone(two, tmp_path):
    out = tmp_path / "out"
    call("merge", two("one", "440100"), two("other", "440300"), "--out", out)
    newer = two("newer", "440100", size=9, why="b")
    assert call("merge", newer, "--out", out).exit_code == 0

    merged = store.opened(out)
    assert {code: one.size for code, one in merged.cities.items()} == {"440100": 9, "440300": 5}
    assert len(merged.parts) == 2 and not list(store.faults(merged))
    assert "不比已合并的" in refused("facts_older", tmp_path / "one", "--out", out)
    assert store.opened(out).digest == merged.digest


def test_what_does_not_fit_is_refused_and_nothing_is_merged(two, tmp_path):
    one, twin, out = two("one", "440100"), two("twin", "440100"), tmp_path / "out"
    assert "440100" in refused("city_twice", one, twin, "--out", out)

    old = two("old", "440300")
    manifest = old / store.MANIFEST
    manifest.write_text(manifest.read_text().replace('"schema": 1', '"schema": 0'))
    refused("facts_version", one, old, "--out", out)

    bent = two("bent", "440300")
    part = store.opened(bent).parts[0]
    (bent / part.file).write_bytes(b"PAR1")
    assert part.file in refused("facts_faulty", one, bent, "--out", out)

    stray = two("stray", "440300")
    facts = store.opened(stray)
    facts.cities = {"440400": facts.cities["440300"]}
    store.save(facts)
    refused("facts_faulty", one, stray, "--out", out)
    twice = two("twice", "440300")
    facts = store.opened(twice)
    facts.parts *= 2
    store.save(facts)
    refused("facts_faulty", one, twice, "--out", out)
    refused("facts_missing", tmp_path / "nothing", "--out", out)
    assert not out.exists()


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
