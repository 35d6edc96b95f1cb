"""奖惩决定的规则: which decisions need a second person. No database."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Outcome(StrEnum):
    """决定: as proposed, not at all, or something else."""

    GRANT = "grant"
    WAIVE = "waive"
    OTHER = "other"


class HonorState(StrEnum):
    """现状 of a decision."""

    WAITING = "waiting"
    DECIDED = "decided"
    RETURNED = "returned"


OUTCOME_WORDS: dict[Outcome, str | Promise] = {
    Outcome.GRANT: _("按建议执行"),
    Outcome.WAIVE: _("免予执行"),
    Outcome.OTHER: _("另作决定"),
}
HONOR_WORDS: dict[HonorState, str | Promise] = {
    HonorState.WAITING: _("待他人复核"),
    HonorState.DECIDED: _("已决定"),
    HonorState.RETURNED: _("复核未同意"),
}


def needs_second_look(color: str, outcome: Outcome) -> bool:
    """是否须复核: where a penalty is lifted or changed; praise, and what the rules propose, needs
    one person."""
    return color == "black" and outcome != Outcome.GRANT
