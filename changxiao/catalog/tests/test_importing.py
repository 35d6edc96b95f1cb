"""导入立案标准表: the real table of a Chinese city, and tables that are wrong in each way."""

import csv
import json

import pytest
from openpyxl import Workbook

from changxiao.catalog.importing import DECLARED, import_standards, page
from changxiao.catalog.importing.limits import read_limits
from changxiao.catalog.load import load
from changxiao.catalog.models import FilingCriterion
from changxiao.catalog.tests.conftest import act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db
HEAD = [
    "类型",
    "大类代码",
    "大类名称",
    "小类代码",
    "小类名称",
    "处置单位",
    "主管部门",
    "立案条件",
    "结案条件",
    "处置时限",
]
GOOD = ["事件", "1", "市容环境", "10", "暴露垃圾", "环卫", "城管局", "暴露垃圾", "清除", "4工作时"]


def line(**changed):
    return [changed.get(head, value) for head, value in zip(HEAD, GOOD, strict=True)]


@pytest.fixture
def table(tmp_path):
    load("440500")

    def write(*rows, head=HEAD, encoding="utf-8"):
        path = tmp_path / "table.csv"
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file).writerows([head, *rows])
        return path

    return write


@pytest.mark.slow
def test_the_522_rows_of_yuncheng(outside_data):
    load("440500")
    folder = outside_data / "cn_standards"
    report = import_standards(
        folder / "yuncheng_case_standards_template.csv",
        official=folder / "yuncheng_case_standards_2024_parts.csv",
        act=act(),
    )
    assert (report.rows, report.accepted, report.refused_rows) == (522, 519, 3)
    assert sorted({one.row for one in report.refused}) == [426, 428, 429]
    assert dict(report.bare) == {"天": 412, "小时": 61}
    told = [(one.row, one.limit, one.official) for one in report.differences]
    assert told == [(row, "1 工作日", "4 工作时") for row in (24, 28, 32)]
    assert [(one.row, one.reason) for one in report.remarks] == [(403, "制止")]
    assert (report.subcategories, report.subcategories_added) == (190, 58)


@pytest.mark.slow
def test_a_second_import_of_the_official_table_changes_nothing(outside_data):
    load("440500")
    path = outside_data / "cn_standards" / "yuncheng_case_standards_2024_parts.csv"
    first = import_standards(path, act=act())
    entries = Entry.objects.count()
    second = import_standards(path, act=act())
    assert (first.added, second.added, second.changed, second.repeated) == (279, 0, 0, 279)
    assert Entry.objects.count() == entries


def test_stages_become_a_chain_in_one_cell(table):
    text = "3紧急工作时内现场围护，8紧急工作时内修复，5工作日内路面恢复平整"
    report = import_standards(table(line(处置时限=text)), act=act())
    row = FilingCriterion.objects.get(code="S-E0110-01")
    chain = [row, row.successor, row.successor.successor]
    assert [one.stage_name for one in chain] == ["现场围护", "修复", "路面恢复平整"]
    assert [str(one.limit) for one in chain] == ["3 紧急工作时", "8 紧急工作时", "5 工作日"]
    assert [one.is_first for one in chain] == [True, False, False]
    assert (report.accepted, report.stages, report.added) == (1, 2, 3)


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"处置时限": ""}, "处置时限"),
        ({"处置时限": "尽快"}, "处置时限"),
        ({"处置时限": "3工作日或5工作日"}, "处置时限"),
        ({"处置时限": "4工作时围护，尽快，5工作日修复"}, "处置时限"),
        ({"处置时限": "0工作日"}, "处置时限"),
        ({"立案条件": ""}, "立案条件"),
        ({"小类代码": "十"}, "小类代码"),
        ({"类型": "其他"}, "类型"),
        ({"大类代码": "1a"}, "大类代码"),
        ({"小类名称": ""}, "小类名称"),
    ],
)
def test_a_bad_row_is_refused_by_row_column_value_and_reason(table, changed, column):
    report = import_standards(table(line(), line(**changed)), act=act())
    (refusal,) = report.refused
    assert (refusal.row, refusal.column) == (3, column)
    assert refusal.reason
    assert refusal.value == changed[column]
    assert (report.accepted, report.refused_rows) == (1, 1)
    assert FilingCriterion.objects.filter(code__startswith="S-").count() == 1


def test_an_undeclared_unit_is_refused_and_a_declared_one_counted(table):
    path = table(line(处置时限="2小时"), line(立案条件="其他", 处置时限="1天"))
    assert import_standards(path, bare={}, act=act()).refused_rows == 2
    report = import_standards(path, bare=DECLARED, act=act())
    assert dict(report.bare) == {"小时": 1, "天": 1}
    assert not report.refused


def test_the_same_row_twice_is_one_criterion(table):
    report = import_standards(table(line(), line()), act=act())
    assert (report.accepted, report.duplicates) == (1, [3])


def test_replacing_retires_what_the_table_does_not_have(table):
    report = import_standards(table(line()), replace=True, act=act())
    codes = FilingCriterion.objects.current().filter(subcategory__code="0110")
    kept = codes.filter(subcategory__kind="event").values_list("code", flat=True)
    assert list(kept) == ["S-E0110-01"]
    assert report.retired == 2


def test_an_edited_row_is_a_new_version(table):
    import_standards(table(line()), act=act())
    report = import_standards(table(line(处置时限="2工作时")), act=act())
    assert (report.added, report.changed) == (0, 1)
    assert FilingCriterion.objects.get(code="S-E0110-01", until_date=None).version == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_both_encodings_of_the_country_are_read(table, encoding):
    assert import_standards(table(line(), encoding=encoding), act=act()).accepted == 1


def test_a_workbook_is_read_like_a_text_file(tmp_path):
    load("440500")
    book = Workbook()
    for row in (HEAD, GOOD):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    assert import_standards(tmp_path / "table.xlsx", act=act()).accepted == 1


def test_a_table_without_its_columns_is_refused_by_their_names(table):
    with pytest.raises(Refused, match="处置时限"):
        import_standards(table(GOOD[:-1], head=HEAD[:-1]), act=act())


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\xff"])
def test_a_file_that_is_no_table_is_refused(tmp_path, data):
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    with pytest.raises(Refused):
        import_standards(path, act=act())


def test_a_workbook_that_is_none_is_refused(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(Refused, match="无法读取"):
        import_standards(path, act=act())


def test_the_report_is_json(table):
    report = import_standards(table(line(), line(处置时限="")), act=act())
    told = json.loads(json.dumps(report.to_json()))
    assert (told["rows"], told["refused_rows"]) == (2, 1)
    assert "| 3 | 处置时限 |  | 处置时限为空 |" in page(report)


def test_a_remark_beside_the_limit_is_kept_apart():
    (stage,) = read_limits("1紧急工作时制止", bare={})
    assert (str(stage.limit), stage.words) == ("1 紧急工作时", "制止")
