"""模板标签: a case as one row of a list, drawn once for the same words.

Twenty dispatchers look at the same head of the queue, and a row says the same to each of them until
a minute has gone or its case changes. What is remembered is a function of all that the row shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from changxiao.cases.channels import icon_of
from changxiao.cases.models import Satisfaction
from changxiao.kernel.day import city_zone, local_time
from changxiao.ui.deadline import Standing

if TYPE_CHECKING:
    from changxiao.cases.views.queue import Row

register = template.Library()
KEPT = 4096  # rows a process remembers, about two kB each


@dataclass(frozen=True, slots=True)
class Shown:
    """一行所示: every word of it, and the day and language that it is said in."""

    number: str
    n: int
    stage: str
    stage_label: str
    channel: str
    channel_icon: str
    title: str
    where: str
    unit: str
    urgent: bool
    contested: bool
    standing: Standing | None
    due_at: datetime | None
    ended_at: datetime | None
    day: date
    language: str


@register.simple_tag(takes_context=True)
def case_row(context: dict[str, Any], row: Row) -> SafeString:
    """案卷一行, by the template `cases/_row.html`."""
    return drawn(row, context.get("now") or timezone.now())


def drawn(row: Row, now: datetime) -> SafeString:
    """案卷一行 as markup."""
    case = row.case
    return _drawn(
        Shown(
            number=case.number,
            n=case.n,
            stage=case.stage,
            stage_label=case.get_stage_display(),
            channel=case.get_channel_display(),
            channel_icon=icon_of(case.channel),
            title=case.subcategory.label,
            where=row.where,
            unit=case.unit.name if case.unit else "",
            urgent=case.urgent,
            contested=case.satisfaction == Satisfaction.UNSATISFIED,
            standing=row.standing,
            due_at=case.due_at,
            ended_at=case.ended_at,
            day=local_time(now).date(),
            language=get_language() or "",
        )
    )


@lru_cache(KEPT)
def _drawn(row: Shown) -> SafeString:
    noon = datetime.combine(row.day, time(12), city_zone())
    return render_to_string("cases/_row.html", {"row": row, "now": noon})
