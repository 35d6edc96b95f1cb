"""Reading limits: every way the standards and people write them, and what is refused."""

import csv
from decimal import Decimal

import pytest

from changxiao.kernel.limits import (
    Limit,
    TimeUnit,
    parse_amount,
    parse_limit,
    parse_unit,
    split_limit,
)
from changxiao.kernel.refused import Refused

U = TimeUnit
OLD_TABLE = {"天": U.WORK_DAY, "小时": U.WORK_HOUR}


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("4 工作时", "4", U.WORK_HOUR),
        ("2紧急工作时\n", "2", U.URGENT_HOUR),
        ("3 紧急工作日", "3", U.URGENT_DAY),
        ("１．５ 工作日", "1.5", U.WORK_DAY),
        ("十五个工作日", "15", U.WORK_DAY),
        ("两个工作日内", "2", U.WORK_DAY),
        ("半个工作日", "0.5", U.WORK_DAY),
        ("7自然日", "7", U.CALENDAR_DAY),
        ("4 work hours", "4", U.WORK_HOUR),
        ("1 Urgent-Day", "1", U.URGENT_DAY),
        ("3 calendar days", "3", U.CALENDAR_DAY),
        ("2 work_day", "2", U.WORK_DAY),
        ("15 分钟", "0.25", U.URGENT_HOUR),
    ],
)
def test_a_limit_is_read_however_it_is_written(text, amount, unit):
    assert parse_limit(text) == Limit(Decimal(amount), unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3天", "limit_ambiguous"),
        ("4 小时", "limit_ambiguous"),
        ("5 days", "limit_ambiguous"),
        ("", "limit_unreadable"),
        ("尽快", "limit_unreadable"),
        ("种植季节15工作日", "limit_unreadable"),
        ("-4 工作时", "limit_unreadable"),
        ("1 工作日 4 工作时", "limit_unreadable"),
        ("十十工作日", "limit_unreadable"),
        ("0 工作时", "limit_out_of_range"),
        ("10001 工作日", "limit_out_of_range"),
        ("0.33333 工作时", "limit_out_of_range"),
        ("9" * 60 + " 工作日", "limit_out_of_range"),
    ],
)
def test_what_cannot_be_read_for_sure_is_refused(text, code):
    with pytest.raises(Refused) as no:
        parse_limit(text)
    assert no.value.code == code
    assert no.value.sentence.endswith("。")


def test_a_city_declares_what_its_old_units_mean():
    assert parse_limit("3天", bare=OLD_TABLE) == Limit(Decimal(3), U.WORK_DAY)
    assert parse_limit("4小时", bare=OLD_TABLE) == Limit(Decimal(4), U.WORK_HOUR)


def test_words_around_a_limit_are_handed_back_and_not_lost():
    assert split_limit("1紧急工作时制止") == (Limit(Decimal(1), U.URGENT_HOUR), "制止")
    assert split_limit("种植季节15工作日") == (Limit(Decimal(15), U.WORK_DAY), "种植季节")


@pytest.mark.parametrize("unit", list(TimeUnit))
def test_what_is_printed_can_be_read_again(unit):
    limit = Limit(Decimal("2.50"), unit)
    assert parse_limit(str(limit)) == limit


def test_a_factor_is_rounded_to_four_decimals():
    assert Limit(Decimal(1), U.WORK_DAY).times(Decimal(1) / 3).amount == Decimal("0.3333")


@pytest.mark.parametrize("text", ["工作时", "work_hour", "WORK_HOUR", "work hours", " 工作小时 "])
def test_a_unit_is_read_by_label_value_or_english(text):
    assert parse_unit(text) is U.WORK_HOUR


@pytest.mark.parametrize(
    ("text", "code"), [("天", "limit_ambiguous"), ("fortnight", "unit_unreadable")]
)
def test_an_unknown_unit_names_the_known_ones(text, code):
    with pytest.raises(Refused, match="紧急工作时、紧急工作日、工作时、工作日、自然日") as no:
        parse_unit(text)
    assert no.value.code == code


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-1", "0"])
def test_a_number_that_is_no_amount_is_refused(text):
    with pytest.raises(Refused, match=r"0\.0001 至 10000"):
        Limit(parse_amount(text), U.WORK_HOUR)


def test_every_limit_of_the_yuncheng_tables_is_read(outside_data):
    tables = {
        "yuncheng_case_standards_2024_parts.csv": "time_limit",
        "yuncheng_case_standards_template.csv": "处置时限",
    }
    empty = 0
    for name, column in tables.items():
        with (outside_data / "cn_standards" / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [row[column] for row in csv.DictReader(file)]
        empty += cells.count("")
        for cell in filter(None, cells):
            split_limit(cell, bare=OLD_TABLE)
    assert empty == 3  # 违法农村自建房: the source has no limit there
