"""通报写什么: what the rules say of a result, and what they keep quiet about."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.layout import Heading, Para, Table
from changxiao.evaluation.bulletins.shortcomings import made_good, shortcomings
from changxiao.evaluation.bulletins.tests.samples import LEVEL, NAMES, WEAK, objected, source

SEA = LEVEL | {"light": (196, 2)}


def said(found):
    """The paragraphs by the heading above them."""
    told, last = {}, ""
    for block in bulletin(found).blocks:
        if isinstance(block, Heading):
            last = re.sub(r"^.*?[、）]", "", block.text)
        elif isinstance(block, Para):
            told.setdefault(last, []).append(block.text)
    return told


def test_equals_are_not_told_apart_and_nobody_is_named_best_or_worst():
    told = said(source(LEVEL | {"gas": (181, 12)}))

    assert "本期不点名最好和最差" in told["名次"][0]
    assert "第 1 档（第 1 至 5 名）" in told["分不出高低的"][1]
    assert told["短板"] == ["没有比其他单位差 5 个百分点以上且超出波动范围的指标。"]
    assert told["红黑榜"] == ["红榜：本期空缺。", "黑榜：本期空缺。"]


def test_who_stands_apart_is_named_and_the_others_are_not_told_apart():
    told = said(source(WEAK))

    # the four tie, so nobody is left whom they could be mistaken for
    first = "第一名是路灯管理所、园林绿化处、市政道路养护处、供水集团（91.20 分）。"
    assert told["名次"] == [f"{first}最后一名是燃气集团（59.50 分）。"]
    apart = said(source(WEAK | {"light": (181, 12)}))["名次"][0]
    assert apart.startswith("得分最高的是路灯管理所（91.55 分），与同档的另外 3 个分不出高低。")
    assert told["红黑榜"][1] == "黑榜：燃气集团（建议分管领导约谈）。"


def test_a_rise_or_fall_is_told_only_where_it_is_more_than_chance():
    told = said(source(WEAK, before=LEVEL | {"roads": (179, 12)}))

    assert told["升降"][0] == "没有得分上升超出波动范围的。"
    assert told["升降"][1].startswith("退步最大的是燃气集团（−")
    assert "升降" not in said(source(WEAK))  # without a month before there is nothing to compare


def test_a_second_time_on_a_list_is_told_with_what_follows():
    told = said(source(WEAK, before=WEAK))

    assert told["红黑榜"][1] == "黑榜：燃气集团（连续第 2 期，建议组织部约谈）。"
    assert told["红黑榜"][2] == "以上措施为按规则提出的建议，由有权机关决定。"


def test_each_shortcoming_is_a_task():
    found = shortcomings(source(WEAK))

    assert {one.group for one in found} == {"gas"}
    assert {one.indicator for one in found} == {
        *("handling_rate", "on_time_handling_rate", "rework_rate", "return_rate")
    }
    one = next(one for one in found if one.indicator == "handling_rate")
    # 110/200 against 720/800: 35 points, and 70 more cases make it level
    assert (one.gap, one.missing) == (Decimal("35.00"), 70)
    assert said(source(WEAK))["短板"][1] == (
        "1. 燃气集团的处置率为 55.00%（110/200），低于其他单位的 90.00%，相差 35.00 个百分点；"
        "要与其他单位持平，须再有 70 件达标。请查明原因，2026年11月提到 90.00% 以上。"
    )


def test_a_shortcoming_again_and_one_made_good():
    again = source(WEAK, before=WEAK)
    assert all(one.again for one in shortcomings(again))
    assert said(again)["短板"][1].endswith("上期已列为短板。")

    good = source(LEVEL, before=WEAK)
    assert len(made_good(good)) == 4 and not shortcomings(good)
    assert said(good)["短板"][-1].startswith("上期短板中本期已补齐 4 项：")


@pytest.mark.parametrize("gap, count", [("35.00", 4), ("35.01", 2), ("36.01", 0)])
def test_the_city_says_how_wide_a_gap_counts(gap, count):
    # two rates 35 points below the others', two 36 points above
    wide = replace(source(WEAK | {"gas": (110, 84)}), gap=Decimal(gap))
    assert len(shortcomings(wide)) == count


def test_few_cases_make_no_shortcoming():
    # 20 points below, but of ten cases each: chance does that
    few = dict.fromkeys(LEVEL, (9, 0)) | {"gas": (7, 0)}
    assert shortcomings(source(few, cases=10)) == []


rates = st.tuples(st.integers(0, 200), st.integers(0, 200))


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({unit: rates for unit in NAMES}))
def test_what_is_missing_is_exactly_what_makes_a_unit_level(levels):
    for one in shortcomings(source(levels)):
        others = Fraction(one.others_numerator, one.others_denominator)
        way = -1 if one.low else 1
        level = Fraction(one.numerator + way * one.missing, one.denominator)
        short = Fraction(one.numerator + way * (one.missing - 1), one.denominator)
        assert one.gap >= 5 and one.missing > 0
        assert (level <= others < short) if one.low else (short < others <= level)


def test_objections_stand_with_what_they_changed():
    told = said(objected(source(WEAK)))["申诉情况"]
    assert told == [
        "收到申诉 3 件，成立 1 件，已计入上述结果。",
        "第 1 号：燃气集团，处置率，分子 +2、分母 −1，得分由 81.20 到 81.66。理由：两件已按期办结",
    ]
    assert said(source(WEAK))["申诉情况"] == ["没有收到申诉。"]


def test_a_draft_and_a_revision_say_what_they_are():
    draft = bulletin(replace(source(WEAK), state="draft", revision=2))
    assert draft.note == "（草稿，未公示；修订第 2 版）"
    assert bulletin(source(WEAK)).note == ""
    assert "申诉情况" not in said(replace(source(WEAK), state="draft"))


def test_the_whole_city_adds_up():
    found = source(WEAK, before=LEVEL)
    table = next(one for one in bulletin(found).blocks if isinstance(one, Table))
    assert ("处置率", "830", "1000", "20", "83.00", "90.00") in table.rows
    assert ("应处置数", "1000", "", "0", "", "1000") in table.rows


@pytest.mark.parametrize("key", ["department", "jinhua"])
def test_in_english_no_sentence_is_left_in_chinese(key):
    found = objected(source(WEAK, before=SEA, key=key, names={unit: unit for unit in NAMES}))
    names = {key: replace(one, title=key) for key, one in found.measures.items()}
    with override("en"):
        found = replace(
            found,
            measures=names,
            lists={key: replace(one, title=key) for key, one in found.lists.items()},
            points={key: key for key in found.points},
            signed="Center",
            objections=tuple(replace(one, opinion="done") for one in found.objections),
        )
        told = repr(bulletin(found))
    for theirs in (found.told["scheme"]["title"], *(one["title"] for one in found.told["items"])):
        told = told.replace(theirs, "")
    for honor in found.told["honors"]:
        told = told.replace(honor["proposal"], "")
    for grade in "优良中差":
        told = told.replace(f"'{grade}'", "")
    assert re.findall(r"[\u3001-\u9fff\uff00-\uffef]+", told) == []


@pytest.mark.parametrize(
    ("language", "few", "none"),
    [
        ("zh-hans", "件数不足、不列入排名的 12 个：单位00、", "没有数据的 11 个：单位12、"),
        ("en", "Too few cases to be ranked: 单位00", "Without data: 单位12"),
    ],
)
def test_a_long_list_of_names_tells_its_count_once(language, few, none):
    names = {f"u{n:02}": f"单位{n:02}" for n in range(23)}
    found = source(dict.fromkeys(names, (180, 12)), names=names)
    states = ["too_few"] * 12 + ["no_data"] * 11
    rows = [
        {**row, "status": state}
        for row, state in zip(sorted(found.rows, key=lambda one: one["code"]), states, strict=True)
    ]
    found = replace(found, told={**found.told, "rows": rows})
    with override(language):
        (said,) = (
            block.text
            for block in bulletin(found).blocks
            if isinstance(block, Para) and "单位00" in block.text
        )
    assert few in said and none in said
    assert said.count("11") == 1
    assert said.count("12") == 2  # the count, and the unit of that name
