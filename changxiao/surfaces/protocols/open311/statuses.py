"""状态对照: our stages in the words of Open311, and another city's words in ours. Pure."""

from __future__ import annotations

from changxiao.cases.flow import ENDS, Stage
from changxiao.cases.public import PublicCase

OPEN, CLOSED = "open", "closed"
# FixMyStreet's `extended_statuses`, which most servers that say more than two words speak.
EXTENDED = {
    Stage.REPORTED: "OPEN",
    Stage.CONFIRMING: "OPEN",
    Stage.ACCEPTED: "FOR_TRIAGE",
    Stage.FILED: "INVESTIGATING",
    Stage.DISPATCHED: "ACTION_SCHEDULED",
    Stage.SUSPENDED: "ACTION_SCHEDULED",
    Stage.HANDLED: "IN_PROGRESS",
    Stage.VERIFIED: "IN_PROGRESS",
    Stage.CLOSED: "FIXED",
    Stage.DECLINED: "NO_FURTHER_ACTION",
    Stage.VOIDED: "NO_FURTHER_ACTION",
    Stage.ON_SPOT: "FIXED",
    Stage.JOINED: "DUPLICATE",
}
_OVER = frozenset(
    {
        *("CLOSED", "FIXED", "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION"),
        *("INTERNAL_REFERRAL", "CANCELLED", "PROCESSED", "REJECTED", "RESOLVED", "COMPLETED"),
    }
)


def plain(stage: str) -> str:
    """open 或 closed: the two words that the standard knows."""
    return CLOSED if stage in ENDS else OPEN


def extended(case: PublicCase) -> str:
    """扩展状态: a case that was sent back for rework is open again, whatever its stage."""
    word = EXTENDED[Stage(case.stage)]
    return "REOPEN" if case.reworked and word == "ACTION_SCHEDULED" else word


def is_over(status: str) -> bool:
    """对方已办结: by any of the words that servers use for it, however they write it."""
    return status.strip().upper().replace(" ", "_") in _OVER
