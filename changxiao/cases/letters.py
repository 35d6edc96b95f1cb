"""单键表: the one letter that presses each step of a case. Pure; pages draw it on the button.

No two steps that leave from one stage share a letter, so a person with several posts presses what
he reads. What ends a case by way of exception, or shows a person's name, has none: it may take a
moment. J, K, X, Z, / and ? belong to the page (next, previous, tick, undo, search, keys).
"""

from __future__ import annotations

from collections.abc import Mapping

OF_THE_PAGE = frozenset("jkxz/?")

LETTERS: Mapping[str, str] = {
    "accept": "a",
    "decline": "r",
    "ask_to_confirm": "q",
    "confirm": "y",
    "refute": "n",
    "file": "f",
    "dispatch": "d",
    "rule_ownership": "o",
    "take_back": "b",
    "extend": "e",
    "suspend": "h",
    "refuse_request": "n",
    "resume": "r",
    "receive": "r",
    "forward": "t",
    "send_back": "l",
    "ask_extend": "m",
    "ask_suspend": "w",
    "assist": "i",
    "feed_back": "f",
    "ask_to_verify": "q",
    "verify": "y",
    "rework": "n",
    "recheck": "y",
    "dispute_check": "d",
    "close": "f",
    "appeal": "l",
    "endorse_appeal": "a",
    "grant_appeal": "g",
    "refuse_appeal": "n",
    "supervise": "s",
    "answer_order": "v",
    "nudge": "u",
    "call_again": "0",
    "call_back": "b",
    "add_photo": "p",
    "amend": "c",
    "ask_amend": "c",
}


def letter_of(verb: str) -> str:
    """单键, or "" for a step that has none."""
    return LETTERS.get(verb, "")
