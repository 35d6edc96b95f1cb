"""Pivot, weeks and gathering over facts written by hand: each number can be counted on fingers."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.evaluation.engines import reader
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.outlook.forecast import WARM
from changxiao.evaluation.outlook.gathering import gathered
from changxiao.evaluation.outlook.pivot import DIMENSIONS, MEASURES, TIMES, Asked, behind, pivot
from changxiao.evaluation.outlook.weeks import forecast, weeks_of
from changxiao.evaluation.tests.worked import CITY, ZONE, facts, table
from changxiao.kernel.refused import Refused

TOLD = """
number|street|channel|category|filed_at|dispatched_at|handled_at|closed_at|late|reported_at|why
1|A|public|e0110|10-01 09:00|10-01 09:00|10-01 11:00|10-02 08:00|.|09-30 23:59|September
2|A|public|e0110|10-01 09:00|10-01 09:00|10-01 19:00|-|+|10-01 00:00|October
3|A|hotline|c0101|10-01 09:00|10-01 09:00|10-01 13:00|10-02 08:00|.|10-31 23:59|October
4|B|hotline|c0101|-|-|-|-|.|10-15 12:00|not filed
5||hotline|c0101|10-01 09:00|10-01 09:00|-|-|+|11-01 00:00|nowhere
"""


@pytest.fixture(scope="module")
def columns(tmp_path_factory):
    with reader(facts(tmp_path_factory.mktemp("facts"), cases=TOLD)) as told:
        yield told


def test_rows_by_columns_with_their_totals(columns):
    found = pivot(columns, Asked(ZONE))

    assert (found.rows, found.columns) == (["A", "", "B"], ["2026-09", "2026-10", "2026-11"])
    expected = {("A", "2026-09"): 1, ("A", "2026-10"): 2, ("B", "2026-10"): 1, ("", "2026-11"): 1}
    assert found.cells == expected
    assert (found.row_totals["A"], found.column_totals["2026-10"], found.total) == (3, 3, 5)


@pytest.mark.parametrize(
    ("measure", "total"),
    [("reported", 5), ("filed", 4), ("closed", 2), ("overdue", 2), ("hours", 4.0)],
)
def test_each_measure(columns, measure, total):
    assert pivot(columns, Asked(ZONE, measure=measure)).total == total


def test_a_total_of_medians_is_the_median_of_all(columns):
    found = pivot(columns, Asked(ZONE, columns="class", measure="hours"))

    assert found.cells == {("A", "e01"): 6.0, ("A", "c01"): 4.0}
    assert (found.row_totals["A"], found.total) == (4.0, 4.0)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_each_dimension_stands_in_rows_in_columns_and_in_filters(columns, name):
    in_rows = pivot(columns, Asked(ZONE, rows=name, columns=""))
    in_columns = pivot(columns, Asked(ZONE, rows="street", columns=name))

    assert sum(in_rows.row_totals.values()) == 5
    assert in_rows.row_totals == in_columns.column_totals
    for code, count in in_rows.row_totals.items():
        kept = pivot(columns, Asked(ZONE, filters={name: (code or "-",)}))
        assert kept.total == count, (name, code)


def test_days_are_the_city_s_and_both_included(columns):
    october = Asked(ZONE, since=date(2026, 10, 1), until=date(2026, 10, 31))

    count, rows = behind(columns, october, most=2)
    assert count == 3 and [one["number"] for one in rows] == ["3", "4"]


@pytest.mark.parametrize(
    "asked",
    [
        {"rows": "number"},
        {"columns": "x; drop table cases"},
        {"measure": "max(number)"},
        {"filters": {"person": ("x",)}},
    ],
)
def test_what_is_in_no_table_is_refused(asked):
    with pytest.raises(Refused) as no:
        Asked(ZONE, **asked)
    assert no.value.code == "parameter_unreadable"


def test_a_hostile_value_is_only_a_value(columns):
    hostile = ("A' OR '1'='1", "-- ", "\\'; DROP VIEW cases")

    assert pivot(columns, Asked(ZONE, filters={"street": hostile})).total == 0
    assert pivot(columns, Asked(ZONE)).total == 5


CASE = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from(["public", "hotline"]),
    st.integers(0, 200),
    st.one_of(st.none(), st.integers(60, 900_000)),
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(CASE, min_size=1, max_size=40))
def test_it_counts_as_plain_python_does(tmp_path_factory, cases):
    plain = table("cases", "number|why\n1|x").to_pylist()[0]
    begin = datetime(2026, 3, 1)
    rows = [
        plain
        | {"number": f"{n}", "street": street, "channel": channel, "dispatched_at": begin}
        | {"reported_at": begin + timedelta(days=day)}
        | {"handled_at": None if spent is None else begin + timedelta(seconds=spent)}
        for n, (street, channel, day, spent) in enumerate(cases)
    ]
    made = store.Facts(tmp_path_factory.mktemp("f"), {CITY: store.Source("Asia/Shanghai")})
    rows = pa.Table.from_pylist(rows, schema=schema.arrow("cases"))
    store.write(made, "cases", rows, city=CITY, month="2026-03")
    with reader(made) as told:
        counted = pivot(told, Asked(ZONE, columns="channel"))
        spent = pivot(told, Asked(ZONE, columns="", measure="hours"))

    assert counted.cells == Counter((street, channel) for street, channel, _d, _s in cases)
    for street in {case[0] for case in cases}:
        known = [s / 3600 for name, _c, _d, s in cases if name == street and s is not None]
        assert spent.row_totals.get(street) == (pytest.approx(median(known)) if known else None)


def placed(folder, rows):
    """Facts of cases: street, moment, longitude and latitude in 1e-7 degrees."""
    plain = table("cases", "number|why\n1|x").to_pylist()[0]
    told = [
        plain | {"number": f"{n}", "street": s, "community": s, "reported_at": at, "x": x, "y": y}
        for n, (s, at, x, y) in enumerate(rows)
    ]
    made = store.Facts(folder, {CITY: store.Source("Asia/Shanghai")})
    rows = pa.Table.from_pylist(told, schema=schema.arrow("cases"))
    store.write(made, "cases", rows, city=CITY, month="2026-03")
    return made


def test_weeks_begin_on_the_city_s_monday_and_parts_of_weeks_are_left_out(tmp_path):
    sunday = datetime(2026, 3, 1, 15, 59)  # 23:59 in the city
    moments = [sunday, sunday + timedelta(minutes=2), sunday + timedelta(days=8)]
    made = placed(tmp_path, [("A", at, None, None) for at in moments])

    with reader(made) as told:
        found = weeks_of(told, Asked(ZONE))
    assert (found.first, found.counts.tolist(), found.places) == (date(2026, 3, 2), [[1.0]], ["A"])
    assert found.next == date(2026, 3, 9)
    with pytest.raises(Refused) as no:
        forecast(found)
    assert no.value.code == "weeks_few"


def test_two_years_of_weeks_give_a_forecast_that_was_tried(tmp_path):
    rng = np.random.default_rng(5)
    begin = datetime(2024, 1, 1, 4, tzinfo=UTC).replace(tzinfo=None)
    rows = [
        (street, begin + timedelta(days=7 * week + int(rng.integers(0, 7))), None, None)
        for week in range(WARM + 22)
        for street, usual in (("A", 9), ("B", 3))
        for _n in range(rng.poisson(usual))
    ]
    with reader(placed(tmp_path, [*rows, ("C", begin + timedelta(days=70), None, None)])) as told:
        found = forecast(weeks_of(told, Asked(ZONE)))

    assert (found.weeks.places, found.weeks.few, found.tried) == (["A", "B"], 1, 20)
    assert found.low[0] <= found.expected[0] <= found.high[0]
    assert found.expected[0] > found.expected[1]
    assert 0 < found.error < 1.2 and 0.7 <= found.inside <= 1


def test_the_hot_cell_is_where_the_cases_are(tmp_path):
    rng = np.random.default_rng(2)
    spread = [(int(x), int(y)) for x, y in rng.integers(0, 500_000, (150, 2))]
    crowd = [(250_000 + int(x), 250_000 + int(y)) for x, y in rng.integers(0, 3_000, (60, 2))]
    at = datetime(2026, 3, 1)
    rows = [("A", at, 1_167_000_000 + x, 233_000_000 + y) for x, y in spread]
    rows += [("crowd", at, 1_167_000_000 + x, 233_000_000 + y) for x, y in crowd]

    with reader(placed(tmp_path, rows)) as told:
        found = gathered(told, Asked(ZONE))
        hottest = found.cells[0]
        inside, _rows = behind(told, Asked(ZONE, box=hottest.box), most=1)

    assert hottest.hot and hottest.community == "crowd" and inside == hottest.count <= hottest.near
    assert found.cases == 210
    assert set(MEASURES) and set(TIMES) <= set(DIMENSIONS)
