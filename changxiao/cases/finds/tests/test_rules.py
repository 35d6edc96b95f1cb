"""How often a source is right, and where a box lies: by tables, and for all numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.cases.finds.rules import Rate, framed, too_seldom, wilson
from changxiao.kernel.refused import Refused

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("true", "judged", "low", "high"),
    [
        # Brown, Cai, DasGupta (2001), and by hand where none or all were true: z²/(n+z²).
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (4, 20, 0.0807, 0.4160),
        (5, 20, 0.1119, 0.4687),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(true, judged, low, high):
    assert wilson(true, judged) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS)
def test_the_interval_holds_the_share_and_narrows_with_what_is_known(told):
    true, judged = told
    low, high = wilson(true, judged)
    assert 0 <= low <= high <= 1
    if judged:
        assert low - 1e-12 <= true / judged <= high + 1e-12
        assert Rate(true, judged).low_percent <= 100 * low + 1e-9
        wider = wilson(true * 2, judged * 2)
        assert wider[1] - wider[0] <= high - low + 1e-12


@pytest.mark.parametrize(
    ("true", "judged", "floor", "least", "muted"),
    [
        (0, 19, 10, 20, False),  # too few to say
        (0, 20, 10, 20, True),
        (4, 20, 10, 20, True),  # held to 8 %
        (5, 20, 10, 20, False),  # held to 11 %
        (0, 500, 0, 1, False),  # a city that mutes nobody
        (20, 20, 100, 20, True),
    ],
)
def test_a_source_is_muted_by_what_it_can_be_held_to(true, judged, floor, least, muted):
    assert too_seldom(Rate(true, judged), floor=floor, least=least) is muted


@pytest.mark.parametrize(
    ("box", "size", "shares"),
    [
        ([], (640, 480), []),
        ([0.1, 0.2, 0.3, 0.4], None, [0.1, 0.2, 0.3, 0.4]),
        ([64, 48, 320, 240], (640, 480), [0.1, 0.1, 0.5, 0.5]),
        ([64, 48, 320, 240], None, []),  # pixels of a picture that did not come
        ([-0.01, 0, 0.5, 1.01], None, [0, 0, 0.49, 1]),  # the edge, by a rounding
    ],
)
def test_a_box_becomes_shares_of_the_picture(box, size, shares):
    assert framed(box, size) == pytest.approx(shares)


@pytest.mark.parametrize(
    "box",
    [
        [0.1],
        [0, 0, 0, 0.5],
        [0, 0, -1, 1],
        [0.9, 0, 0.5, 0.5],
        [float("nan"), 0, 1, 1],
        [0, 0, float("inf"), 1],
        [0, 0, 700, 480],
    ],
)
def test_a_box_without_area_or_outside_is_refused_by_name(box):
    with pytest.raises(Refused) as no:
        framed(box, (640, 480))
    assert no.value.code == "box_unreadable" and no.value.field == "data.box"


@given(st.lists(st.floats(), max_size=5))
def test_whatever_a_camera_sends_is_a_box_inside_or_a_refusal(box):
    try:
        found = framed(box, (640, 480))
    except Refused:
        return
    if found:
        x, y, width, height = found
        assert x >= 0 and y >= 0 and x + width <= 1.00002 and y + height <= 1.00002
