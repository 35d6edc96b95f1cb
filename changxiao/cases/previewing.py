"""更正预览: before → after of a correction, its new due times included, before it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import places
from changxiao.cases.actions import Change
from changxiao.cases.actions.amending import apply, copy_of
from changxiao.cases.actions.base import Admitted, flow_in_force
from changxiao.cases.models import Case
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_time


@dataclass(frozen=True, slots=True)
class Difference:
    """一处不同: what it is called, and both values in words."""

    title: str
    before: str
    after: str


def differences(case: Case, change: Change, now: datetime) -> list[Difference]:
    """更正前后: tried on a copy; raises Refused as the verb would."""
    copy = copy_of(case)
    step = flow_in_force().step("amend")
    apply(Admitted(copy, step, Act.system("preview"), now), change)
    before, after = _told(case), _told(copy)
    return [
        Difference(title, before[title], after[title])
        for title in before
        if before[title] != after[title]
    ]


def _told(case: Case) -> dict[str, str]:
    return dict(_lines(case))


def _lines(case: Case) -> Iterator[tuple[str, str]]:
    yield _("小类"), case.subcategory.label
    yield _("立案标准"), _criterion(case)
    yield _("紧急"), _("是") if case.urgent else _("否")
    yield _("地址"), case.address or "—"
    yield _("位置"), f"{places.of_case(case)}（{case.lon:.5f}，{case.lat:.5f}）"
    yield _("责任网格"), case.duty_grid_code or "—"
    yield _("本环节时限"), _moment(case.due_at)
    yield _("应处置时间"), _moment(case.handle_due_at)
    yield _("应结案时间"), _moment(case.whole_due_at)
    yield _("处置超期"), _("是") if case.handled_late else _("否")


def _criterion(case: Case) -> str:
    found = case.criterion
    return f"{found.condition}（{found.limit}）" if found else "—"


def _moment(at: datetime | None) -> str:
    return f"{local_time(at):%Y-%m-%d %H:%M}" if at else "—"
