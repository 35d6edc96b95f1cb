"""Codes that people read out: what is mistyped is noticed, what is written otherwise is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel import spoken
from changxiao.kernel.refused import Refused

codes = st.binary(min_size=10, max_size=32).map(spoken.made_from)
places = st.integers(0, spoken.LENGTH - 1)


@given(codes)
def test_a_code_is_read_back_however_it_is_written(code):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    meant = code.replace("0", "O").replace("1", "l")
    for told in (spoken.grouped(code), code.lower(), f" {wide} ", meant, "　".join(code)):
        assert spoken.read(told) == code


@given(codes, places, st.sampled_from(spoken.ALPHABET))
def test_one_wrong_sign_is_always_noticed(code, place, sign):
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Refused, match="一位不对"):
            spoken.read(wrong)


@given(codes, places, places)
def test_two_signs_exchanged_are_always_noticed(code, one, other):
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    if signs != list(code):
        with pytest.raises(Refused, match="一位不对"):
            spoken.read("".join(signs))


@given(st.text(max_size=60))
def test_whatever_is_typed_gets_a_code_or_a_sentence(text):
    try:
        assert len(spoken.read(text)) == spoken.LENGTH
    except Refused as no:
        assert (no.code, no.field) == ("code_unreadable", "code")


@pytest.mark.parametrize(
    ("typed", "told"), [("", "您输入了0位"), ("7K2M", "您输入了4位"), ("U" * 16, "没有“U”")]
)
def test_the_sentence_says_what_is_wrong(typed, told):
    with pytest.raises(Refused, match=told):
        spoken.read(typed)


def test_a_code_holds_seventy_five_bits_and_asks_for_as_many():
    assert spoken.RANDOM * 5 == 75
    with pytest.raises(ValueError, match="75"):
        spoken.made_from(b"too short")
