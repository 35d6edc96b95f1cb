"""红黑榜 in a bulletin: proposals until somebody decides, then what was decided, by whom, why."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from changxiao.evaluation.bulletins import xlsx
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.honoring import honored
from changxiao.evaluation.bulletins.layout import Para, Table
from changxiao.evaluation.bulletins.source import Decided
from changxiao.evaluation.bulletins.tests.samples import MADE, WEAK, source

WAIVED = Decided(
    words="免予执行",
    reason="汛期抢险",
    date=date(2026, 12, 1),
    decided_by="黄主任",
    confirmed_by="郑市长",
)
BY_RULE = "以上措施为按规则提出的建议，由有权机关决定。"
OTHERS = "尚未决定的为按规则提出的建议，由有权机关决定。"


@pytest.fixture(scope="module")
def found():
    return source(WEAK)


def parts(given, kind):
    return [block for block in honored(given) if isinstance(block, kind)]


def decided(found, count):
    """The first so many of all that stand on a list."""
    rows = found.told["honors"][:count]
    return replace(found, decisions={(row["list"], row["code"]): WAIVED for row in rows})


def test_undecided_they_are_proposals(found):
    assert parts(found, Table) == []
    told = [one.text for one in parts(found, Para)]
    assert told[-1] == BY_RULE and any("建议" in text for text in told[:-1])


def test_decided_they_are_decisions_with_who_and_why(found):
    row = found.told["honors"][0]
    given = decided(found, 1)
    (table,) = parts(given, Table)
    title, name = found.lists[row["list"]].title, found.name(row["code"])
    assert table.rows == (
        (title, name, "免予执行", "黄主任（郑市长复核）", "2026年12月1日", "汛期抢险"),
    )
    told = [one.text for one in parts(given, Para)]
    assert f"{name}（决定免予执行）" in "".join(told) and told[-1] == OTHERS


def test_all_decided_nothing_is_a_proposal_any_more(found):
    told = [one.text for one in parts(decided(found, 99), Para)]
    assert not {BY_RULE, OTHERS} & set(told) and "建议" not in "".join(told)


def test_excel_has_the_decision_beside_the_proposal(found):
    given = decided(found, 1)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(given, bulletin(given), MADE)))
    first, second = list(book["红黑榜"].iter_rows(min_row=3, max_row=4, values_only=True))
    assert first[3] == found.told["honors"][0]["proposal"]
    assert first[4:] == ("免予执行", "黄主任（郑市长复核）", "2026-12-01", "汛期抢险")
    assert not any(second[4:])
