"""Which contract a line of points is charged to: its contractor's own, in force in the period."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rankings.marks import Outside, faults
from changxiao.evaluation.schemes import EXAMPLES, read_scheme
from changxiao.evaluation.scoring.contracts import Contracts, Term
from changxiao.evaluation.scoring.counted import read_counted, rows_of
from changxiao.evaluation.scoring.reading import contract_headings, headings, read
from changxiao.evaluation.scoring.tests.samples import line, scheme

ONSITE = '\n[[outside]]\nkey = "onsite"\ntitle = "现场考核"\nkind = "points"\ncap = 10\n'
TEXT = (EXAMPLES / "contractor.toml").read_text(encoding="utf-8") + ONSITE
SCHEME = read_scheme(TEXT, LIBRARY)
CLEAN, GREEN, BRIGHT = "CLEAN", "GREEN", "BRIGHT"
NAMES = {CLEAN: "洁净公司", GREEN: "绿美公司", BRIGHT: "明亮公司"}
START = date(2025, 1, 1)
TERMS = [
    Term(CLEAN, "HT-1", "北标段", START, None),
    Term(CLEAN, "HT-2", "东标段", START, None),
    Term(CLEAN, "HT-2", "西标段", START, None),
    Term(CLEAN, "HT-OLD", "北标段", START, date(2026, 3, 1)),
    Term(CLEAN, "HT-NEW", "北标段", date(2026, 4, 1), None),
    Term(GREEN, "HT-9", "北标段", START, None),
]
MARCH = Contracts(TERMS, read_period("2026-03", ZoneInfo("Asia/Shanghai")), NAMES)
HEAD = list((headings() | contract_headings()).values())


def minus(contract="", section="", group=CLEAN):
    told = {"minus": "1", "reason": "保洁不到位", "contract": contract, "section": section}
    return line("onsite", group, **told)


@pytest.mark.parametrize(
    ("given", "part", "sentence"),
    [
        (minus("沪-7"), "contract", "没有合同“沪-7”；可写 HT-1、HT-2"),
        (minus("HT-1a"), "contract", "没有合同“HT-1a”，最接近的是“HT-1”"),
        (minus("HT-9"), "contract", "合同“HT-9”是绿美公司的，不是这个对象的；可写 HT-1、HT-2"),
        (
            minus("HT-OLD"),
            "contract",
            "合同“HT-OLD”在 2026-03 不在有效期（2025-01-01 至 2026-03-01 前）；可写 HT-1、HT-2",
        ),
        (
            minus("HT-NEW"),
            "contract",
            "合同“HT-NEW”在 2026-03 不在有效期（2026-04-01 起）；可写 HT-1、HT-2",
        ),
        (minus("HT-2"), "section", "合同“HT-2”有几个标段，请写其中一个：东标段、西标段"),
        (
            minus("HT-1", "南标段"),
            "section",
            "这个对象本期在合同“HT-1”里没有标段“南标段”，可写 北标段",
        ),
        (minus("HT-9", group=BRIGHT), "contract", "这个对象本期没有合同，请留空"),
    ],
)
def test_a_contract_that_cannot_be_charged_is_told_with_the_remedy(given, part, sentence):
    ((found, said),) = MARCH.faults(given)
    assert found == part and sentence in said


@pytest.mark.parametrize("given", [minus(), minus("HT-1"), minus("HT-2", "西标段")])
def test_what_names_its_own_contract_or_none_is_taken(given):
    assert list(MARCH.faults(given)) == []


def test_the_only_section_of_a_contract_needs_no_naming():
    assert MARCH.settled(minus("HT-1")) == minus("HT-1", "北标段")
    assert MARCH.settled(minus("HT-2", "西标段")) == minus("HT-2", "西标段")
    assert MARCH.settled(minus()) == minus()


def test_deductions_without_a_contract_count_as_apart_where_there_are_several():
    given = [minus(), minus("HT-1"), minus(group=GREEN), line("onsite", CLEAN, score="1")]
    assert MARCH.apart(SCHEME, given) == 1


def test_a_sheet_names_the_cell_of_a_wrong_contract_and_takes_nothing():
    rows = [
        ["现场考核", CLEAN, "", "", "1", "积尘", "", "", "HT-9", ""],
        ["现场考核", CLEAN, "", "", "2", "漏扫", "", "", "HT-2", "南标段"],
        ["现场考核", CLEAN, "", "", "1", "积水", "", "", "", "北标段"],
    ]
    found = read([HEAD, *rows], SCHEME, NAMES, MARCH).faults
    assert [(one.cell, one.value) for one in found] == [
        ("I2", "HT-9"),
        ("J3", "南标段"),
        ("J4", "北标段"),
    ]


def test_only_who_ranks_contractors_asks_for_a_contract():
    told = [part for _n, part, _said in faults(scheme(), [minus("HT-1"), minus(section="北")])]
    assert {"contract", "section"} <= set(told)


def test_what_counted_is_read_back_with_its_contract_and_older_lines_without():
    given = [
        Outside(minus("HT-2", "西标段"), "contractor-2026-03-1", "huang", "zheng"),
        Outside(minus(), "contractor-2026-03-1", "huang", "zheng"),
    ]
    rows = rows_of(SCHEME, given, NAMES)
    assert read_counted(rows, SCHEME) == (given, [])
    assert [Outside.read(one.told()) for one in given] == given
    # no contract leaves no trace, so that what was counted before keeps its digest
    assert not {"contract", "section"} & set(given[1].told())
    assert given[1].line == replace(given[0].line, contract="", section="")
