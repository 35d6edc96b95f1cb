"""Codes of components, events and grids: read, written, refused."""

import pytest

from changxiao.kernel.codes import component_scheme, event_scheme, grid_scheme
from changxiao.kernel.refused import Refused


def test_a_component_code_falls_into_its_segments():
    assert component_scheme().parse("3205080101000001") == {
        "district": "320508",
        "category": "01",
        "subcategory": "01",
        "sequence": "000001",
    }


def test_what_was_parsed_is_formatted_again():
    scheme = grid_scheme()
    assert scheme.format(**scheme.parse("440511002003017")) == "440511002003017"
    assert event_scheme().format(district=440511, category=1, subcategory="10") == "4405110110"


def test_the_lengths_of_a_grid_are_data():
    old = grid_scheme({"district": 6, "street": 3, "community": 3, "sequence": 2})
    assert old.length == 14 and old.parse("11010100100201")["sequence"] == "01"
    assert grid_scheme({"district": 6, "street": 4, "community": 3, "sequence": 3}).length == 16


def test_a_prefix_is_the_parents_code():
    assert grid_scheme().prefix("440511002003017", "street") == "440511002"


@pytest.mark.parametrize("text", ["", "44051100200301", "4405110020030170", "44051100200301x"])
def test_a_wrong_length_or_letter_is_refused_with_the_remedy(text):
    with pytest.raises(Refused, match="15 位数字（6 \\+ 3 \\+ 3 \\+ 3）") as no:
        grid_scheme().parse(text)
    assert no.value.code == "code_unreadable" and no.value.field == "unit_grid"


@pytest.mark.parametrize("parts", [{"category": 123}, {"category": "1x"}, {"colour": 1}])
def test_a_segment_that_does_not_fit_is_refused(parts):
    whole = {"district": 440511, "category": 1, "subcategory": 10} | parts
    with pytest.raises(Refused):
        event_scheme().format(**whole)
