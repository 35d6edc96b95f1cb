"""读工单表: whatever an office's sheet looks like, it is read, or refused by name."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel.refused import Refused
from changxiao.workorders import reading
from changxiao.workorders.mapping import (
    COMMON,
    NONE,
    Columns,
    Flaw,
    columns_of,
    known_names,
    read_row,
)

ZONE = ZoneInfo("Asia/Shanghai")
HEADS = ["工单编号", "诉求内容", "办理时限", "来电号码", "经度", "纬度"]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026/11/3 8:05", "2026-11-03T08:05"),
        ("２０２６－１１－０３　０８：０５", "2026-11-03T08:05"),
        ("2026年11月3日8时5分", "2026-11-03T08:05"),
        ("2026.11.03", "2026-11-03T23:59:59"),
        ("2026-11-03 星期二 17:30:10", "2026-11-03T17:30:10"),
        ("2026-11-03 下午5:30", "2026-11-03T17:30"),
        ("2026-11-03T08:05:00", "2026-11-03T08:05"),
        ("46329", "2026-11-03T23:59:59"),
        ("46329.336805556", "2026-11-03T08:05"),
        ("20261103", "2026-11-03T23:59:59"),
        ("20261103080500", "2026-11-03T08:05"),
        ("2026-02-30", None),
        ("2026-11-03 25:00", None),
        ("尽快", None),
        ("3", None),
    ],
)
def test_a_limit_is_read_in_any_style_of_an_office(written, at):
    found = reading.moment(written, ZONE, end_of_day=True)
    assert found == (datetime.fromisoformat(at).replace(tzinfo=ZONE) if at else None)


@given(st.integers(0, 140 * 365 * 86_400))
def test_a_date_as_excel_counts_it_is_that_date(seconds):
    moment = datetime(1960, 1, 1) + timedelta(seconds=seconds)
    days = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
    assert reading.moment(repr(days), ZONE) == moment.replace(tzinfo=ZONE)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_time(text):
    found = reading.moment(text, ZONE)
    assert found is None or found.tzinfo is ZONE


def book(rows, *, merged=False):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if merged:
        made.active.merge_cells("A1:F1")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


ROW = ["GD1", "路灯不亮", "2026-11-03", "13800138000", "", ""]
HTML = "<html><table><tr><td colspan=6>标题</td></tr><tr>{}</tr><tr>{}</tr></table></html>".format(
    *("".join(f"<td>{cell}</td>" for cell in row) for row in (HEADS, ROW))
)
CSV = "\n".join(",".join(row) for row in (["标题", *[""] * 5], HEADS, ROW))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (book([["某市 12345 工单", *[None] * 5], HEADS, ROW], merged=True), "a.xlsx"),
        (CSV.encode("utf-8-sig"), "a.csv"),
        (CSV.encode("gb18030"), "a.csv"),
        (CSV.replace(",", "\t").encode("utf-16"), "a.xls"),
        (HTML.encode(), "a.xls"),
        (HTML.encode("utf-16"), "a.xls"),
    ],
)
def test_one_table_in_every_dress_is_the_same_table(data, name):
    rows = list(reading.table(data, name))
    head = reading.find_head(rows, known_names({}))
    told = dict(rows)

    assert told[head] == HEADS
    assert told[head + 1][:4] == ROW[:4]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 99, "97-2003"),
        (b"PK\x03\x04 nothing", "xlsx"),
        (b"<html><p>no table</p></html>", "没有表格"),
        (b"\xff\xff\xff\xfe\x80", "GB 18030"),
    ],
)
def test_what_is_no_table_is_refused_and_named(data, why):
    with pytest.raises(Refused, match=why):
        list(reading.table(data, "a.xls"))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data):
    try:
        for _number, cells in reading.table(data, "x"):
            assert all(isinstance(cell, str) for cell in cells)
    except Refused as no:
        assert no.field == "file"


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [
        ({"工单编号": ""}, "工单编号", "没有编号"),
        ({"工单编号": "2.02611E+13"}, "工单编号", "科学计数"),
        ({"工单编号": "9" * 61}, "工单编号", "60"),
        ({"诉求内容": ""}, "诉求内容", "为空"),
        ({"办理时限": "尽快"}, "办理时限", "时间读不出"),
        ({"经度": "116.7"}, "纬度", "一起"),
        ({"经度": "116.7", "纬度": "东"}, "纬度", "不是数字"),
        ({"经度": "116.7", "纬度": "91"}, "纬度", "地球"),
        ({"经度": "nan", "纬度": "23"}, "经度", "地球"),
    ],
)
def test_a_bad_cell_is_named_with_its_value_and_remedy(change, column, why):
    cells = [change.get(head, cell) for head, cell in zip(HEADS, ROW, strict=True)]
    with pytest.raises(Flaw, match=why) as found:
        read_row(cells, columns_of(HEADS, {}), ZONE)
    assert found.value.column == column


@given(st.lists(st.text(max_size=20), max_size=8), st.lists(st.text(max_size=30), max_size=8))
def test_a_row_of_anything_is_an_order_or_a_flaw(heads, cells):
    columns = columns_of([*HEADS, *heads], {})
    try:
        told = read_row(cells, columns, ZONE)
    except Flaw as flaw:
        assert flaw.remedy
    else:
        assert told.number and told.description


def test_the_sources_own_names_go_before_the_common_ones_and_none_means_none():
    heads = ["编号", "任务号", "内容", "说明"]
    own = {"number": ["任务号"], "description": ["说明"]}

    assert columns_of(heads, own).places == {"number": 1, "description": 3}
    assert "description" not in columns_of(heads, {"description": [NONE]}).places
    assert columns_of(["工 单\n编号：", "内容"], {}).places == {"number": 0, "description": 1}


def test_no_common_name_means_two_things():
    names = [reading.heading(name) for rows in COMMON.values() for name in rows]
    assert len(names) == len(set(names))
    assert Columns([], {}).missing == ["number", "description"]
