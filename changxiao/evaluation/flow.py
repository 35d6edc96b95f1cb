"""评价的路 (GB/T 30428.4): from computing to sealing. Pages draw their buttons from this table, and
`actions` asks it before every write. No database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.orgs.posts import Post


class State(StrEnum):
    """现状 of an evaluation: one scheme, one period, one revision."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DRAFT = "draft"
    PUBLISHED = "published"
    SEALED = "sealed"
    DROPPED = "dropped"


STATE_WORDS: dict[State, str | Promise] = {
    State.WAITING: _("排队中"),
    State.RUNNING: _("计算中"),
    State.FAILED: _("没有算成"),
    State.DRAFT: _("草稿"),
    State.PUBLISHED: _("公示中"),
    State.SEALED: _("已封存"),
    State.DROPPED: _("已作废"),
}
OFFICE = frozenset({Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR})
JUDGES = OFFICE | {Post.LEADER}
RANKED = frozenset({Post.UNIT_LEAD, Post.LEADER})
SEES_ALL = JUDGES | {Post.AUDITOR}
SEES_PUBLISHED = frozenset(Post) - {Post.CITY_ADMIN, Post.SECURITY_ADMIN}


@dataclass(frozen=True, slots=True)
class Step:
    """环节: who may, from which states, to which one (None: it stays)."""

    verb: str
    posts: frozenset[Post]
    sources: frozenset[State]
    target: State | None = None

    @property
    def words(self) -> str:
        """按钮上的字."""
        return str(WORDS[self.verb])


WORDS: dict[str, str | Promise] = {
    "recompute": _("重新计算"),
    "drop": _("作废草稿"),
    "publish": _("公示"),
    "object": _("申诉"),
    "propose_decision": _("提出处理意见"),
    "confirm_decision": _("复核处理意见"),
    "decide_honor": _("决定奖惩"),
    "confirm_honor": _("复核奖惩决定"),
    "make_gap_tasks": _("列为差距任务"),
    "pick_highlight": _("列为亮点"),
    "drop_highlight": _("撤下亮点"),
    "seal": _("封存"),
    "revise": _("修订"),
}
OPEN = frozenset({State.DRAFT, State.PUBLISHED})
UNSEALED = frozenset({State.DRAFT, State.FAILED})
STEPS = {
    step.verb: step
    for step in (
        Step("recompute", OFFICE, UNSEALED, State.WAITING),
        Step("drop", OFFICE, UNSEALED | {State.WAITING}, State.DROPPED),
        Step("publish", OFFICE, frozenset({State.DRAFT}), State.PUBLISHED),
        Step("object", RANKED, frozenset({State.PUBLISHED})),
        Step("propose_decision", OFFICE, frozenset({State.PUBLISHED})),
        Step("confirm_decision", JUDGES, frozenset({State.PUBLISHED})),
        Step("make_gap_tasks", OFFICE, frozenset({State.PUBLISHED, State.SEALED})),
        Step("pick_highlight", OFFICE, OPEN),
        Step("drop_highlight", OFFICE, OPEN),
        Step("seal", OFFICE, frozenset({State.PUBLISHED}), State.SEALED),
        Step("decide_honor", JUDGES, frozenset({State.SEALED})),
        Step("confirm_honor", JUDGES, frozenset({State.SEALED})),
        Step("revise", OFFICE, frozenset({State.SEALED})),
    )
}


def open_to(state: State | str, posts: frozenset[str]) -> list[Step]:
    """可办的环节 of somebody with these posts."""
    return [one for one in STEPS.values() if state in one.sources and posts & one.posts]
