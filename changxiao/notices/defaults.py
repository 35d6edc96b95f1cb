"""默认通知规则: what holds until a city says otherwise. Words for people, kept as a city's own are.

A row of the city's with the same key replaces a line here; dropping it brings this line back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.notices.whats import (
    GAP_ANSWERED,
    GAP_BACK,
    GAP_LATE,
    GAP_MADE,
    GAP_NEAR,
    OVERDUE,
    RECEIVED,
    WARNING,
    Audience,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """通知规则 in force: one occasion × one audience."""

    what: str
    audience: str
    channels: tuple[str, ...]
    text: str
    urgent: bool = False
    enabled: bool = True

    @property
    def key(self) -> str:
        """键: "dispatched:handler"."""
        return f"{self.what}:{self.audience}"


GROUPS = ("wecom", "dingtalk", "feishu")
HERE = ("in_app", "web_push")
LOUD = ("in_app", "web_push", *GROUPS)
RESIDENT = ("wechat", "sms")
A = Audience

DEFAULTS: Mapping[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "to_confirm",
            A.COLLECTOR,
            HERE,
            "待核实：{类别}，{地点}，受理号{受理号}。{说明}",
        ),
        Rule(
            "dispatched",
            A.HANDLER,
            LOUD,
            "新任务：{类别}，{地点}，受理号{受理号}，应于{应处置时间}前处置。",
        ),
        Rule("dispatched", A.ASSISTING, HERE, "请协办：{类别}，{地点}，受理号{受理号}。"),
        Rule("forwarded", A.HANDLER, HERE, "转来任务：{类别}，{地点}，受理号{受理号}。{说明}"),
        Rule(
            "resumed",
            A.HANDLER,
            HERE,
            "恢复处置：{类别}，{地点}，受理号{受理号}，应于{应处置时间}前处置。",
        ),
        Rule("to_verify", A.COLLECTOR, HERE, "待核查：{类别}，{地点}，受理号{受理号}。"),
        Rule(
            "rework",
            A.HANDLER,
            LOUD,
            "返工：{类别}，{地点}，受理号{受理号}，应于{应处置时间}前处置。{说明}",
            urgent=True,
        ),
        Rule(
            "contested",
            "post:shift_leader",
            HERE,
            "举报人不认可结果：{类别}，{地点}，受理号{受理号}。",
        ),
        Rule(
            WARNING,
            A.HANDLER,
            LOUD,
            "临近时限：{类别}，{地点}，受理号{受理号}，{剩余}，应于{应处置时间}前处置。",
        ),
        Rule(
            OVERDUE,
            A.HANDLER,
            LOUD,
            "已超期：{类别}，{地点}，受理号{受理号}，应处置时间为{应处置时间}。",
        ),
        Rule(
            OVERDUE,
            A.UNIT_LEAD,
            HERE,
            "本单位案卷已超期：{类别}，{地点}，受理号{受理号}，应处置时间为{应处置时间}。",
        ),
        Rule(WARNING, A.COLLECTOR, HERE, "临近时限：{环节}，{类别}，{地点}，受理号{受理号}。"),
        Rule(
            "supervised",
            A.HANDLER,
            LOUD,
            "督办：{类别}，{地点}，受理号{受理号}。{说明}",
            urgent=True,
        ),
        Rule(
            "supervised",
            A.UNIT_LEAD,
            HERE,
            "督办：{类别}，{地点}，受理号{受理号}。{说明}",
            urgent=True,
        ),
        Rule(
            "order_answered", A.ORDERER, HERE, "督办已答复：{类别}，{地点}，受理号{受理号}。{说明}"
        ),
        Rule("nudged", A.HANDLER, HERE, "催办：{类别}，{地点}，受理号{受理号}。{说明}"),
        Rule("asked", A.SENDER, HERE, "{事项}：{单位}，{类别}，{地点}，受理号{受理号}。{说明}"),
        Rule("decided", A.ASKER, HERE, "{事项}：{类别}，{地点}，受理号{受理号}。{说明}"),
        Rule(
            RECEIVED,
            A.REPORTER,
            RESIDENT,
            "您反映的{类别}（{地点}）已收到，受理号{受理号}。看进展：{查询链接}",
        ),
        Rule(
            "closed",
            A.REPORTER,
            RESIDENT,
            "您反映的{类别}（受理号{受理号}）已办结。{答复} 详情：{查询链接}",
        ),
        Rule(
            "declined",
            A.REPORTER,
            RESIDENT,
            "您反映的{类别}（受理号{受理号}）没有受理。{答复} 详情：{查询链接}",
        ),
        Rule(GAP_MADE, A.ANSWERER, LOUD, "差距任务：{单位}，{事项}，请于{期限}前答复。{说明}"),
        Rule(
            GAP_BACK,
            A.ANSWERER,
            LOUD,
            "差距任务被退回：{单位}，{事项}，请于{期限}前再答复。{说明}",
        ),
        Rule(GAP_NEAR, A.ANSWERER, LOUD, "差距任务临近期限：{单位}，{事项}，应于{期限}前答复。"),
        Rule(
            GAP_LATE, A.ANSWERER, LOUD, "差距任务已超期：{单位}，{事项}，应于{期限}前答复。{说明}"
        ),
        Rule(
            GAP_ANSWERED,
            "post:center_director",
            HERE,
            "差距任务已答复，请认可或退回：{单位}，{事项}。{说明}",
        ),
        Rule("hook_paused", "post:city_admin", HERE, "{事项}：{说明}"),
    )
}
