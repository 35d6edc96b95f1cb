"""政策取值 about 评价: how long the ranked may object."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit

EVALUATION: Mapping[str, Setting] = {
    "evaluation_object": Setting(
        Limit(Decimal(5), TimeUnit.WORK_DAY),
        gettext_lazy("评价申诉时限"),
        meaning=gettext_lazy("排名公示后，被评对象多久内可以申诉；过了才能封存。"),
    ),
    "gap_answer": Setting(
        Limit(Decimal(10), TimeUnit.WORK_DAY),
        gettext_lazy("差距任务答复时限"),
        meaning=gettext_lazy("外部扣分或短板成为差距任务后，责任单位多久内要答复整改情况。"),
    ),
    "shortcoming_gap": Setting(
        Decimal(5),
        gettext_lazy("短板：比其他单位差多少个百分点"),
        0,
        100,
        gettext_lazy("通报里，差这么多个百分点以上且超出波动范围的指标列为短板。"),
    ),
    # A contract says what a point costs; without a figure the slip has points only.
    "deduction_per_point": Setting(
        "",
        gettext_lazy("考核扣款：每分多少元"),
        meaning=gettext_lazy(
            "合同编号=元，空格隔开，*为其余合同，如 *=200 HT-2026-07=500；留空则扣款单只列分数。"
        ),
    ),
}


def per_point(written: str) -> dict[str, Decimal]:
    """每分多少元, by contract number; "*" is every other. Refused `policy_unreadable`."""
    found: dict[str, Decimal] = {}
    for part in written.split():
        contract, _sign, amount = part.rpartition("=")
        try:
            found[contract] = Decimal(amount)
        except InvalidOperation:
            found[contract] = Decimal(-1)
        if not contract or not found[contract].is_finite() or found[contract] < 0:
            sentence = _("“%(part)s”不可用：请写成 合同编号=元，如 *=200") % {"part": part[:40]}
            raise Refused("policy_unreadable", sentence, field="deduction_per_point")
    return found


def _per_point(written: str) -> str:
    per_point(written)
    return written


EVALUATION_TEXTS = {"deduction_per_point": _per_point}
