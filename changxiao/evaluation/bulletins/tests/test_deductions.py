"""考核扣款单: points and money by contract, each to its cases, all adding up to the ranking."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.evaluation.bulletins import word
from changxiao.evaluation.bulletins.deductions import Agreed, Contract, clauses, paper, slips
from changxiao.evaluation.bulletins.layout import Para, Table
from changxiao.evaluation.bulletins.tests.samples import MADE, result, source
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.rankings.marks import Line, Outside
from changxiao.evaluation.schemes import EXAMPLES, read_scheme

SCHEME = read_scheme((EXAMPLES / "contractor.toml").read_text(encoding="utf-8"), LIBRARY)
NORTH = Contract("clean", "HT-1", "北标段")
SOUTH = Contract("clean", "HT-2", "南标段")


def given_source(counts):
    """来料 of one contractor whose result counts so many of each indicator."""
    found = source({"clean": (180, 12)}, key="contractor", names={"clean": "洁净公司"})
    rows = [dict(found.rows[0])]
    cells = [cell | {"numerator": counts.get(cell["indicator"], 0)} for cell in rows[0]["cells"]]
    rows[0]["cells"] = cells
    return replace(found, told=found.told | {"rows": rows})


def made(behind, sections, counts=None, rates=None):
    counts = counts or {key: len(cases) for key, cases in behind.items()}
    behind = {(key, "clean"): cases for key, cases in behind.items()}
    return slips(given_source(counts), SCHEME, behind, Agreed(sections, (), rates or {}))


def test_each_contract_pays_for_its_own_cases():
    found = made(
        {"handled_late": ["a1", "a2", "b1"], "late_unhandled": ["b2"]},
        {"a1": NORTH, "a2": NORTH, "b1": SOUTH, "b2": SOUTH},
        rates={"*": Decimal(200), "HT-2": Decimal(500)},
    )
    # north 2 × 0.2; south 0.2 + 0.5
    assert [(one.contract, one.points, one.yuan) for one in found] == [
        (NORTH, Fraction(-4, 10), Decimal("80.00")),
        (SOUTH, Fraction(-7, 10), Decimal("350.00")),
    ]


def test_an_important_case_counts_double():
    one = made(
        {"reworked_1_2": ["a1", "a2"], "reworked_1_2_important": ["a2"]},
        {"a1": NORTH, "a2": NORTH},
    )[0]
    assert one.points == Fraction(-6, 10)
    assert one.yuan is None  # no money was agreed


def test_what_an_objection_took_away_stands_apart():
    found = made({"handled_late": ["a1", "a2"]}, {"a1": NORTH, "a2": NORTH}, {"handled_late": 1})
    assert [(one.contract.number, one.points) for one in found] == [
        ("HT-1", Fraction(-4, 10)),
        ("", Fraction(2, 10)),
    ]


def test_a_section_of_another_contractor_does_not_pay():
    other = Contract("other", "HT-9", "东标段")
    found = made({"handled_late": ["a1"]}, {"a1": other})
    assert [(one.contract, one.points) for one in found] == [(Contract("clean"), Fraction(-2, 10))]


def test_no_slip_takes_more_than_the_scheme_allows():
    numbers = [f"a{n}" for n in range(300)]
    one = made({"late_unhandled": numbers}, dict.fromkeys(numbers, NORTH), rates={"*": Decimal(1)})
    assert (one[0].points, one[0].yuan) == (-40, Decimal("40.00"))


places = st.lists(st.sampled_from([NORTH, SOUTH, None]), max_size=12)


@given(late=places, open_=places, beyond=st.integers(-3, 3))
def test_the_slips_of_a_contractor_add_up_to_the_ranking(late, open_, beyond):
    behind = {
        "handled_late": [f"l{n}" for n in range(len(late))],
        "late_unhandled": [f"o{n}" for n in range(len(open_))],
    }
    told = zip([*behind["handled_late"], *behind["late_unhandled"]], [*late, *open_], strict=True)
    sections = {number: place for number, place in told if place}
    counts = {"handled_late": len(late) + beyond, "late_unhandled": len(open_)}

    found = made(behind, sections, counts)

    whole = -Fraction(counts["handled_late"], 5) - Fraction(counts["late_unhandled"], 2)
    assert sum(one.points for one in found) == whole


def test_the_paper_names_every_case():
    found = made(
        {"handled_late": ["2026100100011"], "reworked_1_2": ["2026100100022"]},
        {"2026100100011": NORTH},
        rates={"*": Decimal("200.50")},
    )
    told = paper(given_source({}), SCHEME, found)
    assert [one.title for one in told.annexes] == [
        "洁净公司（HT-1 北标段）",
        "洁净公司（未分标段）",
    ]
    said = [
        block.text for annex in told.annexes for block in annex.blocks if isinstance(block, Para)
    ]
    assert said == [
        "扣 0.20 分，每分 200.50 元，扣款 40.10 元。",
        "超期处置的案卷：2026100100011",
        "扣 0.20 分，每分 200.50 元，扣款 40.10 元。",
        "返工一两次的案卷：2026100100022",
    ]
    assert word.write(told, MADE)[:2] == b"PK"


TEXT = (EXAMPLES / "contractor.toml").read_text(encoding="utf-8")
TEXT += """
[[outside]]
key = "onsite"
title = "现场考核"
kind = "points"
cap = 10

