"""Rates: the counts of printed bulletins come to the printed figures, and no data is no figure."""

import csv
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.evaluation.rates import RateKind, percent, read_count, read_kind, read_places
from changxiao.kernel.refused import Refused

# One table divides each change by the later count; what its counts come to (docs/evaluation.md).
WRONG_IN_PRINT = {
    ("jiangmen-2023-04", "信息采集增减幅"): "2.46",
    ("jiangmen-2023-04", "12345转办增减幅"): "0.86",
    ("jiangmen-2023-04", "公众举报增减幅"): "11.11",
    ("jiangmen-2023-04", "微信微博APP增减幅"): "-2.04",
    ("jiangmen-2023-04", "其他增减幅"): "154.52",
    ("jiangmen-2023-04", "合计增减幅"): "7.34",
}
# Printed with one decimal place, where its neighbours have two.
ONE_PLACE = {("tianmen-2016-12", "事件占比"), ("tianmen-2016-12", "部件占比")}


def test_the_87_printed_rates_recompute_but_for_those_that_contradict_themselves(outside_data):
    path = outside_data / "indicators" / "rate_checks.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 87
    wrong = {}
    for row in rows:
        name = (row["bulletin"], row["label"])
        counts = Decimal(row["numerator"]), Decimal(row["denominator"])
        found = percent(*counts, kind=RateKind(row["kind"]), places=1 if name in ONE_PLACE else 2)
        if found != Decimal(row["published_percent"]):
            wrong[name] = str(found)
    assert wrong == WRONG_IN_PRINT


@pytest.mark.parametrize(
    ("numerator", "denominator", "kind", "places", "shown"),
    [
        (1, 3, "rate", 2, "33.33"),
        (2, 3, "rate", 0, "67"),
        (1, 8, "rate", 2, "12.50"),
        (1, 800, "rate", 2, "0.13"),  # 0.125: half goes up
        (0, 5, "rate", 2, "0.00"),
        (2688, 2600, "rate", 2, "103.38"),  # completion of a target may pass a hundred
        (799, 800, "change", 2, "-0.13"),  # −0.125: half goes away from zero
        (99999, 100000, "change", 2, "0.00"),  # and there is no −0.00
        (0, 5, "change", 2, "-100.00"),
    ],
)
def test_a_rate_is_divided_and_rounded_once(numerator, denominator, kind, places, shown):
    found = percent(Decimal(numerator), Decimal(denominator), kind=RateKind(kind), places=places)
    assert str(found) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(0, 0), (5, 0), (None, 5), (5, None), (None, None)]
)
@pytest.mark.parametrize("kind", RateKind)
def test_without_data_there_is_no_figure(numerator, denominator, kind):
    counts = (None if n is None else Decimal(n) for n in (numerator, denominator))
    assert percent(*counts, kind=kind) is None


COUNTS = st.integers(0, 10**18)


@given(COUNTS, COUNTS.filter(bool), st.sampled_from(RateKind), st.integers(0, 9))
def test_the_figure_is_the_nearest_of_its_places(numerator, denominator, kind, places):
    found = percent(Decimal(numerator), Decimal(denominator), kind=kind, places=places)
    exact = Fraction(numerator, denominator) * 100 - (100 if kind == RateKind.CHANGE else 0)
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**places)
    assert -found.as_tuple().exponent == places and str(found) != "-0"


@pytest.mark.parametrize(
    ("text", "value"), [("12", "12"), (" 1,234 ", "1234"), ("3.50", "3.50"), ("１２", "12")]
)
def test_a_count_is_read_as_people_write_it(text, value):
    assert read_count(text, "numerator") == Decimal(value)


def test_nothing_written_is_no_data():
    assert read_count(" ", "numerator") is None
    assert (read_kind(""), read_places("")) == (RateKind.RATE, 2)


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (read_count, "很多", "count_unreadable"),
        (read_count, "NaN", "count_unreadable"),
        (read_count, "inf", "count_unreadable"),
        (read_count, "1e99", "count_unreadable"),
        (read_count, "9" * 31, "count_unreadable"),
        (read_count, "-3", "count_negative"),
        (read_kind, "ratio", "kind_unknown"),
        (read_places, "10", "places_unreadable"),
        (read_places, "-1", "places_unreadable"),
        (read_places, "两", "places_unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_value(read, text, code):
    with pytest.raises(Refused) as no:
        read(text, "numerator") if read is read_count else read(text)
    assert no.value.code == code and text[:40] in no.value.sentence
