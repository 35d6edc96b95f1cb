"""The bench `deadlines` and the frame that prints it."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from click.testing import CliRunner

from changxiao.bench.deadlines import plain_due
from changxiao.bench.figures import BENCHES, Figure
from changxiao.cli.bench import bench
from changxiao.kernel.city import city
from changxiao.kernel.limits import Limit, TimeUnit
from changxiao.kernel.worktime_city import city_calendar

KEYS = {"path", "value", "unit", "ratio", "sql", "p99_ms"}


def test_the_bench_reports_each_path_as_json():
    done = CliRunner().invoke(bench, ["deadlines", "--rows", "1000", "--json"])
    figures = {row["path"]: row for row in json.loads(done.stdout)}
    assert figures["deadlines/vector/work_hour"]["value"] > 0
    assert figures["deadlines/scalar"]["ratio"] > 1
    assert all(row.keys() >= KEYS for row in figures.values())


def test_the_table_leaves_out_what_was_not_measured():
    done = CliRunner().invoke(bench, ["deadlines", "--rows", "1000"])
    assert "deadlines/scalar" in done.stdout and "p99" not in done.stdout


def test_the_plain_alternative_gives_the_same_answer():
    calendar = city_calendar(city("440500"))
    start, limit = datetime(2026, 9, 30, 9, 30, tzinfo=UTC), Limit(Decimal(4), TimeUnit.WORK_HOUR)
    assert plain_due(calendar, start, limit) == calendar.due(start, limit)


def test_every_bench_has_a_name_and_words():
    assert all(
        module.startswith("changxiao.bench.") and words for module, words in BENCHES.values()
    )
    assert Figure(path="x", value=1, unit="/s").as_row().keys() >= KEYS
