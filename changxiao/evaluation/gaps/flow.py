"""差距任务的路. Pages draw their buttons from this table, and `actions` asks it. No database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.evaluation.flow import OFFICE, RANKED
from changxiao.orgs.posts import Post


class GapState(StrEnum):
    """现状 of a gap task."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


GAP_WORDS: dict[GapState, str | Promise] = {
    GapState.OPEN: _("待答复"),
    GapState.ANSWERED: _("待认可"),
    GapState.ACCEPTED: _("已补齐"),
    GapState.CANCELLED: _("已取消"),
}


@dataclass(frozen=True, slots=True)
class GapStep:
    """环节: who may, from where to where. `own`: for whom the task is, whatever the post."""

    verb: str
    words: str | Promise
    posts: frozenset[Post]
    source: GapState
    target: GapState
    own: bool = False


GAP_STEPS = {
    one.verb: one
    for one in (
        GapStep("answer_gap", _("答复"), RANKED, GapState.OPEN, GapState.ANSWERED, own=True),
        GapStep(
            "accept_gap", pgettext_lazy("gap", "认可"), OFFICE, GapState.ANSWERED, GapState.ACCEPTED
        ),
        GapStep("send_back_gap", _("退回"), OFFICE, GapState.ANSWERED, GapState.OPEN),
    )
}


def open_to(state: str, posts: frozenset[str], *, own: bool) -> list[GapStep]:
    """可办的环节: exactly the buttons that a page shows; `own`: the viewer answers for the task."""
    return [
        one
        for one in GAP_STEPS.values()
        if state == one.source and (own if one.own else posts & one.posts)
    ]
