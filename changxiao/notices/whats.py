"""事由: of what a message can be, each with the entries it hears, and whom it can go to. Pure.

A rule of the city's is one occasion × one audience; this is the table of what there is to choose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.cases.flow import Stage
from changxiao.orgs.posts import Post


class Kind(models.TextChoices):
    """消息种类: what a person switches on and off."""

    TASK = "task", pgettext_lazy("notice", "任务")
    DEADLINE = "deadline", pgettext_lazy("notice", "时限")
    PRESSURE = "pressure", pgettext_lazy("notice", "督办催办")
    DECISION = "decision", pgettext_lazy("notice", "申请与审批")
    RESULT = "result", pgettext_lazy("notice", "结果")
    SYSTEM = "system", pgettext_lazy("notice", "系统")


@dataclass(frozen=True, slots=True)
class What:
    """事由: verbs whose entries are heard, at `stage` only where one is named; a threshold of a
    limit hears none, the sweep finds it. `page` is the address of what a room above is owed,
    `list_page` that of several, and such an occasion is told by that room (`duties`)."""

    key: str
    title: str | Promise
    kind: Kind
    verbs: frozenset[str] = frozenset()
    stage: str = ""
    page: str = ""
    list_page: str = ""


def _what(
    key: str, title: str | Promise, kind: Kind, verbs: Collection[str] = (), stage: str = ""
) -> What:
    return What(key, title, kind, frozenset(verbs), stage)


def _owed(key: str, title: str | Promise, kind: Kind) -> What:
    return What(key, title, kind, page="gap", list_page="gaps")


_SENT = {"assign", "hand_on"}
WARNING, OVERDUE, RECEIVED, HOOK = "warning", "overdue", "received", "hook_paused"
GAP_MADE, GAP_BACK, GAP_ANSWERED = "gap_made", "gap_back", "gap_answered"
GAP_NEAR, GAP_LATE = "gap_near", "gap_late"
WHATS: Mapping[str, What] = {
    one.key: one
    for one in (
        _what("reported", _("新上报"), Kind.TASK, {"report"}),
        _what(
            "to_confirm",
            _("核实任务"),
            Kind.TASK,
            {"ask_to_confirm", *_SENT},
            Stage.CONFIRMING,
        ),
        _what("dispatched", _("新派遣"), Kind.TASK, {"dispatch", "rule_ownership"}),
        _what("forwarded", _("批转"), Kind.TASK, {"forward"}),
        _what("resumed", _("恢复处置"), Kind.TASK, {"resume", "wake"}),
        _what(
            "to_verify",
            _("核查任务"),
            Kind.TASK,
            {"ask_to_verify", *_SENT},
            Stage.HANDLED,
        ),
        _what("rework", _("返工"), Kind.TASK, {"rework"}),
        _what("contested", _("举报人不认可结果"), Kind.TASK, {"contest"}),
        _what(WARNING, _("时限预警"), Kind.DEADLINE),
        _what(OVERDUE, _("超期"), Kind.DEADLINE),
        _what("supervised", _("督办"), Kind.PRESSURE, {"supervise"}),
        _what("order_answered", _("督办已答复"), Kind.PRESSURE, {"answer_order"}),
        _what("nudged", _("催办"), Kind.PRESSURE, {"nudge"}),
        _what("asked", _("申请待审批"), Kind.DECISION, {"send_back", "ask_extend", "ask_suspend"}),
        _what(
            "decided",
            _("申请已审批"),
            Kind.DECISION,
            {"take_back", "extend", "suspend", "refuse_request", "grant_appeal", "refuse_appeal"},
        ),
        _what(RECEIVED, _("已收到上报"), Kind.RESULT),
        _what("accepted", _("已受理"), Kind.RESULT, {"accept"}),
        _what("closed", _("已结案"), Kind.RESULT, {"close", "force_close", "pass_answer"}),
        _what("declined", _("不予受理"), Kind.RESULT, {"decline"}),
        _owed(GAP_MADE, pgettext_lazy("notice", "差距任务"), Kind.TASK),
        _owed(GAP_BACK, _("差距任务被退回"), Kind.TASK),
        _owed(GAP_NEAR, _("差距任务临近期限"), Kind.DEADLINE),
        _owed(GAP_LATE, _("差距任务超期"), Kind.DEADLINE),
        _owed(GAP_ANSWERED, _("差距任务已答复"), Kind.DECISION),
        _what(HOOK, _("出站推送已暂停"), Kind.SYSTEM),
    )
}
HEARD = frozenset().union(*(what.verbs for what in WHATS.values()))


class Audience(models.TextChoices):
    """收件人: the case's own persons; of what a room above is owed, whoever answers for it."""

    HANDLER = "handler", _("承办单位处置人员")
    UNIT_LEAD = "unit_lead", _("承办单位负责人")
    ASSISTING = "assisting", _("协办单位处置人员")
    COLLECTOR = "collector", _("指派的监督员")
    SENDER = "sender", _("派遣该案的派遣员")
    ASKER = "asker", _("提出申请的人")
    ORDERER = "orderer", _("督办人")
    LEADER = "leader", _("分管领导")
    REPORTER = "reporter", _("同意接收通知的举报人")
    ANSWERER = "answerer", _("责任对象的负责人")


POST = "post:"


def audiences() -> list[tuple[str, str | Promise]]:
    """可选收件人: the case's own, then everybody in a post whose area or unit the case lies in."""
    own: list[tuple[str, str | Promise]] = [(one.value, one.label) for one in Audience]
    return own + [(POST + one.value, one.label) for one in Post]


def audience_title(key: str) -> str:
    """收件人的名称."""
    return str(dict(audiences()).get(key, key))


def heard_of(verb: str, stage: str) -> list[What]:
    """哪些事由 an entry is, by its verb and the stage that the case then stood at."""
    return [
        what
        for what in WHATS.values()
        if verb in what.verbs and (not what.stage or what.stage == stage)
    ]
