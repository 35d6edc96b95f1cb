"""导入: what becomes of each row, twice as once, and every word against the source."""

import csv

import pytest

from changxiao.cases import actions, replay
from changxiao.cases.importing.tests.conftest import GOOD, HEADINGS, OPEN
from changxiao.cases.models import Case
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry


def listed(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_finished_row_takes_its_whole_road(syracuse, take):
    told = take(GOOD)

    case = Case.everything.get(external="A-1")
    assert (told.accepted, told.entries, case.n) == (1, 7, 7)
    verbs = list(case.entries.values_list("verb", flat=True))
    assert verbs == ["report", "accept", "file", "dispatch", "feed_back", "verify", "close"]
    assert (case.stage, case.due_source) == ("closed", "imported")


def test_each_step_is_taken_by_its_own_post_at_its_historical_time(syracuse, take):
    take(GOOD)

    case = Case.everything.get(external="A-1")
    assert case.reported_at.isoformat() == "2016-04-12T11:54:00+00:00"
    assert case.handled_at.isoformat() == "2016-04-13T14:00:00+00:00"
    assert case.handled_by != case.verified_by
    assert {entry.act["origin"] for entry in case.entries} == {"import:made-up"}


def test_a_day_without_hours_gets_the_same_hours_at_every_run(syracuse, take):
    days = GOOD.replace(" 07:54", "").replace(" 10:00", "").replace(" 09:00", "")
    take(days)

    case = Case.everything.get()
    assert 12 <= case.reported_at.hour < 16  # 08:00 to 12:00 in Syracuse
    assert 17 <= case.handled_at.hour < 21
    assert case.dispatched_at < case.handled_at
    assert take(days).repeated == 1


def test_an_open_row_waits_with_its_unit(syracuse, take):
    take(OPEN)

    case = Case.everything.get(external="A-2")
    assert (case.stage, case.unit.code) == ("dispatched", "DPW")
    assert case.due_at.isoformat() == "2016-04-14T13:00:00+00:00"


def test_a_duplicate_is_declined_with_the_mappings_reason(syracuse, take):
    take(GOOD.replace("done", "double"))

    case = Case.everything.get()
    assert (case.stage, case.answer) == ("declined", "Same as A-1")


def test_a_second_run_adds_nothing(syracuse, take):
    take(GOOD, OPEN)
    before = Entry.objects.count()

    told = take(GOOD, OPEN)

    assert (told.accepted, told.repeated, told.entries) == (0, 2, 0)
    assert Entry.objects.count() == before


def test_the_same_number_with_another_story_is_told(syracuse, take):
    told = take(GOOD, GOOD.replace("04-13", "04-12"))

    assert (told.rows, told.accepted, told.repeated, told.contradictions) == (2, 1, 1, 1)
    (row,) = listed(told.contradictions_csv)
    assert (row["row"], row["column"], row["value"]) == ("3", "id", "A-1")


def test_our_overdue_is_compared_with_the_sources_word(syracuse, take):
    late = GOOD.replace("A-1", "A-3").replace("04-13 10", "04-15 10")
    told = take(GOOD, OPEN, late.replace("done", "late"), late.replace("A-3", "A-4"))

    assert told.overdue.as_dict() == {"agree": 3, "differ": 0, "source_contradicts": 1}
    assert Case.everything.filter(handled_late=True).count() == 2


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        (GOOD.replace("A-1", ""), "id", ""),
        (GOOD.replace("2016-04-12 07:54", "soon"), "opened", "soon"),
        (GOOD.replace("2016-04-12 07:54", "2016-05-12 07:54"), "closed", "2016-04-13 10:00"),
        (GOOD.replace("2016-04-13 10:00", ""), "closed", ""),
        (OPEN.replace("08:00,,", "08:00,2016-04-13 10:00,"), "closed", "2016-04-13 10:00"),
        (GOOD.replace("done", "lost"), "state", "lost"),
        (GOOD.replace("-76.1062502", ""), "lon", ""),
        (GOOD.replace("43.0552769", "north"), "lat", "north"),
        (GOOD.replace("43.0552769", "43.9"), "lon, lat", "-76.1062502, 43.9"),
    ],
)
def test_a_bad_row_is_refused_by_row_column_and_value(syracuse, take, line, column, value):
    told = take(line, OPEN)

    assert (told.accepted, told.refused) == (1, 1)
    (row,) = listed(told.refused_csv)
    assert (row["row"], row["column"], row["value"]) == ("2", column, value)
    assert row["reason"]
    assert Case.everything.count() == 1


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(syracuse, take):
    told = take(GOOD.replace("done", "=1+1"))

    assert listed(told.refused_csv)[0]["value"] == "'=1+1"


def test_swapped_headings_are_noticed_said_and_corrected(syracuse, take):
    told = take(GOOD, OPEN, headings=HEADINGS.replace("lon,lat", "lat,lon"))

    assert told.accepted == 2
    assert "lat" in told.notices[0]
    assert Case.everything.get(external="A-1").lon == pytest.approx(-76.1062502)


def test_a_refused_row_leaves_nothing_of_itself(syracuse, take, monkeypatch):
    def refuse(*_args, **_more):
        raise Refused("not_now", "否")

    monkeypatch.setattr(actions, "feed_back", refuse)
    told = take(GOOD, OPEN)

    assert (told.accepted, told.refused) == (1, 1)
    assert not Entry.objects.filter(verb="close").exists()
    assert Case.everything.get().external == "A-2"


def test_the_log_alone_rebuilds_what_was_imported(syracuse, take):
    take(GOOD, OPEN, GOOD.replace("A-1", "A-5").replace("done", "double"))

    assert not list(replay.check())


def test_a_home_of_another_city_is_refused_and_the_command_named(syracuse, take):
    from changxiao.cases.importing.tests.conftest import TOLD

    with pytest.raises(Refused, match="changxiao init --city chicago"):
        take(GOOD, told={**TOLD, "city": "chicago"})


def test_an_empty_home_is_told_how_to_begin(db, take):
    with pytest.raises(Refused, match="changxiao init --city syracuse"):
        take(GOOD)
