"""Policies of lasting effect: lists are read as they are written, or refused with what is wrong."""

from datetime import date

import pytest

from changxiao.catalog import policy
from changxiao.catalog.policy_lasting import campaigns, channels, reaches, weights
from changxiao.kernel.refused import Refused


def test_lists_are_read_as_written():
    assert reaches("e0110=30/14 c0101=100/60") == {"e0110": (30, 14), "c0101": (100, 60)}
    assert channels("public hotline") == ["public", "hotline"]
    day = date(2026, 10, 15)
    assert campaigns("2026-11-01/2026-11-07 2026-10-15") == (
        (day, day),
        (date(2026, 11, 1), date(2026, 11, 7)),
    )
    told = weights("once=20 kept=40 flat=0 steady=20 first=20")
    assert list(told.items()) == [
        *(("kept", 40), ("once", 20), ("flat", 0), ("steady", 20), ("first", 20)),
    ]
    assert (reaches(""), channels(""), campaigns("")) == ({}, [], ())


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("lasting_reach", "e0110=30"),
        ("lasting_reach", "e0110=0/14"),
        ("lasting_reach", "x0110=30/14"),
        ("lasting_channels", "Public"),
        ("lasting_channels", "a;b"),
        ("lasting_campaigns", "2026-02-30"),
        ("lasting_campaigns", "2026-11-07/2026-11-01"),
        ("lasting_campaigns", "2026-11-07/" * 2),
        ("lasting_weights", "kept=30 once=25 flat=15 steady=15 first=14"),
        ("lasting_weights", "kept=50 once=50"),
        ("lasting_weights", "kept=30 kept=0 once=25 flat=15 steady=15 first=15"),
        ("lasting_weights", "kept=30 once=25 flat=15 steady=15 last=15"),
        ("lasting_weights", ""),
        ("lasting_metres", "0"),
        ("lasting_days", "366"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_own_key(key, written):
    with pytest.raises(Refused) as no:
        policy.parse(key, written)
    assert (no.value.code, no.value.field) == ("policy_unreadable", key)


@pytest.mark.parametrize("key", ["lasting_reach", "lasting_channels", "lasting_campaigns"])
def test_what_was_read_is_written_once(key):
    written = {
        "lasting_reach": "e0110=30/14  e0110=30/14",
        "lasting_channels": " public public ",
        "lasting_campaigns": "2026-10-15 2026-10-15",
    }[key]

    assert policy.parse(key, written) == written.split()[0]
