"""Each indicator by a table worked by hand; the same on every engine; its SQL is pinned."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from changxiao.evaluation import counting
from changxiao.evaluation.engines import engine, sql
from changxiao.evaluation.facts import store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.tests import (
    tables_counts,
    tables_departments,
    tables_observed,
    tables_posts,
    worked,
)
from changxiao.kernel.refused import Refused

TABLES = (
    tables_counts.TABLES | tables_departments.TABLES | tables_posts.TABLES | tables_observed.TABLES
)
SNAPSHOT = Path(__file__).parent / "indicators.sql"
TRIED = {"duckdb": None, "postgres": "psycopg", "spark": "pyspark", "clickhouse": "chdb"}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """All tables together, each in a city of its own."""
    made = store.Facts(tmp_path_factory.mktemp("worked"))
    for table in ("cases", "tasks", "observations"):
        keys = [key for key in TABLES if LIBRARY[key].table.name == table]
        rows = [in_city(worked.table(table, TABLES[key][3]), key) for key in keys]
        store.write(made, table, pa.concat_tables(rows), city="all", month="2026-10")
    made.cities = dict.fromkeys(TABLES, store.Source("Asia/Shanghai"))
    store.save(made)
    assert not list(store.faults(made))
    return made


@pytest.fixture(scope="module")
def counts(facts):
    with engine("duckdb", facts) as run:
        return by_city(run)


def test_every_indicator_has_a_table_worked_by_hand():
    assert set(TABLES) == set(LIBRARY)
    assert all(2 <= len(text.strip().splitlines()) - 1 < 10 for *_n, text in TABLES.values())


@pytest.mark.parametrize("key", TABLES)
def test_it_counts_what_was_worked_out_by_hand(counts, key):
    numerator, denominator, excluded, _text = TABLES[key]

    found = counts[key, key]
    assert (found.numerator, found.denominator, found.excluded) == (
        numerator,
        denominator,
        excluded,
    )


@pytest.mark.parametrize(
    "name", [pytest.param("postgres", marks=pytest.mark.postgres), "spark", "clickhouse"]
)
def test_every_engine_counts_the_same(facts, counts, name, monkeypatch):
    pytest.importorskip(TRIED[name])
    if name == "postgres":
        server = os.environ.get("CHANGXIAO_TEST_DATABASE_URL", "postgresql:///postgres")
        monkeypatch.setenv("DATABASE_URL", server)

    with engine(name, facts) as run:
        assert by_city(run) == counts


def test_the_sql_is_the_one_that_was_read():
    """Written anew where the file is gone: delete it, run this test and read what changed."""
    told = "".join(
        f"-- {key} {row.zh}\n{sql(question(key).expression, 'duckdb')};\n\n"
        for key, row in LIBRARY.items()
    )
    if not SNAPSHOT.exists():
        SNAPSHOT.write_text(told, encoding="utf-8")

    assert SNAPSHOT.read_text(encoding="utf-8") == told


def test_a_rate_is_part_of_its_whole_and_names_its_right_one(counts):
    for key, row in LIBRARY.items():
        found = counts[key, key]
        assert row.kind != "rate" or found.numerator <= found.denominator, key
        assert row.as_seen == bool(row.corrected) == key.endswith("_as_seen"), key
        assert not row.corrected or not LIBRARY[row.corrected].as_seen
        assert set(row.by) <= row.table.groups, key
        assert row.meaning.startswith(row.zh.partition("（")[0]), key


def test_no_rate_of_ours_passes_a_hundred_on_a_generated_month(tmp_path):
    generate(Plan(3_000, seed=5, months=2), tmp_path)
    keys = [key for key, row in LIBRARY.items() if row.kind == "rate"]

    with engine("duckdb", store.opened(tmp_path)) as run:
        found = counting.count(run, keys=keys, by="street", period=worked.OCTOBER)
    assert len(found) > 1_000
    assert all(0 <= one.numerator <= one.denominator for one in found)


def test_exclusions_are_counted_in_the_open_and_a_scheme_may_change_them(tmp_path):
    text = TABLES["handling_rate"][3]
    with engine("duckdb", worked.facts(tmp_path, cases=text)) as run:
        ways = [{}, {"handling_rate": ()}, {"handling_rate": ["suspended"]}]
        found = [
            counting.count(
                run, keys=["handling_rate"], by="city", period=worked.OCTOBER, excluding=way
            )[0]
            for way in ways
        ]

    assert [(one.denominator, one.excluded) for one in found] == [(3, 2), (5, 0), (4, 1)]


def test_without_any_rows_there_is_no_group(tmp_path):
    with engine("duckdb", worked.facts(tmp_path)) as run:
        assert counting.count(run, keys=list(LIBRARY), by="city", period=worked.OCTOBER) == []


@pytest.mark.parametrize(
    ("keys", "by", "excluding", "code"),
    [
        (["nothing"], "city", {}, "indicator_unknown"),
        (["filed"], "number", {}, "group_unknown"),
        (["filed"], "person", {}, "group_unknown"),
        (["filed"], "city", {"filed": ["moon"]}, "exclusion_unknown"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path, keys, by, excluding, code):
    with engine("duckdb", worked.facts(tmp_path)) as run, pytest.raises(Refused) as no:
        counting.count(run, keys=keys, by=by, period=worked.OCTOBER, excluding=excluding)
    assert no.value.code == code


@pytest.mark.parametrize("name", ["oracle", "spark", "clickhouse"])
def test_an_engine_that_is_not_there_says_what_to_do(tmp_path, name):
    try:
        if name in TRIED:
            __import__(TRIED[name])
            pytest.skip("it is there")
    except ImportError:
        pass

    with pytest.raises(Refused, match="duckdb"), engine(name, worked.facts(tmp_path)):
        pass


def by_city(run):
    found = counting.count(run, keys=list(LIBRARY), by="city", period=worked.OCTOBER)
    return {(one.indicator, one.city): one for one in found}


def in_city(rows, key):
    names = pa.array([key] * rows.num_rows)
    return rows.set_column(0, rows.schema.field("city"), names)


def question(key):
    row = LIBRARY[key]
    return counting.question(row.table.name, [key], by=row.by[0], period=worked.OCTOBER)
