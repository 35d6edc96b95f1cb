"""Schemes: what is read is checked, and what is wrong is told in a sentence with its place."""

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.evaluation.indicators.base import EXCLUSIONS
from changxiao.evaluation.indicators.library import LIBRARY as WHOLE
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.schemes import EXAMPLES, differences, read_scheme
from changxiao.evaluation.schemes import reading as schemes_reading
from changxiao.evaluation.tests.schemes import HEAD, LIBRARY, ONE, TWO, scheme
from changxiao.kernel.refused import Refused

READY = sorted(path.stem for path in EXAMPLES.glob("*.toml"))
STEPS = '[[items]]\nkey = "f"\ntitle = "数"\nweight = 100\nscore = "filed"\nsteps = [%s]\n'


def item(score, weight=100, more=""):
    return f'[[items]]\nkey = "k"\ntitle = "项"\nweight = {weight}\nscore = "{score}"\n{more}\n'


@pytest.mark.parametrize("name", READY)
def test_each_ready_scheme_is_sound(name):
    found = read_scheme((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"), WHOLE)

    assert found.key == name and found.source
    assert sum(leaf.weight for leaf in found.leaves()) == found.total
    assert not any(WHOLE[key].as_seen for key in schemes_reading.used(found)), "as seen stays off"


def test_they_are_the_schemes_that_the_catalogue_names():
    assert {"area", "department", "collector", "intake", "shift-leader", "dispatcher"} < set(READY)
    assert {"jinhua", "jiangmen-units", "jiangmen-districts"} < set(READY)


def test_the_rules_of_exclusion_are_those_that_counting_knows():
    assert set(schemes_reading.EXCLUSIONS) == set(EXCLUSIONS)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("x = ", "scheme_unreadable", "不是 TOML"),
        (ONE.replace("100", "90"), "weights_wrong", "合计 90 分"),
        (TWO.replace("weight = 40", "weight = 40.5"), "weights_wrong", "100.5"),
        ('[[items]]\nkey="a"\ntitle="组"\nweight=100\n[[items.items]]\nkey="b"\ntitle="b"\n'
         'weight=60\nscore="good"\n', "weights_wrong", "组是 100 分"),
        ("", "weights_wrong", "合计 0 分"),
        (TWO.replace('key = "fast"', 'key = "good"'), "key_twice", "good"),
        (item("good", "true"), "value_wrong", "items[1].weight"),
        (item("good", '"100"'), "value_wrong", "应为数"),
        (item("good", "-100"), "value_wrong", "大于 0"),
        (item("good", "nan"), "value_wrong", "应为数"),
        (item("good", "inf"), "value_wrong", "应为数"),
        (item("good", "1e-999999"), "value_wrong", "应为数"),
        (item("good", "1e999999"), "value_wrong", "应为数"),
        (item("good", "9" * 9000), "scheme_unreadable", "不是 TOML"),
        ("a = " + "[" * 20_000, "scheme_unreadable", "不是 TOML"),
        ("#" * 200_001, "scheme_long", "200000"),
        ('[[items]]\nkey = "k"\nweight = 100\nscore = "good"\n', "value_missing", "title"),
        (item("good", more="wieght = 3"), "name_unknown", "wieght"),
        (item("god"), "name_unknown", "god"),
        (item("100% - good"), "direction_wrong", "方向反了"),
        (item("bad"), "direction_wrong", "100% 减去"),
        (item("good + bad"), "direction_unknown", "better"),
        (item("filed"), "unit_unscored", "件数"),
        (item("good * 2pt"), "unit_unscored", "百分数·分"),
        (item("good", more="full = {at = 70, minus = 0}"), "value_wrong", "minus"),
        (item("filed", more="full = {at = 70, minus = 1}"), "direction_unknown", "大好还是小好"),
        (item("good", more="full = {at=7, minus=1}\nsteps = [{score=1}]"), "value_wrong", "一种"),
        (STEPS % "{from=501,score=100},{to=499,score=0}", "steps_gap", "从 500 到 501"),
        (STEPS % "{from=501,score=100},{to=501,score=0}", "steps_overlap", "从 501 到 502"),
        (STEPS % "{from=501,score=100},{score=0}", "steps_overlap", "重叠"),
        (STEPS % "{from=501,to=900,score=100},{to=500,score=0}", "steps_open", "最高一档"),
        (STEPS % "{from=501,score=100},{from=1,to=500,score=0}", "steps_open", "最低一档"),
        (STEPS % "{from=501,score=101},{to=500,score=0}", "value_wrong", "0 到 100"),
        (STEPS % "{from=501,to=5,score=1},{to=500,score=0}", "value_wrong", "小于本档上限"),
        (STEPS % "{from=1.5,score=100},{to=0.5,score=0}", "value_wrong", "整数"),
        (item("good", more="steps=[{from=90,score=0},{below=90,score=100}]"), "direction_wrong",
         "分档的先后"),
        (item("bad", more="steps=[{from=9,score=100},{below=9,score=0}]"), "direction_wrong", "反"),
        (item("good", more="steps=[{from=90,score=100},{to=89,score=0}]"), "value_wrong", "below"),
        (ONE + '[[grades]]\nkey="A"\nfrom=90\n[[grades]]\nkey="B"\nbelow=80\n', "steps_gap",
         "从 80 到 90"),
        (ONE + '[[grades]]\nkey="A"\nfrom=80\n[[grades]]\nkey="B"\nbelow=90\n', "steps_overlap",
         "从 80 到 90"),
        ('[formulas]\na = "b"\nb = "a"\n' + ONE, "formula_cycle", "a → b → a"),
        ('[formulas]\na = "a + 1%"\n' + ONE, "formula_cycle", "a → a"),
        ('[formulas]\ngood = "fast"\n' + ONE, "name_taken", "good"),
        ('[formulas]\na = "good +"\n' + ONE, "formula_unreadable", "formulas.a"),
        (item("good + 1"), "units_differ", "百分数"),
        ('tie_break = ["nobody"]\n' + ONE, "name_unknown", "nobody"),
        ('exclude = ["friends"]\n' + ONE, "value_wrong", "friends"),
        ('periods = ["hour"]\n' + ONE, "value_wrong", "hour"),
        ('least = {cases = 0}\n' + ONE, "value_wrong", "least.cases"),
        ('least = {cases = 3, of = "good"}\n' + ONE, "value_wrong", "件数指标"),
        ('no_data = "zero"\n' + ONE, "value_wrong", "share、neutral"),
        ('until = 2025-01-01\n' + ONE, "value_wrong", "不早于"),
        ('post = "collector"\n' + ONE, "group_wrong", "post"),
        (ONE + '[[adjustments]]\nkey="a"\ntitle="a"\neach=-1\nof="good"\n', "unit_unscored",
         "件数"),
        (ONE + '[[adjustments]]\nkey="a"\ntitle="a"\neach=0\nof="rework"\n', "value_wrong", "each"),
        (ONE + '[[honors]]\nkey="r"\ntitle="r"\ncolor="blue"\ntake="first"\nn=1\nproposal="x"\n',
         "value_wrong", "red、black"),
        (ONE + '[[honors]]\nkey="r"\ntitle="r"\ncolor="red"\ntake="first"\nn=1\nproposal="x"\n'
         'repeats=[{times=3,act="a"},{times=2,act="b"}]\n', "value_wrong", "从小到大"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_scheme_is_said(body, code, words):
    with pytest.raises(Refused) as no:
        scheme(body)

    assert no.value.code == code, no.value.sentence
    assert words in no.value.sentence and no.value.field


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ('key = "test"', "value_missing", "key"),
        ("from = 2026-01-01", "value_missing", "from"),
        ("schema = 1", "value_missing", "schema"),
    ],
)
def test_what_is_missing_in_its_head_is_said(line, code, words):
    with pytest.raises(Refused, match=words) as no:
        read_scheme(HEAD.replace(line, "") + ONE, LIBRARY)
    assert no.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("schema = 1", "schema = 2", "value_wrong"),
        ("version = 1", 'version = "1"', "value_wrong"),
        ("version = 1", "version = 0", "value_wrong"),
        ("2026-01-01", '"2026-01-01"', "value_wrong"),
        ("2026-01-01", "2026-01-01T00:00:00", "value_wrong"),
        ('"department"', '"nation"', "value_wrong"),
        ('"department"', '"community"', "group_wrong"),
        ('"department"', '"person"', "group_wrong"),
        ('"试评"', '"  "', "value_wrong"),
    ],
)
def test_what_is_wrong_in_its_head_is_said(old, new, code):
    with pytest.raises(Refused) as no:
        read_scheme(HEAD.replace(old, new) + ONE, LIBRARY)
    assert no.value.code == code


