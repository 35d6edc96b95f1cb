"""模板标签: chains, ties and debts of a case, and the bar for many: asked where they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Q
from django.utils import timezone

from changxiao.cases import access, chains, many, previewing, rules, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import AFTER_DISPATCH, Step
from changxiao.cases.models import Case
from changxiao.cases.models_amendment import Amendment
from changxiao.cases.previewing import Difference
from changxiao.catalog import known
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import new_key
from changxiao.kernel.refused import Refused

register = template.Library()
TIED = ("number", "stage", "address", "subcategory", "duplicate_of", "split_from")


@dataclass(frozen=True, slots=True)
class Chained:
    """连办按钮: its address, its words, and whether it is the fast lane."""

    name: str
    title: str
    fast: bool


@register.simple_tag
def chains_open(case: Case) -> list[Chained]:
    """可办连办: where the viewer's posts can take every step of it from here."""
    flow = flow_in_force()
    posts = access.acting_posts(scope.current(), case)
    maybe = case.urgent or case.criterion_id is None
    found = chains.open_to(flow, case.stage, posts, urgent=maybe)
    told = [Chained(c.name, chains.title(chains.steps_of(flow, c)), c.fast) for c in found]
    if any(one.fast for one in told) and not _can_be_urgent(case):
        told = [one for one in told if not one.fast]
    return told


def _can_be_urgent(case: Case) -> bool:
    if case.criterion_id is not None:
        return case.urgent
    return FilingCriterion.objects.of(case.subcategory).filter(urgent=True).exists()


@dataclass(frozen=True, slots=True)
class Ties:
    """相关案卷: what this one was joined to or split from, and what was joined to or from it."""

    lead: Case | None
    joined: list[Case]
    first: Case | None
    split: list[Case]

    def __bool__(self) -> bool:
        return bool(self.lead or self.joined or self.first or self.split)


@register.simple_tag
def ties_of(case: Case) -> Ties:
    """相关案卷 within the viewer's reach; one statement."""
    up = [pk for pk in (case.duplicate_of_id, case.split_from_id) if pk is not None]
    mine = Q(duplicate_of=case) | Q(split_from=case) | Q(pk__in=up)
    rows = list(Case.objects.filter(mine).only(*TIED).order_by("id"))
    for row in rows:
        row.subcategory = known.by_id(row.subcategory_id)
    by_pk = {row.pk: row for row in rows}
    return Ties(
        by_pk.get(case.duplicate_of_id or 0),
        [row for row in rows if row.duplicate_of_id == case.pk],
        by_pk.get(case.split_from_id or 0),
        [row for row in rows if row.split_from_id == case.pk],
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """待同意的更正: with what it would change, or why it no longer can."""

    asked: Amendment
    differences: list[Difference]
    why_not: str = ""


@register.simple_tag
def amendment_of(case: Case) -> Waiting | None:
    """待同意的更正: before → after as of now."""
    if case.stage not in AFTER_DISPATCH:
        return None
    asked = case.amendments.filter(state=Amendment.State.PENDING).first()
    if asked is None:
        return None
    try:
        change = verbs.asked_change(case)
        return Waiting(asked, previewing.differences(case, change, timezone.now()))
    except Refused as no:
        return Waiting(asked, [], no.sentence)


@register.simple_tag
def owed_of(case: Case) -> list[str]:
    """待补录, in words."""
    held = case.owed.split(",") if case.owed else []
    return [str(item.label) for item in rules.Owed if item.value in held]


@register.simple_tag
def newer_limit(case: Case) -> FilingCriterion | None:
    """目录已改: the version in force, where the case runs by an older one with another limit."""
    own = case.criterion
    if own is None or case.ended or own.until_date is None:
        return None
    now = FilingCriterion.objects.current().filter(code=own.code).first()
    return now if now is not None and now.limit != own.limit else None


@register.simple_tag
def many_steps() -> list[Step]:
    """成批步骤: those that the viewer's posts may take on many cases at once."""
    posts = scope.current().posts()
    steps = [flow_in_force().step(verb) for verb in many.VERBS]
    return [step for step in steps if step.posts & posts]


@register.simple_tag
def act_key() -> str:
    """动作键 of a form that is drawn and not opened."""
    return new_key()


@register.simple_tag
def refused_of(rows: list[Any]) -> int:
    """不能办的行数 of a preview."""
    return sum(row.refusal is not None for row in rows)
