"""Scores, ranks, bands, lists: worked by hand, and proved on units that are equal in truth."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from changxiao.evaluation.rankings import past, rank
from changxiao.evaluation.rankings.bands import places
from changxiao.evaluation.rankings.statistics import critical, fisher, two_sided, wilson
from changxiao.evaluation.tests.by_hand import SCHEMES, rows
from changxiao.evaluation.tests.schemes import LIBRARY, ONE, TWO, counts, scheme

BY_HAND = list(rows())
BY_RANK = 'rewards = "rank"\n'
RED = '[[honors]]\nkey="red"\ntitle="红榜"\ncolor="red"\ntake="first"\nn=2\nproposal="表扬"\n'
BLACK = (
    '[[honors]]\nkey="black"\ntitle="黑榜"\ncolor="black"\ntake="last"\nn=2\nproposal="约谈"\n'
    'repeats=[{times=2,act="组织部约谈"},{times=3,act="问责"}]\n'
)


def ranked(body, *units, before=()):
    found = scheme(body)
    return rank(found, LIBRARY, counts(*units), [past(found, LIBRARY, one) for one in before])


def goods(**units):
    return [(name, {"good": cell}) for name, cell in units.items()]


def order(ranking):
    return [(row.rank, row.code) for row in ranking.rows]


# -- scores ---------------------------------------------------------------------------------


def test_the_table_by_hand_has_its_sixty_rows():
    assert len(BY_HAND) >= 60 and {name for name, *_rest in BY_HAND} == set(SCHEMES)


@pytest.mark.parametrize(("name", "cells", "score", "why"), BY_HAND)
def test_a_score_is_what_it_is_by_hand(name, cells, score, why):
    found = ranked(SCHEMES[name], ("u", cells)).rows

    got = found[0].score if found else None
    assert (None if got is None else str(got)) == score, why


# -- ranks ----------------------------------------------------------------------------------


def test_the_published_figure_decides_and_ties_go_by_rule_then_code():
    body = 'tie_break = ["fast", "-rework"]\n' + ONE
    units = [
        ("d", {"good": (80, 100), "fast": (9, 10), "rework": 2}),
        ("c", {"good": (80, 100), "fast": (9, 10), "rework": 1}),
        ("b", {"good": (80, 100), "fast": (10, 10), "rework": 9}),
        ("a", {"good": (8000001, 10000000), "fast": (0, 0), "rework": 0}),
        ("f", {"good": (70, 100), "fast": (1, 2), "rework": 0}),
        ("e", {"good": (70, 100), "fast": (1, 2), "rework": 0}),
    ]

    found = ranked(body, *units)

    assert order(found) == [(1, "b"), (2, "c"), (3, "d"), (4, "a"), (5, "e"), (6, "f")]
    assert [row.tied for row in found.rows] == [False] * 4 + [True, True]


def test_a_unit_with_too_little_or_nothing_is_shown_and_not_ranked():
    body = "least = {cases = 30}\n" + TWO
    units = [
        ("many", {"good": (20, 30), "fast": (0, 0)}),
        ("few", {"good": (29, 29), "fast": (0, 0)}),
        ("none", {"good": (0, 0), "fast": (0, 0), "filed": 4}),
        ("absent", {"good": (0, 0), "fast": (0, 0), "filed": 0}),
        ("", {"good": (3, 9)}),
    ]

    found = ranked(body, *units)

    assert [(row.code, row.status, row.rank) for row in found.rows] == [
        ("many", "listed", 1),
        ("few", "too_few", None),
        ("none", "no_data", None),
    ]
    assert found.rows[1].score == Decimal("100.00") and not found.rows[1].grade
    assert found.unassigned["good"][:2] == (3, 9), "what belongs to no unit stays in view"


def test_the_least_count_may_be_one_of_its_own():
    body = 'least = {cases = 5, of = "filed"}\n' + ONE
    found = ranked(body, ("a", {"good": (90, 90), "filed": 4}), ("b", {"good": (1, 9), "filed": 5}))

    assert [(row.code, row.status) for row in found.rows] == [("b", "listed"), ("a", "too_few")]


@pytest.mark.parametrize(
    ("n", "grade"), [(9000, "A"), (8999, "B"), (7500, "B"), (7499, "C"), (6000, "C"),
                     (5999, "D"), (4000, "D"), (3999, "E"), (0, "E")]
)  # fmt: skip
def test_grades_cover_every_score_once(n, grade):
    assert ranked(ONE, *goods(u=(n, 10000))).rows[0].grade == grade


@given(st.permutations(list(range(8))))
def test_no_order_of_the_counts_changes_anything(order_):
    told = counts(*goods(**{f"u{i}": (90 + i % 3, 100) for i in range(8)}))
    found = scheme(ONE + RED + BLACK)

    assert rank(found, LIBRARY, [told[i] for i in order_]) == rank(found, LIBRARY, told)


# -- bands ----------------------------------------------------------------------------------


def test_a_clear_difference_makes_two_bands_and_a_small_one_none():
    far = ranked(ONE, *goods(a=(950, 1000), b=(945, 1000), c=(700, 1000), d=(690, 1000)))
    near = ranked(ONE, *goods(a=(950, 1000), b=(940, 1000)))

    assert [row.place.band for row in far.rows] == [1, 1, 2, 2]
    assert [(row.place.best, row.place.worst) for row in far.rows] == [
        (1, 2),
        (1, 2),
        (3, 4),
        (3, 4),
    ]
    assert [row.place.band for row in near.rows] == [1, 1]


def test_a_bridge_joins_what_its_ends_would_part():
    found = ranked(ONE, *goods(a=(955, 1000), b=(938, 1000), c=(915, 1000)))

    assert [row.place.band for row in found.rows] == [1, 1, 1]
    assert [(row.place.best, row.place.worst) for row in found.rows] == [(1, 2), (1, 3), (2, 3)]


def test_the_same_share_of_fewer_cases_says_less():
    many = ranked(ONE, *goods(a=(950, 1000), b=(880, 1000)))
    few = ranked(ONE, *goods(a=(95, 100), b=(88, 100)))

    assert [row.place.band for row in many.rows] == [1, 2]
    assert [row.place.band for row in few.rows] == [1, 1]


def test_a_weighted_score_is_told_apart_by_all_its_counts():
    def pair(n):
        cells = {"good": (95 * n, 100 * n), "fast": (90 * n, 100 * n)}
        worse = {"good": (88 * n, 100 * n), "fast": (83 * n, 100 * n)}
        return ranked(TWO, ("a", cells), ("b", worse))

    assert [row.place.band for row in pair(20).rows] == [1, 2]
    assert [row.place.band for row in pair(1).rows] == [1, 1]


def test_a_step_that_chance_may_cross_parts_nobody():
    body = (
        '[[items]]\nkey="f"\ntitle="数"\nweight=100\nscore="filed"\n'
        "steps=[{from=501,score=100},{to=500,score=60}]\n"
    )
    near = ranked(body, ("a", {"filed": 501}), ("b", {"filed": 500}))
    far = ranked(body, ("a", {"filed": 900}), ("b", {"filed": 200}))

    assert [row.score for row in near.rows] == [Decimal("100.00"), Decimal("60.00")]
    assert [row.place.band for row in near.rows] == [1, 1]
    assert [row.place.band for row in far.rows] == [1, 2]


EQUAL = [
    # body, units, cases of each, true share of good; the others follow from it
    (ONE, 12, 40, 0.95),
    (ONE, 12, 400, 0.9),
    (TWO + '[[adjustments]]\nkey="r"\ntitle="r"\neach=-0.2\nof="rework"\n', 8, 60, 0.9),
    (TWO.replace('"good"\n[', '"good"\nfull={at=70,minus=1}\n['), 8, 300, 0.7),
]


@pytest.mark.parametrize(("body", "units", "cases", "share"), EQUAL)
def test_equal_units_are_hardly_ever_parted(body, units, cases, share):
    """The share of months in which bands part even one pair of equals; 5 % is the promise."""
    found, chance, parted = scheme(body), random.Random(20260302), 0
    for _month in range(80):
        told = []
        for unit in range(units):
            good = sum(chance.random() < share for _ in range(cases))
            fast = sum(chance.random() < 0.9 for _ in range(good))
            rework = sum(chance.random() < 0.05 for _ in range(cases))
            cells = {"good": (good, cases), "fast": (fast, cases), "rework": rework}
            told.append((f"u{unit}", cells))
        rows = rank(found, LIBRARY, counts(*told)).rows
        parted += any(row.place.worst < units or row.place.best > 1 for row in rows)
    assert parted <= 4, f"{parted} of 80 months"


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda p: p[0] < p[1])))
def test_two_bands_hold_only_units_that_were_told_apart(apart):
    found = places(7, apart)

    for i in range(7):
        assert found[i].best <= i + 1 <= found[i].worst
        for j in range(i + 1, 7):
            if found[i].band != found[j].band:
                assert (i, j) in apart


def test_many_units_are_ranked_with_one_critical_value():
    units = {f"u{i:03}": (900 + i % 7, 1000) for i in range(220)} | {"last": (300, 1000)}
    for body in (ONE, TWO):
        told = [(name, {"good": cell, "fast": cell}) for name, cell in units.items()]
        bands = [row.place.band for row in ranked(body, *told).rows]
        assert bands == [1] * 220 + [2]


# -- statistics against scipy ---------------------------------------------------------------


def test_fisher_and_the_normal_tail_agree_with_scipy():
    chance = random.Random(1)
    for _ in range(200):
        d, e = chance.randint(1, 60), chance.randint(1, 60)
        n, m = chance.randint(0, d), chance.randint(0, e)
        both = stats.hypergeom(d + e, d, n + m)
        expected = min(1, 2 * min(both.cdf(n), both.sf(n - 1)))
        assert float(fisher((n, d), (m, e))) == pytest.approx(expected, rel=1e-9)
    for z in ("0.01", "1", "1.96", "3.99", "4.01", "9", "25"):
        expected = 2 * stats.norm.sf(float(z))
        assert float(two_sided(Fraction(z) ** 2)) == pytest.approx(expected, rel=1e-8)


def test_critical_values_and_wilson_are_the_known_ones():
    assert float(critical(Fraction(1, 20))) == pytest.approx(1.959963985)
    low, high = wilson(90, 100, critical(Fraction(1, 20)))
    # Newcombe 1998, Statistics in Medicine 17: the method without continuity correction
    assert (round(float(low), 4), round(float(high), 4)) == (0.8256, 0.9448)
    assert wilson(0, 10, critical(Fraction(1, 20)))[0] == 0


# -- trend ----------------------------------------------------------------------------------


def test_a_change_is_told_with_whether_it_is_more_than_noise():
    now = goods(a=(950, 1000), b=(905, 1000), c=(9, 10))
    before = counts(*goods(a=(700, 1000), b=(900, 1000)))

    found = {row.code: row.trend for row in ranked(ONE, *now, before=[before]).rows}

    assert (found["a"].score, found["a"].rank, found["a"].change) == (
        Decimal("70.00"),
        2,
        Decimal("25.00"),
    )
    assert (found["a"].apart, found["b"].apart, found["c"]) == (True, False, None)


# -- red and black lists --------------------------------------------------------------------


def listed(body, *units, before=()):
    told = ranked(body, *units, before=before).honors
    return [(one.list, one.code, one.times, one.proposal) for one in told]


def test_by_rank_all_that_tie_with_the_last_place_are_listed():
    units = goods(
        a=(100, 100), b=(90, 100), c=(90, 100), d=(50, 100), e=(40, 100), f=(40, 100), g=(40, 100)
    )

    assert listed(BY_RANK + ONE + RED + BLACK, *units) == [
        ("red", "a", 1, "表扬"),
        ("red", "b", 1, "表扬"),
        ("red", "c", 1, "表扬"),
        ("black", "e", 1, "约谈"),
        ("black", "f", 1, "约谈"),
        ("black", "g", 1, "约谈"),
    ]


def test_a_unit_without_any_issue_stands_on_no_list():
    units = goods(a=(100, 100), b=(90, 100), z=(0, 0), c=(40, 100), d=(30, 100))

    assert "z" not in [code for _list, code, *_rest in listed(BY_RANK + ONE + RED + BLACK, *units)]


def test_nobody_is_blamed_who_is_praised():
    found = listed(BY_RANK + ONE + RED + BLACK, *goods(a=(100, 100), b=(90, 100), c=(80, 100)))

    assert [(where, code) for where, code, *_rest in found] == [
        ("red", "a"),
        ("red", "b"),
        ("black", "c"),
    ]


def test_by_band_noise_praises_and_blames_nobody():
    same = goods(a=(100, 110), b=(99, 110), c=(98, 110), d=(97, 110), e=(96, 110))
    assert listed(ONE + RED + BLACK, *same) == []

    clear = goods(a=(990, 999), b=(980, 999), c=(979, 999), d=(700, 999), e=(300, 999))
    assert [(where, code) for where, code, *_rest in listed(ONE + RED + BLACK, *clear)] == [
        ("red", "a"),
        ("red", "b"),
        ("red", "c"),
        ("black", "d"),
        ("black", "e"),
    ]


def test_by_range_who_is_surely_in_his_half_is_listed_though_no_gap_parts_anybody():
    chain = goods(**{f"u{i}": (900 - 24 * i, 999) for i in range(8)})
    found = ranked(ONE, *chain)
    assert {row.place.band for row in found.rows} == {1}, "each neighbour is a bridge"

    assert listed('rewards = "band"\n' + ONE + RED + BLACK, *chain) == []
    by_range = listed('rewards = "range"\n' + ONE + RED + BLACK, *chain)
    assert [(where, code) for where, code, *_rest in by_range] == [
        ("red", "u0"),
        ("red", "u1"),
        ("black", "u6"),
        ("black", "u7"),
    ]
    same = goods(**{f"u{i}": (90 - i, 100) for i in range(8)})
    assert listed('rewards = "range"\n' + ONE + RED + BLACK, *same) == []


def test_a_band_that_reaches_beyond_the_last_n_is_blamed_in_no_part():
    units = goods(a=(990, 999), b=(500, 999), c=(498, 999), d=(497, 999))

    assert [code for where, code, *_r in listed(ONE + BLACK, *units) if where == "black"] == []


@pytest.mark.parametrize(
    ("before", "times", "act"),
    [
        ([], 1, "约谈"),
        (["d"], 2, "组织部约谈"),
        (["d", "d"], 3, "问责"),
        (["d", "d", "d"], 4, "问责"),
        (["a", "d"], 1, "约谈"),
        (["d", "a", "d"], 2, "组织部约谈"),
    ],
)
def test_appearances_in_a_row_raise_what_is_proposed(before, times, act):
    now = goods(a=(990, 999), b=(980, 999), c=(970, 999), d=(300, 999))

    def month(last):
        cells = dict.fromkeys("abcd", (980, 999)) | {last: (300, 999)}
        return counts(*goods(**cells))

    body = BY_RANK + ONE + BLACK.replace("n=2", "n=1")
    assert listed(body, *now, before=[month(last) for last in before]) == [
        ("black", "d", times, act)
    ]