[[outside]]
key = "survey"
title = "群众问卷"
full = 100
"""
GIVEN = [
    ("onsite", "", "1.5", "保洁不到位", "点位 3 照片"),
    ("onsite", "0.5", "", "台风抢险", "简报"),
    ("survey", "", "8", "井盖异响", "问卷 17 号"),
]


def remarked(given=GIVEN, contracts=(NORTH,), **counts):
    """来料 with lines from outside, and its slips."""
    base = given_source(counts)
    outside = [
        Outside(Line(*told[:1], "clean", *told[1:5], "何调查", *told[5:]), "s-1", "a", "b")
        for told in given
    ]
    told = replace(base, told=base.told | {"outside": [one.told() for one in outside]})
    agreed = Agreed({}, contracts, {"HT-1": Decimal(200)})
    scheme = read_scheme(TEXT, LIBRARY)
    return told, scheme, slips(told, scheme, {}, agreed)


def test_points_from_outside_are_charged_to_the_only_contract_with_their_evidence():
    told, scheme, found = remarked()
    assert [(one.contract, one.points, one.yuan) for one in found if one.remarks] == [
        (NORTH, Fraction(-1), Decimal("200.00"))
    ]
    made_of = paper(told, scheme, found)
    tables = [block for block in made_of.annexes[0].blocks if isinstance(block, Table)]
    assert ("现场考核", "", "2", "", "", "−1.00") in tables[0].rows
    assert tables[1].rows == (
        ("现场考核", "−1.50", "保洁不到位", "点位 3 照片", "何调查", "s-1"),
        ("现场考核", "0.50", "台风抢险", "简报", "何调查", "s-1"),
    )
    # what is scored up to full marks is in the score already
    said = [block.text for block in made_of.blocks if isinstance(block, Para)]
    assert any("群众问卷按满分计入得分" in text for text in said)


@pytest.mark.parametrize("contracts", [(), (NORTH, SOUTH)])
def test_points_that_name_no_single_contract_stand_apart(contracts):
    _told, _scheme, found = remarked(contracts=contracts)
    (one,) = (slip for slip in found if slip.remarks)
    assert (one.contract, one.points, one.yuan) == (Contract("clean"), -1, None)


HERE = ("HT-1", "北标段")
THERE = ("HT-2", "南标段")


def test_a_line_that_names_its_contract_is_charged_to_that_one_alone():
    given = [
        ("onsite", "", "1.5", "保洁不到位", "点位 3 照片", *HERE),
        ("onsite", "", "2", "绿地裸露", "点位 4 照片", *THERE),
        ("onsite", "0.5", "", "台风抢险", "简报", *THERE),
        ("onsite", "", "1", "资料不齐", ""),
    ]
    told, scheme, found = remarked(given, (NORTH, SOUTH))
    by = {one.contract: one for one in found if one.remarks}
    assert {contract: one.points for contract, one in by.items()} == {
        NORTH: Fraction(-3, 2),
        SOUTH: Fraction(-3, 2),
        Contract("clean"): -1,
    }
    assert (by[NORTH].yuan, by[SOUTH].yuan) == (Decimal("300.00"), None)
    reasons = {
        contract: [one.line.reason for remark in slip.remarks for one in remark.lines]
        for contract, slip in by.items()
    }
    assert reasons[NORTH] == ["保洁不到位"] and reasons[SOUTH] == ["绿地裸露", "台风抢险"]
    said = [block.text for block in paper(told, scheme, found).blocks if isinstance(block, Para)]
    assert not any("多扣" in text for text in said)  # −4 on the slips as in the ranking


def test_a_named_line_and_one_that_needs_no_name_stand_on_one_slip():
    given = [("onsite", "", "1", "积尘", "", *HERE), ("onsite", "", "2", "漏扫", "")]
    assert [(one.contract, one.points) for one in remarked(given)[2] if one.remarks] == [
        (NORTH, -3)
    ]


def test_a_bonus_of_one_contract_pays_for_no_other_and_the_paper_says_so():
    given = [("onsite", "", "3", "漏扫", "", *HERE), ("onsite", "2", "", "抢险", "", *THERE)]
    told, scheme, found = remarked(given, (NORTH, SOUTH))
    assert [(one.contract, one.points) for one in found if one.remarks] == [(NORTH, -3)]
    said = [block.text for block in paper(told, scheme, found).blocks if isinstance(block, Para)]
    assert "加分只抵同一合同的扣分，各合同合计比排名所用的多扣 2.00 分。" in said


def test_a_bonus_takes_nothing_and_no_slip_takes_more_than_the_scheme_allows():
    assert not any(one.remarks for one in remarked([("onsite", "2", "", "表扬", "")])[2])
    many = [("onsite", "", "45", "多处", "照片")]
    assert [one.points for one in remarked(many)[2] if one.remarks] == [-40]


def test_only_what_takes_points_off_case_by_case_is_a_clause():
    assert [one.indicator for one in clauses(SCHEME)] == [
        *("handled_late", "late_unhandled", "reworked_1_2", "reworked_3")
    ]
    _result, department = result({"roads": (180, 12)})
    assert clauses(department) == []


@pytest.mark.parametrize("text", ["=5", "HT-1", "*=x", "*=-1", "*=NaN", "*=inf"])
def test_a_rate_that_cannot_be_read_is_refused(text):
    from changxiao.catalog.policy_evaluation import per_point
    from changxiao.kernel.refused import Refused

    with pytest.raises(Refused) as no:
        per_point(text)
    assert (no.value.code, no.value.field) == ("policy_unreadable", "deduction_per_point")
    assert per_point("*=200 HT-1=0.5") == {"*": Decimal(200), "HT-1": Decimal("0.5")}
