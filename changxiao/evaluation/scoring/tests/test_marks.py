"""Marks from outside: what a group has, what is refused in words, and how they enter a ranking."""

from fractions import Fraction

import pytest

from changxiao.evaluation.counting import Count
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.rankings import rank
from changxiao.evaluation.rankings.marks import Outside, faults, lost, marks
from changxiao.evaluation.schemes import EXAMPLES, differences, read_scheme
from changxiao.evaluation.scoring.tests.samples import LINES, MIXED, OUTSIDE, line, scheme
from changxiao.kernel.refused import Refused

ON_TIME = "on_time_handling_rate"
COUNTS = [
    Count(key, code, n, d, 0)
    for code, n in (("SZ-DL", 3), ("YL-LH", 4))
    for key, d in ((ON_TIME, 4), ("should_handle", 0))
]


def test_deductions_are_taken_from_full_marks_and_points_are_as_they_are():
    assert marks(scheme(), LINES) == {
        "SZ-DL": {"survey": (Fraction(92), 100, 0), "bonus": (Fraction(2), 0, 0)},
        "YL-LH": {"survey": (Fraction(191, 2), 100, 0)},
    }


def test_they_enter_the_score_with_their_weight():
    """60 × 3/4 + 40 × 92 % + 2 = 83.8; 60 × 4/4 + 40 × 95.5 % = 98.2."""
    ranking = rank(scheme(), LIBRARY, COUNTS, (), marks(scheme(), LINES))
    assert [(row.code, str(row.score)) for row in ranking.rows] == [
        ("YL-LH", "98.20"),
        ("SZ-DL", "83.80"),
    ]


def test_what_was_not_given_leaves_its_weight_to_the_others():
    ranking = rank(scheme(), LIBRARY, COUNTS)
    assert [(row.code, str(row.score)) for row in ranking.rows] == [
        ("YL-LH", "100.00"),
        ("SZ-DL", "75.00"),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line(score="101")], "满分 100 分，不能得 101 分"),
        ([line(minus="60", reason="a"), line(minus="41", reason="b")], "不能扣 101 分"),
        ([line("bonus", score="3"), line("bonus", score="2.5")], "合计 5.5 分，超过上限 5 分"),
        ([line("bonus", minus="6", reason="a")], "合计 -6 分，超过上限 5 分"),
        ([line(score="90"), line(score="91")], "有两个得分"),
        ([line(score="90"), line(minus="8", reason="a")], "得分 90 与扣分合计 8 不合"),
        ([line(minus="8")], "扣分要写明原因"),
        ([line()], "要写且只写一个"),
        ([line(score="1", minus="1", reason="a")], "要写且只写一个"),
        ([line("papers", score="1")], "没有外部得分项“papers”"),
    ],
)
def test_what_cannot_be_is_said(lines, said):
    assert any(said in sentence for _n, _part, sentence in faults(scheme(), lines))
    with pytest.raises(Refused) as no:
        marks(scheme(), lines)
    assert no.value.code == "outside_wrong"


def test_a_score_with_its_deductions_is_one_where_they_agree():
    given = [line(score="92"), line(minus="8", reason="井盖异响")]
    assert not list(faults(scheme(), given))
    assert marks(scheme(), given)["SZ-DL"]["survey"][0] == 92


def test_each_point_lost_is_told_once():
    item = scheme().outside[0]
    both = [line(score="92"), line(minus="8", reason="井盖异响")]
    assert [minus for _line, minus in lost(item, both)] == ["8"]
    assert [minus for _line, minus in lost(item, [line(score="95.5")])] == ["4.5"]
    assert not list(lost(item, [line(score="100")]))


def test_a_line_is_read_back_as_it_was_told():
    one = Outside(LINES[0], "mixed-2026-03-1", "huang", "zheng")
    assert Outside.read(one.told()) == one


def test_noise_counts_only_where_the_scheme_says_on_how_many_it_rests():
    """92 against 95.5: an exact figure parts them, 100 questionnaires do not."""
    text = MIXED.replace("weight = 60", "weight = 1").replace("weight = 40", "weight = 99")
    text = text.replace("on_time_handling_rate", "100% - rework_rate")
    rested = text.replace("full = 100", "full = 100\ntrials = 100")
    bands = []
    for one in (text, rested):
        given = marks(scheme(one), LINES[:2])
        ranking = rank(scheme(one), LIBRARY, COUNTS, (), given)
        bands.append({row.place.band for row in ranking.rows})
    assert bands == [{1, 2}, {1}]


def test_a_scheme_of_outside_items_alone_lists_whoever_has_marks():
    found = read_scheme((EXAMPLES / "benchmark.toml").read_text(encoding="utf-8"), LIBRARY)
    given = [line("onsite", "900001001", score="80"), line("papers", "900001001", score="18")]
    row = rank(found, LIBRARY, [], (), marks(found, given)).rows[0]
    assert (row.status, str(row.score)) == ("listed", "82.50")  # (60 × 80 % + 18) / 80 × 100


def test_only_the_area_of_the_scheme_is_ranked():
    text = (EXAMPLES / "district-benchmark.toml").read_text(encoding="utf-8")
    found = read_scheme(text.replace("# within", "within"), LIBRARY)
    codes = ("440512001", "440511001")
    counts = [Count("on_time_closing_rate", code, 9, 10, 0) for code in codes]
    assert [row.code for row in rank(found, LIBRARY, counts).rows] == ["440512001"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (MIXED.replace('key = "bonus"', 'key = "survey"'), "name_taken"),
        (MIXED.replace('key = "bonus"', 'key = "filed"'), "name_taken"),
        (MIXED.replace("cap = 5", "full = 5"), "value_missing"),
        (MIXED.replace("full = 100", "full = 0"), "value_wrong"),
        (MIXED.replace("full = 100", "ful = 100"), "value_missing"),
        (MIXED.replace('score = "survey"', 'score = "bonus"'), "name_unknown"),
        (MIXED.replace('key = "bonus"', f'key = "{"b" * 41}"'), "value_wrong"),
        (MIXED.replace('title = "加分"', f'title = "{"加" * 121}"'), "value_wrong"),
        (MIXED.replace('key = "red"', 'key = "red/1"'), "value_wrong"),
        ('within = "9"\n' + MIXED, "value_wrong"),
    ],
)
def test_a_scheme_that_says_it_wrong_is_refused(text, code):
    with pytest.raises(Refused) as no:
        scheme(text)
    assert no.value.code == code


def test_what_changes_between_versions_is_said():
    after = scheme(MIXED.replace("cap = 5", "cap = 3"))
    assert differences(scheme(), after) == [
        "外部得分项 加分 由 加减分，最多 5 分 改为 加减分，最多 3 分。"
    ]
    assert OUTSIDE in MIXED
