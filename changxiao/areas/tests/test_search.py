"""Places by name and code: which comes first, and that each answer lies where it says."""

import pytest

from changxiao.areas.generate import ground
from changxiao.areas.locate import Locator
from changxiao.areas.search import spots


@pytest.fixture(scope="module")
def known():
    return Locator(ground("440500"))


FIRST = [
    ("东方", "street", "东方街道"),
    ("金平", "district", "金平区"),
    ("金苑", "community", "金苑居委会"),
    ("东方金苑", "community", "金苑居委会"),
    ("金平区 东方街道 金苑", "community", "金苑居委会"),
    ("珠池街道", "street", "珠池街道"),
    ("440511", "district", "金平区"),
    ("４４０５１１００２", "street", "金砂街道"),
    ("440507003005006", "unit_grid", "440507003005006"),
    ("440507003006z01", "duty_grid", "440507003006Z01"),
]


@pytest.mark.parametrize(("words", "kind", "name"), FIRST)
def test_the_place_that_was_meant_comes_first(known, words, kind, name):
    first = spots(known, words)[0]

    assert (first.kind, first.name) == (kind, name)


@pytest.mark.parametrize("words", [one[0] for one in FIRST])
def test_every_answer_lies_inside_what_it_names(known, words):
    for one in spots(known, words):
        place = known.at(one.lon, one.lat)
        told = place.as_dict()
        assert one.code in told.values(), one
        names = (place.district, place.street, place.community)
        assert "".join(names).startswith(one.inside), one


@pytest.mark.parametrize(
    "words", ["", "东", "4", "纽约", "x" * 5000, "😀😀", "\u202e", "%", "东方 纽约"]
)
def test_what_names_no_place_finds_none(known, words):
    assert spots(known, words) == []


def test_only_so_many_are_given(known):
    assert len(spots(known, "居委会", 8)) == 8
    assert len(spots(known, "4405070030050", 3)) == 3
