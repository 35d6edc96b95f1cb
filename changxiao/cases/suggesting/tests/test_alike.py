"""How alike two reports are told to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.cases.suggesting import alike
from changxiao.cases.suggesting.alike import Parts

WEIGHTS = {"place": 3, "time": 1, "text": 3, "category": 3}
SHARE = st.none() | st.floats(0, 1)
TEXT = st.text(alphabet="井盖缺失路口A3，。 ", max_size=60)


@given(SHARE, SHARE, SHARE, SHARE)
def test_a_score_lies_between_its_least_and_its_greatest_part(place, time, text, category):
    score = Parts(place, time, text, category).score(WEIGHTS)
    known = [part for part in (place, time, text, category) if part is not None]
    assert min(known, default=0) - 1e-9 <= score <= max(known, default=0) + 1e-9


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_nearer_and_sooner_is_never_less_alike(one, other):
    near, far = sorted((one, other))
    assert alike.place(near, 50) >= alike.place(far, 50)
    assert alike.time(near, 24) >= alike.time(-far, 24)


@given(TEXT, TEXT)
def test_text_is_compared_alike_from_both_sides(one, other):
    assert alike.text(one, other) == alike.text(other, one)


@given(TEXT)
def test_a_text_is_like_itself_and_silence_says_nothing(text):
    assert alike.text(text, text) == (1.0 if alike.pieces(text) else None)
    assert alike.text(text, "") is None


@pytest.mark.parametrize(
    ("same", "akin", "part"), [(True, True, 1), (False, True, 0.5), (False, False, 0)]
)
def test_a_category_counts_half_where_the_subcategory_differs(same, akin, part):
    assert alike.category(same, akin) == part


def test_the_parts_are_half_where_the_city_says():
    assert alike.place(50, 50) == alike.time(168, 24) == 0.5
    assert Parts().score(WEIGHTS) == 0
    assert Parts(place=1, category=0).score(WEIGHTS) == pytest.approx(1 / 2)
    assert Parts(place=1).score(dict.fromkeys(WEIGHTS, 0)) == 0
