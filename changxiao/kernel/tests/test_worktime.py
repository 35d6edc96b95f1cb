"""Working time: the units, the edges of windows, holidays, make-up days, seasons, clock changes."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from changxiao.kernel.city import city
from changxiao.kernel.limits import Limit, TimeUnit, parse_limit
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import EVERY_DAY, OFFICE, Window, WorkCalendar
from changxiao.kernel.worktime_city import city_calendar, read_days

SHANGHAI, CHICAGO = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Chicago")
U = TimeUnit


@pytest.fixture(scope="module")
def office():
    return city_calendar(city("440500"))


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(calendar, start, limit, zone=SHANGHAI):
    moment = calendar.due(at(start, zone), parse_limit(limit))
    assert moment.tzinfo is UTC
    return moment.astimezone(zone).strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("start", "limit", "answer"),
    [
        ("2026-03-02T09:00", "4 工作时", "03-02 15:00:00"),
        ("2026-03-02T09:00", "3 工作时", "03-02 12:00:00"),  # ends with the window: due then
        ("2026-03-02T09:00", "7 工作时", "03-02 18:00:00"),
        ("2026-03-02T09:00", "1 工作日", "03-03 09:00:00"),
        ("2026-03-02T08:00", "1 工作日", "03-02 18:00:00"),
        ("2026-03-02T12:00", "1 工作时", "03-02 15:00:00"),  # the edge of lunch
        ("2026-03-02T11:59:59", "1 工作时", "03-02 14:59:59"),
        ("2026-03-02T13:00", "4 工作时", "03-02 18:00:00"),
        ("2026-03-02T23:59:59.999", "1 工作时", "03-03 09:00:00"),
        ("2026-03-02T09:00:00.999", "1 工作时", "03-02 10:00:00"),  # cut to the second
        ("2026-03-02T22:00", "2 紧急工作时", "03-03 00:00:00"),
        ("2026-03-06T22:00", "2 紧急工作日", "03-08 22:00:00"),
        ("2026-03-06T22:00", "2 自然日", "03-08 22:00:00"),
        ("2026-09-30T17:30", "4 工作时", "10-08 11:30:00"),  # over 国庆节
        ("2026-02-13T17:00", "2 工作时", "02-14 09:00:00"),  # 调休: Saturday 14 February is worked
        ("2024-02-28T09:00", "1 自然日", "02-29 09:00:00"),
        ("2024-02-28T17:30", "1 工作时", "02-29 08:30:00"),
        ("2026-12-31T17:00", "2 工作时", "01-01 09:00:00"),  # 2027 unknown: the weekday rule
        ("1990-02-28T17:30", "1 工作时", "03-01 08:30:00"),
        ("2100-02-26T17:30", "1 工作时", "03-01 08:30:00"),  # no Feb 29 in 2100; a weekend
    ],
)
def test_a_limit_is_due_when_a_person_would_say_so(office, start, limit, answer):
    assert due(office, start, limit) == answer


def test_the_day_table_says_what_the_state_council_said(office, outside_data):
    told = {}
    for year in range(2019, 2027):
        notice = (outside_data / "calendar/holiday-cn" / f"{year}.json").read_text("utf-8")
        told |= {day["date"]: not day["isOffDay"] for day in json.loads(notice)["days"]}
    day = date(2019, 1, 1)
    while day < date(2027, 1, 1):
        assert office.is_workday(day) == told.get(day.isoformat(), day.weekday() < 5), day
        day += timedelta(days=1)
    assert {str(row.date): row.is_workday for row in read_days("cn")} == told


@pytest.mark.parametrize("year", range(2019, 2027))
def test_each_workday_of_a_known_year_counts_once(office, year):
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    worked = sum(office.is_workday(day) for day in days if day.year == year)
    first, last = at(f"{year}-01-01T00:00"), at(f"{year + 1}-01-01T00:00")
    assert office.elapsed(first, last, U.WORK_DAY) == worked
    assert office.elapsed(first, last, U.WORK_HOUR) == worked * 8
    assert not office.provisional(year)


def test_every_make_up_saturday_is_worked(office):
    for row in read_days("cn"):
        noon = datetime.combine(row.date, time(8), SHANGHAI)
        assert office.elapsed(noon, noon + timedelta(hours=4), U.WORK_HOUR) == 4 * row.is_workday


def test_a_year_without_a_notice_is_provisional_and_no_error(office):
    start, limit = at("2026-12-31T09:00"), parse_limit("2 工作日")
    assert office.provisional(2027) and office.provisional(2018) and not office.provisional(2026)
    assert office.provisional_years(start, office.due(start, limit)) == [2027]
    assert "2027" in office.explain(start, limit)[-1]


def test_a_calendar_without_a_table_is_never_provisional():
    assert not WorkCalendar.build("America/Chicago").provisional(2050)
    assert WorkCalendar.build(days={}).provisional(2026)


def test_a_notice_reaching_over_new_year_does_not_make_its_neighbor_known():
    calendar = WorkCalendar.build(days={date(2026, 12, 31): False, date(2027, 10, 1): False})
    assert calendar.provisional(2026) and not calendar.provisional(2027)


def test_elapsed_is_the_inverse_of_due(office):
    start, limit = at("2026-03-02T09:00"), Limit(Decimal("13.25"), U.WORK_HOUR)
    assert office.elapsed(start, office.due(start, limit), limit.unit) == limit.amount


def test_a_clock_that_was_overdue_when_it_stopped_is_overdue_when_it_resumes(office):
    lunch, resumed = at("2026-03-02T12:30"), at("2026-03-03T10:00")
    assert office.due_after(lunch, 0, U.WORK_HOUR) == at("2026-03-02T12:00")
    assert office.due_after(resumed, -3600, U.WORK_HOUR) == at("2026-03-03T09:00")
    assert office.due_after(resumed, -3 * 3600, U.WORK_HOUR) == at("2026-03-02T17:00")


def test_a_suspension_across_a_holiday_costs_nothing(office):
    start, paused, resumed = at("2026-09-30T15:00"), at("2026-09-30T17:00"), at("2026-10-08T08:00")
    left = office.seconds(parse_limit("4 工作时"))
    left -= office.elapsed_seconds(start, paused, U.WORK_HOUR)
    assert office.due_after(resumed, left, U.WORK_HOUR) == at("2026-10-08T10:00")


def test_the_street_sweepers_begin_at_five_and_work_on_holidays():
    sweepers = city_calendar(city("440500"), "sanitation")
    assert due(sweepers, "2026-10-01T04:00", "2 工作时") == "10-01 07:00:00"
    assert due(sweepers, "2026-10-15T20:30", "1 工作时") == "10-16 05:30:00"  # summer ends
    assert due(sweepers, "2026-10-16T19:30", "1 工作时") == "10-17 05:30:00"


def test_a_work_day_stays_an_office_day_for_a_squad_with_longer_hours():
    sweepers = city_calendar(city("440500"), "sanitation")
    assert due(sweepers, "2026-03-02T09:00", "1 工作日") == "03-03 09:00:00"


def test_a_night_squad_works_over_midnight():
    squad = city_calendar(city("440500"), "night")
    assert due(squad, "2026-12-31T23:00", "4 工作时") == "01-01 03:00:00"
    assert due(squad, "2026-03-02T12:00", "9 工作时") == "03-03 21:00:00"


def test_a_make_up_day_is_worked_like_a_monday():
    windows = [Window(time(8), time(12), 0b0001111), Window(time(8), time(10), 0b0010000)]
    calendar = WorkCalendar.build(days={date(2026, 3, 7): True}, windows=windows)
    assert due(calendar, "2026-03-06T00:00", "6 工作时") == "03-07 12:00:00"


def test_a_leap_day_belongs_to_the_season_that_ends_with_february():
    winter = Window(time(8), time(12), EVERY_DAY, "11-01", "02-28")
    assert winter.covers(date(2024, 2, 29), None) and not winter.covers(date(2024, 3, 1), None)


def test_overlapping_windows_count_once():
    twice = WorkCalendar.build(windows=[Window(time(8), time(12)), Window(time(10), time(14))])
    assert due(twice, "2026-03-02T00:00", "6 工作时") == "03-02 14:00:00"


def test_an_office_of_seven_hours_has_a_work_day_of_seven():
    short = WorkCalendar.build(windows=[Window(time(9), time(12)), Window(time(13), time(17))])
    assert short.seconds(parse_limit("1 工作日")) == 7 * 3600
    assert due(short, "2026-03-02T09:00", "1 工作日") == "03-02 17:00:00"


def test_windows_follow_the_wall_clock_when_the_clocks_change():
    chicago = WorkCalendar.build("America/Chicago")
    assert due(chicago, "2026-03-06T17:00", "2 工作时", CHICAGO) == "03-09 09:00:00"
    assert due(chicago, "2026-10-30T17:00", "2 工作时", CHICAGO) == "11-02 09:00:00"


def test_a_calendar_day_ends_at_the_same_time_of_the_clock():
    chicago = WorkCalendar.build("America/Chicago")
    assert due(chicago, "2026-03-07T09:00", "1 自然日", CHICAGO) == "03-08 09:00:00"
    assert due(chicago, "2026-10-31T09:00", "1 自然日", CHICAGO) == "11-01 09:00:00"
    # 02:30 does not exist on 8 March: the day is over when the clock jumps over it.
    assert due(chicago, "2026-03-07T02:30", "1 自然日", CHICAGO) == "03-08 03:00:00"
    # 01:30 comes twice on 1 November: the first one counts.
    assert chicago.due(at("2026-10-31T01:30", CHICAGO), parse_limit("1 自然日")).hour == 6
    assert due(chicago, "2026-03-07T09:00", "1 紧急工作日", CHICAGO) == "03-08 10:00:00"


def test_a_night_shift_is_an_hour_shorter_when_the_clocks_go_forward():
    nights = WorkCalendar.build("America/Chicago", windows=[Window(time(22), time(6), EVERY_DAY)])
    evening, morning = at("2026-03-07T20:00", CHICAGO), at("2026-03-08T08:00", CHICAGO)
    assert nights.elapsed(evening, morning, U.WORK_HOUR) == 7


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (datetime(2026, 3, 2, 9), "time_naive"),
        (datetime(9999, 12, 31, tzinfo=UTC), "time_out_of_range"),
        (datetime(1, 1, 1, tzinfo=UTC), "time_out_of_range"),
        (datetime(2200, 12, 31, 9, tzinfo=UTC), "time_out_of_range"),
    ],
)
def test_a_moment_that_no_calendar_knows_is_refused(office, start, code):
    with pytest.raises(Refused) as no:
        office.due(start, parse_limit("3 工作日"))
    assert no.value.code == code


def test_a_calendar_in_which_nobody_works_says_so():
    with pytest.raises(Refused, match="没有工作时段"):
        WorkCalendar.build(windows=[]).due(at("2026-03-02T09:00"), parse_limit("1 工作时"))


def test_a_window_that_means_nothing_is_refused():
    with pytest.raises(Refused, match="月-日"):
        Window(time(8), time(12), from_date="5-1")


def test_the_explanation_names_each_stretch_and_each_day_left_out(office):
    assert office.explain(at("2026-09-30T17:30"), parse_limit("4 工作时")) == [
        "4 工作时：只计工作时段（08:00–12:00、14:00–18:00）。",
        "起始 2026-09-30（周三） 17:30。",
        "2026-09-30（周三） 17:30–18:00，计 30 分钟，余 3 小时 30 分钟。",
        "2026-10-01（周四）至 2026-10-07（周三） 国庆节，不计。",
        "2026-10-08（周四） 08:00–11:30，计 3 小时 30 分钟，余 0 小时。",
        "到期 2026-10-08（周四） 11:30。",
    ]


@pytest.mark.parametrize("limit", ["1 紧急工作时", "3 自然日", "60 工作日", "0.01 工作时"])
def test_every_explanation_ends_with_the_deadline(office, limit):
    told = office.explain(at("2026-03-02T20:00"), parse_limit(limit))
    assert told[-1].startswith("到期 ") and len(told) < 32


def test_the_office_default_is_the_standards_eight_hours():
    assert WorkCalendar.build().office == OFFICE
    assert WorkCalendar.build().day_seconds == 8 * 3600
