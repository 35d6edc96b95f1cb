"""A sheet as offices fill it: its lines, or a fault by cell with the nearest name offered."""

import pytest

from changxiao.evaluation.rankings.marks import Line
from changxiao.evaluation.scoring.reading import read
from changxiao.evaluation.scoring.tests.samples import GROUPS, HEAD, PARKS, ROADS, scheme
from changxiao.kernel.refused import Refused


def test_rows_become_lines_and_blank_ones_are_passed_over():
    blank = ["群众问卷", "SZ-DL", "市政道路处", "", "", "", "", ""]
    found = read([["某市问卷结果"], HEAD, ROADS, blank, PARKS], scheme(), GROUPS)
    assert not found.faults
    assert found.lines == [
        Line("survey", "SZ-DL", "", "8", "井盖异响", "问卷 17 号", "何调查"),
        Line("survey", "YL-LH", "95.5", "", "", "", "何调查"),
    ]


@pytest.mark.parametrize(
    ("row", "cell", "remedy"),
    [
        (["群众问劵", "SZ-DL", "", "90"], "A2", "最接近的是“群众问卷”"),
        (["群众问卷", "SZ-DR", "", "90"], "B2", "最接近的是“SZ-DL”"),
        (["群众问卷", "", "市政道路所", "90"], "C2", "最接近的是“市政道路处”"),
        (["群众问卷", "SZ-DL", "", "九十"], "D2", "请写数字"),
        (["群众问卷", "SZ-DL", "", "90.555"], "D2", "最多两位小数"),
        (["群众问卷", "SZ-DL", "", "", "-8", "井盖"], "E2", "不小于 0"),
        (["群众问卷", "SZ-DL", "", "", "8"], "F2", "扣分要写明原因"),
        (["群众问卷", "SZ-DL", "", "101"], "D2", "不能得 101 分"),
        (["加分", "SZ-DL", "", "6"], "D2", "超过上限 5 分"),
        (["群众问卷", "SZ-DL", "", "nan"], "D2", "请写"),
        (["群众问卷", "SZ-DL", "", "90", "", "长" * 401], "F2", "最多 400 个字"),
    ],
)
def test_a_fault_names_its_cell_and_the_remedy(row, cell, remedy):
    faults = read([HEAD, row], scheme(), GROUPS).faults
    assert [fault.cell for fault in faults] == [cell]
    assert remedy in faults[0].remedy


def test_a_name_borne_twice_needs_the_code():
    twice = {"01": "中心社区", "02": "中心社区"}
    fault = read([HEAD, ["群众问卷", "", "中心社区", "90"]], scheme(), twice).faults[0]
    assert (fault.cell, "01、02" in fault.remedy) == ("C2", True)


def test_what_a_formula_left_behind_is_what_it_means():
    row = ["群众问卷", "SZ-DL", "", "92.30000000000001"]
    assert read([HEAD, row], scheme(), GROUPS).lines[0].score == "92.3"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["甲", "乙"], ["1", "2"]], "table_unreadable"),
        ([HEAD], "table_empty"),
        ([HEAD, *[ROADS] * 1001], "file_long"),
        ([], "table_unreadable"),
    ],
)
def test_what_is_no_sheet_of_scores_is_refused(rows, code):
    with pytest.raises(Refused) as no:
        read(rows, scheme(), GROUPS)
    assert no.value.code == code