def test_a_scheme_holds_in_its_days_and_for_its_kinds_of_period_only():
    found = scheme("until = 2026-06-30\n" + ONE)
    zone = ZoneInfo("Asia/Shanghai")

    found.check_in_force(read_period("2026-06", zone))
    for label, code in (
        ("2026-07", "scheme_not_in_force"),
        ("2025-12", "scheme_not_in_force"),
        ("2026-Q2", "period_kind_wrong"),
    ):
        with pytest.raises(Refused) as no:
            found.check_in_force(read_period(label, zone))
        assert (no.value.code, no.value.field) == (code, "period")


def test_a_number_is_read_as_it_is_written():
    found = scheme(item("good", "33.3") + item("fast", "66.7").replace('"k"', '"l"'))

    assert [leaf.weight for leaf in found.leaves()] == [Fraction(333, 10), Fraction(667, 10)]


def test_two_versions_are_told_apart_in_words():
    old = scheme(TWO + '[[adjustments]]\nkey="r"\ntitle="返工"\neach=-0.2\nof="rework"\n')
    new = scheme(
        'least = {cases = 30, of = "filed"}\n'
        + TWO.replace("60", "70")
        .replace("40", "30")
        .replace('"fast"\n', '"fast"\nfull={at=70,minus=1}\n', 1)
        .replace('key = "fast"\nfull={at=70,minus=1}', 'key = "fast"')
        + '[[honors]]\nkey="r"\ntitle="红榜"\ncolor="red"\ntake="first"\nn=3\nproposal="表扬"\n'
    )

    told = differences(old, new)

    assert "“好” 权重 由 60 改为 70。" in told
    assert "最少件数 由 1 改为 30 filed。" in told
    assert "删去 加减分 返工（原为 rework 每件 -0.2 分）。" in told
    assert "增加 榜单 红榜：前 3 名；band；表扬。" in told
    assert differences(old, old) == []

    renamed = scheme(TWO.replace('"快"', '"好"').replace('weight = 40', 'weight = 30')
                     .replace('weight = 60', 'weight = 70'))  # fmt: skip
    assert differences(scheme(TWO), renamed) == [
        "“好” 权重 由 60 改为 70。",
        "名称 由 “快” 改为 “好”。",
        "“好” 权重 由 40 改为 30。",
    ], "two items of one title stay two"


