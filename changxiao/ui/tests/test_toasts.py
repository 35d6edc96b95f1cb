"""Toasts ride in a header of the answer, with words that need no encoding of their own."""

import json

from django.http import HttpResponse

from changxiao.ui.toasts import Undo, toast


def test_a_toast_and_its_undo_are_read_from_the_header():
    undo = Undo("/cases/1/undo/", "撤回", {"key": "k"})
    answer = toast(HttpResponse("part"), "派遣已记录", undo=undo)

    told = json.loads(answer["HX-Trigger"])["toast"]
    assert answer["HX-Trigger"].isascii()
    assert told == {
        "words": "派遣已记录",
        "state": "on-track",
        "undo": {"url": "/cases/1/undo/", "label": "撤回", "fields": {"key": "k"}},
    }
