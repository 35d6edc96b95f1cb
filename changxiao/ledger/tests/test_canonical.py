"""规范 JSON: our fast road writes byte for byte what an implementation of RFC 8785 writes."""

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.ledger.chain import canonical

_LARGEST = 2**53 - 1
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-_LARGEST, _LARGEST) | TEXT
BODIES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8
)
PLAIN_KEYS = st.text(st.characters(max_codepoint=127))
PLAIN = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(PLAIN_KEYS, inner), max_leaves=8
)


@given(st.dictionaries(PLAIN_KEYS, PLAIN, max_size=6))
@settings(max_examples=150, deadline=None)
def test_bodies_with_ascii_keys_are_written_as_the_standard_says(body):
    assert canonical(body) == rfc8785.dumps(body).decode()


@given(st.dictionaries(TEXT, BODIES, max_size=6))
@settings(max_examples=100, deadline=None)
def test_keys_in_any_script_are_ordered_as_the_standard_says(body):
    assert canonical(body) == rfc8785.dumps(body).decode()


def test_the_order_of_utf_16_is_not_that_of_code_points():
    assert list(canonical({"\uffff": 1, "\U0001f600": 2}))[2] == "\U0001f600"


@pytest.mark.parametrize("value", [1.5, 2**53, {1: "a"}, {"a": [0.5]}, object(), b"x"])
def test_what_json_cannot_hold_exactly_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"value": value})
