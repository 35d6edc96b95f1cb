"""Taking a census in: new, changed, unchanged and refused rows; again, and after a kill."""

import json
from hashlib import sha256

import pytest
from openpyxl import Workbook

from changxiao.areas.home import settle
from changxiao.assets import actions, reading
from changxiao.assets.models import Census, Component
from changxiao.assets.tests.conftest import COVER, HEAD, LAMP, MONDAY
from changxiao.kernel.city import city as find_city
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry


def counts(census):
    return (
        census.row_count,
        census.created_count,
        census.changed_count,
        census.unchanged_count,
        census.refused_count,
    )


def test_a_census_brings_components_with_their_units(take):
    report = take(COVER, LAMP)
    lamp = Component.objects.get(code=LAMP[0])

    assert counts(report.census) == (2, 2, 0, 0, 0)
    assert (lamp.maintainer.code, lamp.state, lamp.owner_unit) == ("LAMPS", "damaged", None)
    assert lamp.attributes == {"材质": "LED"}
    assert report.census.finished_at == MONDAY


def test_one_entry_commits_to_the_file_and_its_counts(take, tmp_path):
    report = take(COVER, LAMP)
    body = Entry.objects.get(stream=report.census.stream).data

    assert body["file"]["sha256"] == sha256((tmp_path / "census.csv").read_bytes()).hexdigest()
    assert (body["rows"], body["created"], body["refused"]) == (2, 2, 0)
    assert len(body["rows_sha256"]) == 64
    assert Entry.objects.count() == 1


def test_the_same_file_again_adds_nothing(take):
    take(COVER, ["1", *LAMP[1:]])
    again = take(COVER, ["1", *LAMP[1:]])

    assert again.repeated
    assert [fault.column for fault in again.refused] == ["部件代码"]
    assert (Component.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_later_census_records_what_changed_and_only_that(take):
    take(COVER, LAMP)
    report = take([*COVER[:4], "丢失", *COVER[5:]], LAMP, label="next year")
    component = Component.objects.get(code=COVER[0])
    entry = Entry.objects.get(stream=component.stream)

    assert counts(report.census) == (2, 0, 1, 1, 0)
    assert component.state == "lost" and component.head == entry
    assert entry.data["before"] == {"state": "intact"}
    assert entry.data["after"] == {"state": "lost"}
    assert entry.data["census"] == report.census.digest


def test_a_bad_row_is_reported_and_the_others_are_taken(take):
    report = take(COVER, [*LAMP[:2], "x", *LAMP[3:]], COVER)

    assert counts(report.census) == (3, 1, 0, 0, 2)
    assert [(f.row, f.column, f.value) for f in report.refused] == [
        (3, "经度", "x"),
        (4, "部件代码", COVER[0]),
    ]
    assert "第 2 行" in report.refused[1].reason


def rows_of(count):
    return [[f"44051101010{n:05}", *COVER[1:]] for n in range(count)]


def test_after_a_kill_the_rest_is_taken_and_nothing_twice(take, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    heard = []

    def stop(done):
        heard.append(done)
        if done == 4:
            raise KeyboardInterrupt

    rows = [*rows_of(5), ["bad", *COVER[1:]]]
    with pytest.raises(KeyboardInterrupt):
        take(*rows, progress=stop)
    report = take(*rows, progress=heard.append)

    assert heard == [2, 4, 6]
    assert counts(report.census) == (6, 5, 0, 0, 1)
    assert [fault.value for fault in report.refused] == ["bad"]
    assert Component.objects.count() == 5 and Census.objects.count() == 1


def test_two_imports_of_one_file_at_once_do_not_mix(take, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 1)

    def meddle(done):
        Census.objects.update(row_count=done + 1)

    with pytest.raises(Refused) as refused:
        take(COVER, LAMP, progress=meddle)
    assert refused.value.code == "census_running"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_chinese_office_s_encodings_are_read(city, census_file, act, encoding):
    report = actions.import_census(census_file(COVER, encoding=encoding), act=act())

    assert counts(report.census)[1] == 1
    assert Component.objects.get().name == "上水井盖"


def test_a_spreadsheet_is_read_and_a_code_stored_as_a_number_is_refused(city, tmp_path, act):
    book = Workbook()
    for row in (HEAD, COVER, [int(LAMP[0]), *LAMP[1:2], 116.682, 23.354, *LAMP[4:]]):
        book.active.append(row)
    book.save(tmp_path / "census.xlsx")
    report = actions.import_census(tmp_path / "census.xlsx", act=act())

    assert counts(report.census) == (2, 1, 0, 0, 1)
    assert "末位已失真" in report.refused[0].reason


@pytest.mark.parametrize(
    ("name", "content"),
    [("census.xlsx", b"no zip"), ("census.pdf", b"%PDF"), ("census.csv", b"\xff\xfe\x00\x81\xff")],
)
def test_what_is_no_table_is_refused(city, tmp_path, act, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        actions.import_census(tmp_path / name, act=act())

    assert refused.value.code in {"table_unreadable", "census_columns"}
    assert Census.objects.count() == 0


def test_in_a_city_each_component_gets_its_grid_and_none_stands_outside(take):
    settle(find_city("440500"))
    report = take(COVER, [*LAMP[:2], "113.26", "23.13", *LAMP[4:]])

    assert Component.objects.get().unit_grid_code.startswith("4405")
    assert [(f.row, f.column) for f in report.refused] == [(3, "经度")]
    assert "不在汕头市范围内" in report.refused[0].reason


def test_an_empty_table_lacks_its_heading(city, tmp_path, act):
    (tmp_path / "census.csv").write_bytes(b"")
    with pytest.raises(Refused) as refused:
        actions.import_census(tmp_path / "census.csv", act=act())
    assert refused.value.code == "census_columns"


def test_a_state_changes_by_an_act_and_only_once(take, act):
    take(COVER)
    component = Component.objects.get()
    actions.change_state(component, state="damaged", act=act("one"))
    actions.change_state(component, state="damaged", act=act("two"))

    assert Component.objects.get().state == "damaged"
    (entry,) = Entry.objects.filter(stream=component.stream)
    assert entry.verb == "change_state"
    assert json.loads(entry.body)["after"] == {"state": "damaged"}


def test_an_unknown_state_is_refused(take, act):
    take(COVER)
    with pytest.raises(Refused) as refused:
        actions.change_state(Component.objects.get(), state="gone", act=act("one"))
    assert refused.value.code == "state_unknown"
    assert Component.objects.get().state == "intact"


def test_rows_keep_the_numbers_of_the_spreadsheet(census_file):
    path = census_file(COVER, [], LAMP)

    assert [number for number, _cells in reading.rows(path)] == [1, 2, 4]


def test_a_census_that_is_not_there_is_refused_by_name(db, tmp_path, act):
    with pytest.raises(Refused, match=r"census\.csv") as no:
        actions.import_census(tmp_path / "census.csv", act=act())

    assert no.value.code == "file_unreadable"
    assert not Census.objects.exists()
