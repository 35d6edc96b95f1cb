"""What a text is found by, and what a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel.bigrams import MOST_PHRASES, Phrase, phrases, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("东方街道", ["东方", "方街", "街道", "道"]),
        ("井", ["井"]),
        ("Ｎｏ．１２号", ["no", "12", "号"]),
        ("金砂路12号A座", ["金砂", "砂路", "路", "12", "号", "a", "座"]),
        ("😀 \u202e井盖\u202c!", ["井盖", "盖"]),
        ("a_b", ["a", "b"]),
        ("", []),
    ],
)
def test_a_text_becomes_pairs_and_whole_words(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("井盖", [Phrase(("井盖",))]),
        ("东方街道", [Phrase(("东方", "方街", "街道"))]),
        ("井", [Phrase(("井",), open_end=True)]),
        ("manh", [Phrase(("manh",), open_end=True)]),
        ("１２", [Phrase(("12",))]),
        ("井盖 井盖", [Phrase(("井盖",))]),
        ("\u202e“”😀", []),
    ],
)
def test_a_question_becomes_phrases(query, expected):
    assert phrases(query) == expected


def test_a_paste_of_five_thousand_characters_asks_for_little():
    asked = phrases("井盖 路灯 " * 1000)

    assert len(asked) <= MOST_PHRASES


@given(st.text(max_size=200))
def test_any_two_neighbours_of_a_text_find_it(text):
    held = set(terms(text))

    assert all(set(one.terms) <= held for one in phrases(text) if not one.open_end)
