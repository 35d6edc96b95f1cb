"""沿革: what entries say in words, and what an undo would put back; without any table."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from changxiao.kernel.refused import Refused
from changxiao.ledger.history import Change, Field, differences, edits, put_back, sentence

FIELDS = (Field("limit", "时限"), Field("urgent", "紧急"), Field("needs", "材料"))
AT = datetime(2026, 3, 2, 9)


@dataclass
class Row:
    n: int
    verb: str
    data: dict = field(default_factory=dict)
    actor: str = "wu"
    at: datetime = AT


def stream(*bodies, verb="set"):
    return [Row(n, body.pop("verb", verb), body) for n, body in enumerate(bodies, 1)]


def test_only_what_differs_is_told_in_the_order_of_the_page():
    old = {"limit": "4 工作时", "urgent": False, "needs": ["处置前"], "secret": 1}
    new = {"limit": "2 工作时", "urgent": True, "needs": ["处置前"], "secret": 2}

    assert differences(FIELDS, old, new) == [
        Change("时限", "4 工作时", "2 工作时"),
        Change("紧急", "否", "是"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, {"limit": "4 工作时"}, "时限：（空） → 4 工作时"),
        ({"limit": "4 工作时"}, None, "时限：4 工作时 → （空）"),
        ({"needs": ["前", "后"]}, {"needs": ["前"]}, "材料：前、后 → 前"),
    ],
)
def test_a_row_that_came_or_went_is_told_too(old, new, told):
    assert [sentence(one) for one in differences(FIELDS, old, new)] == [told]


def test_the_log_tells_before_and_after_of_each_edit():
    rows = stream(
        {"limit": "4 工作时", "urgent": False, "was": None},
        {"limit": "2 工作时", "urgent": False, "was": {"limit": "4 工作时", "urgent": False}},
        {"verb": "retire", "until": "2026-03-02", "was": {"limit": "2 工作时", "urgent": False}},
    )
    new, edited, ended = edits(FIELDS, rows, ends={"retire"})

    assert (new.before, new.after) == (None, {"limit": "4 工作时", "urgent": False})
    assert edited.before == new.after
    assert (ended.before, ended.after) == (edited.after, None)


def test_an_entry_that_says_only_what_changed_is_held_against_the_one_before():
    rows = stream({"limit": "4 工作时", "urgent": False, "was": None}, {"urgent": True})

    assert edits(FIELDS, rows)[-1].after == {"limit": "4 工作时", "urgent": True}


def test_an_undo_puts_back_what_the_newest_edit_found():
    rows = stream({"limit": "4", "was": None}, {"limit": "2", "was": {"limit": "4"}})

    assert put_back(edits(FIELDS, rows), 2) == {"limit": "4"}
    assert put_back(edits(FIELDS, rows[:1]), 1) is None


@pytest.mark.parametrize(
    ("bodies", "n", "code"),
    [
        ([{"limit": "4", "was": None}], 7, "undo_unknown"),
        (
            [{"limit": "4", "was": None}, {"limit": "2", "was": {"limit": "4"}}],
            1,
            "undo_superseded",
        ),
        ([{"limit": "4"}], 1, "undo_blind"),
    ],
)
def test_what_cannot_be_put_back_is_refused_with_its_reason(bodies, n, code):
    with pytest.raises(Refused) as refused:
        put_back(edits(FIELDS, stream(*bodies)), n)
    assert refused.value.code == code


def test_an_undo_says_which_edit_it_took_back():
    rows = stream(
        {"limit": "4", "was": None}, {"limit": "2", "_act": {"undoes": 1, "note": "误改"}}
    )

    assert (edits(FIELDS, rows)[-1].undoes, edits(FIELDS, rows)[-1].note) == (1, "误改")
