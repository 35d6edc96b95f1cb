"""分数表的路: handed in by one, confirmed or sent back by another; until then the first may take it
back. No database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.flow import JUDGES, OFFICE
from changxiao.orgs.posts import Post


class SheetState(StrEnum):
    """现状 of a sheet."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


SHEET_WORDS: dict[SheetState, str | Promise] = {
    SheetState.PROPOSED: _("待复核"),
    SheetState.CONFIRMED: _("已生效"),
    SheetState.REJECTED: _("已退回"),
    SheetState.WITHDRAWN: _("已撤回"),
}


# As long as it may count, evidence may be put behind it.
PROVABLE = frozenset({SheetState.PROPOSED, SheetState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class SheetStep:
    """环节: who may, and what comes of it; all from 待复核. `own`: only who handed it in, else
    only another."""

    verb: str
    words: str | Promise
    posts: frozenset[Post]
    target: SheetState
    own: bool = False
    reasoned: bool = False


SHEET_STEPS = {
    one.verb: one
    for one in (
        SheetStep("confirm_scores", _("复核通过"), JUDGES, SheetState.CONFIRMED),
        SheetStep("reject_scores", _("退回"), JUDGES, SheetState.REJECTED, reasoned=True),
        SheetStep("withdraw_scores", _("撤回"), OFFICE, SheetState.WITHDRAWN, own=True),
    )
}


def open_to(state: str, posts: frozenset[str], *, own: bool) -> list[SheetStep]:
    """可办的环节: exactly the buttons that a page shows."""
    if state != SheetState.PROPOSED:
        return []
    return [one for one in SHEET_STEPS.values() if posts & one.posts and one.own == own]
