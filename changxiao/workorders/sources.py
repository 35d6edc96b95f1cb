"""工单来源 in force: the city's rows, else the four that every city has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.cases.models import Channel
from changxiao.kernel.refused import Refused
from changxiao.workorders.models import OrderSource

SHIPPED: Mapping[str, tuple[str | Promise, str]] = {
    "12345": (gettext_lazy("12345 政务服务便民热线"), Channel.HOTLINE.value),
    "upper": (gettext_lazy("上级交办"), Channel.UPPER.value),
    "letters": (gettext_lazy("来信来访"), Channel.LETTER.value),
    "media": (gettext_lazy("媒体曝光"), Channel.MEDIA.value),
}
# What may stand below a heading of the answer sheet.
ANSWERS: Mapping[str, str | Promise] = {
    "answer": gettext_lazy("答复（退单时为退单理由）"),
    "unit": gettext_lazy("承办单位"),
    "ended": gettext_lazy("办结时间"),
    "state": gettext_lazy("办理状态"),
    "solved": gettext_lazy("是否解决"),
    "satisfaction": gettext_lazy("满意度"),
    "case": gettext_lazy("受理号"),
}
# As 12345 asks for them; a file that has such a column already gets it filled.
USUAL = (
    ("办理状态", "state"),
    ("办理结果", "answer"),
    ("办理单位", "unit"),
    ("办结时间", "ended"),
    ("是否解决", "solved"),
    ("满意度", "satisfaction"),
    ("受理号", "case"),
)


def of(code: str) -> OrderSource:
    """来源 by code; Refused `source_unknown` lists what there is."""
    found = OrderSource.objects.filter(code=code).first() or _shipped(code)
    if found is None:
        message = _("没有工单来源“%(code)s”：可用 %(known)s，或在设置中新增")
        values = {"code": code[:20], "known": "、".join(one.code for one in all_of())}
        raise Refused("source_unknown", message % values, field="source")
    return found


def all_of() -> list[OrderSource]:
    """全部来源, the shipped ones first."""
    rows = {row.code: row for row in OrderSource.objects.all()}
    shipped = [rows.pop(code, None) or _shipped(code) for code in SHIPPED]
    return [one for one in [*shipped, *rows.values()] if one is not None]


def titles() -> dict[str, str]:
    """来源名称, by code."""
    return {one.code: one.title for one in all_of()}


def _shipped(code: str) -> OrderSource | None:
    if code not in SHIPPED:
        return None
    title, channel = SHIPPED[code]
    return OrderSource(code=code, title=str(title), channel=channel)


def answers_of(source: OrderSource) -> list[tuple[str, str]]:
    """答复列 of a source: its own layout, else the usual one."""
    return [(head, what) for head, what in source.answers] or list(USUAL)


def state_of(source: OrderSource) -> dict[str, Any]:
    """来源的内容, as its entry holds it."""
    names = ("title", "channel", "columns", "categories", "subject", "area", "crs", "answers")
    return {name: getattr(source, name) for name in names}
