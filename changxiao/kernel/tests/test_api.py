"""可存文字: exactly what both databases take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel.api import storable


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_every_text_without_nul_is_storable(text):
    assert storable(text)
    assert text.encode() is not None


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\udbff", "\udc00", "\udfff"])
@given(before=st.text(max_size=5), after=st.text(max_size=5))
def test_nul_and_half_a_character_are_not(sign, before, after):
    assert not storable(before + sign + after)
