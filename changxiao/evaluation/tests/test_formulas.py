"""The formula language: exact, with units, and with a sentence for whatever it does not take."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.evaluation.formulas import (
    CASE,
    NUMBER,
    PERCENT,
    POINT,
    Named,
    check,
    in_order,
    parse,
    work_out,
)
from changxiao.kernel.refused import Refused

KNOWN = {
    "good": Named(PERCENT, "high"),
    "bad": Named(PERCENT, "low"),
    "filed": Named(CASE),
    "rework": Named(CASE, "low"),
    "none": Named(PERCENT, "high"),
}
VALUES = {
    "good": Fraction(9550, 100),
    "bad": Fraction(25, 10),
    "filed": Fraction(1200),
    "rework": Fraction(7),
    "none": None,
}


def value(text):
    return work_out(parse(text, "f"), VALUES.__getitem__)


def told(text):
    return check(parse(text, "f"), "f", KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 2 - 1", 4),
        ("12 / 3 / 2", 2),
        ("-2 * 3", -6),
        ("2 - -3", 5),
        ("1 / 3 * 3", 1),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("（1＋2）×3÷2", Fraction(9, 2)),
        ("good", Fraction(191, 2)),
        ("100% - bad", Fraction(195, 2)),
        ("good * 0.6 + (100% - bad) * 0.4", Fraction(963, 10)),
        ("min(good, 90%, bad)", Fraction(5, 2)),
        ("max(1, 2)", 2),
        ("if(filed >= 1201case, 90pt, 75pt)", 75),
        ("if(filed ≥ 1200case, 90pt, 75pt)", 90),
        ("if(1 < 2 and not 2 < 1, 1, 0)", 1),
        ("if(1 > 2 or 2 = 2, 1, 0)", 1),
        ("if(1 != 1, 1, 0)", 0),
        ("rework * 0.2pt / 1case", Fraction(7, 5)),
        ("rework * 0.2pt/case", Fraction(7, 5)),
        ("1 / 0", None),
        ("1 / (2 - 2) + 5", None),
        ("none + 1%", None),
        ("if(none > 5%, 1, 2)", None),
        ("if(1 < 2, 3%, none)", 3),
        ("min(none, 3%)", None),
    ],
)
def test_a_formula_is_worked_out_exactly(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "better"),
    [
        ("good", PERCENT, "high"),
        ("100% - bad", PERCENT, "high"),
        ("100% - good", PERCENT, "low"),
        ("good + bad", PERCENT, "mixed"),
        ("good - bad", PERCENT, "high"),
        ("good / 1% * 1pt", POINT, "high"),
        ("rework * -0.2pt / case", POINT, "high"),
        ("-1 * (-1 * good)", PERCENT, "high"),
        ("filed / filed", NUMBER, ""),
        ("filed - rework", CASE, "high"),
        ("if(good >= 70%, 50pt, 0pt)", POINT, "high"),
        ("if(good >= 70%, 0pt, 50pt)", POINT, "low"),
        ("if(good < 70%, 0pt, 50pt)", POINT, "high"),
        ("if(filed > 9case, good, 60%)", PERCENT, "high"),
        ("1pt / bad * 1%", POINT, "high"),
        ("if(bad = 3%, 1, 2)", NUMBER, "mixed"),
    ],
)
def test_units_and_the_better_way_are_known_before_anything_is_counted(text, unit, better):
    found = told(text)

    assert (found.unit, found.better) == (unit, better)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("good + 1", "units_differ", "百分数"),
        ("good >= 70", "units_differ", "70%"),
        ("if(good > 1%, 1pt, 1)", "units_differ", "纯数"),
        ("min(filed, good)", "units_differ", "件数"),
        ("unknown * 2", "name_unknown", "unknown"),
        ("good > 1%", "formula_unreadable", "是或否"),
        ("1 + (1 > 2)", "formula_unreadable", "是或否"),
        ("if(good, 1, 2)", "formula_unreadable", "要比较"),
        ("good and 1 > 2", "formula_unreadable", "要比较"),
        ("1 < 2 < 3", "formula_unreadable", "两次比较"),
        ("", "formula_unreadable", "缺一个数"),
        ("1 +", "formula_unreadable", "缺一个数"),
        ("(1", "formula_unreadable", "缺“)”"),
        ("1 2", "formula_unreadable", "不该在这里"),
        ("30cases", "formula_unreadable", "cases"),
        ("eval(1)", "formula_unreadable", "没有函数“eval”"),
        ("__import__(os)", "formula_unreadable", "没有函数"),
        ("good.real", "formula_unreadable", "“.”"),
        ("good[0]", "formula_unreadable", "“[”"),
        ("'x'", "formula_unreadable", "“'”"),
        ("2 ** 9", "formula_unreadable", "缺一个数"),
        ("if(1 > 2, 1)", "formula_unreadable", "要 3 项"),
        ("1" * 13, "formula_unreadable", "不该在这里"),
        ("1 + " * 600 + "1", "formula_long", "2000"),
        ("1+" * 300 + "1", "formula_long", "500"),
        ("(" * 40 + "1" + ")" * 40, "formula_unreadable", "32"),
        ("-" * 40 + "1", "formula_unreadable", "32"),
    ],
)
def test_what_it_does_not_take_is_told_in_a_sentence(text, code, words):
    with pytest.raises(Refused) as no:
        told(text)
    assert (no.value.code, no.value.field) == (code, "f")
    assert words in no.value.sentence


def test_formulas_stand_after_those_they_need_and_a_circle_is_shown():
    trees = {name: parse(text, name) for name, text in {"b": "a", "a": "c * 2", "c": "1"}.items()}
    assert in_order(trees) == ["c", "a", "b"]

    with pytest.raises(Refused, match="a → c → a") as no:
        in_order(trees | {"c": parse("a + 1", "c")})
    assert no.value.code == "formula_cycle"


@given(st.text(alphabet="01.%+-*/()<>=,! abcdefghinortp_×（", max_size=40))
def test_any_text_is_worked_out_or_refused(text):
    try:
        told(text)
    except Refused as no:
        assert no.sentence
    else:
        found = value(text)
        assert found is None or isinstance(found, Fraction)


NUMBERS = st.integers(0, 999)
EXPRESSIONS = st.recursive(
    NUMBERS.map(lambda n: (str(n), Fraction(n))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", _plain(t[0][1], t[1], t[2][1]))
    ),
    max_leaves=12,
)


def _plain(one, sign, two):
    if one is None or two is None or (sign == "/" and two == 0):
        return None
    return {"+": one + two, "-": one - two, "*": one * two, "/": two and one / two}[sign]


@given(EXPRESSIONS)
def test_it_comes_to_what_arithmetic_comes_to(pair):
    text, expected = pair

    assert value(text) == expected