def test_the_ready_schemes_of_the_open_code_keep_its_bands_and_grades():
    found = read_scheme((EXAMPLES / "intake.toml").read_text(encoding="utf-8"), WHOLE)
    steps = found.leaves()[0].steps
    scores = [(n, next(int(s.score) for s in steps if s.holds(Fraction(n)))) for n in
              (0, 100, 101, 300, 301, 500, 501, 1200, 1201, 2000, 2001, 9999)]  # fmt: skip

    assert dict(scores) == {0: 0, 100: 0, 101: 40, 300: 40, 301: 60, 500: 60, 501: 75, 1200: 75,
                            1201: 90, 2000: 90, 2001: 100, 9999: 100}  # fmt: skip
    assert [grade.key for grade in found.grades] == ["A", "B", "C", "D", "E"]
    assert found.first_date == date(2026, 1, 1) and found.last_date is None


AREA = (EXAMPLES / "area.toml").read_text(encoding="utf-8").splitlines()
PIECES = ["", "]", "[[items]]", "x = 1", "weight = 1e3", "score = 3", "steps = []", "full = 1", "=",
          'score = "min()"', "from = 1", "[honors]", "group = 5", "grades = [{}]"]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, len(AREA) - 1), st.sampled_from(PIECES)), max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_slip_of_the_pen_is_read_or_told(slips):
    lines = list(AREA)
    for place, text in slips:
        lines[place] = text
    try:
        read_scheme("\n".join(lines), WHOLE)
    except Refused as no:
        assert no.sentence and no.code and no.field
