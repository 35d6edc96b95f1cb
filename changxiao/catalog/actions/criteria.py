"""设定立案标准: an edit ends the version in force and opens the next one under the same code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog import policy
from changxiao.catalog.actions.base import Doing, doing
from changxiao.catalog.editions import by_key
from changxiao.catalog.models import FilingCriterion, Need, Responsibility, Subcategory
from changxiao.catalog.models.criteria import before_and_after
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit, parse_limit

URGENT_UNITS = frozenset({TimeUnit.URGENT_HOUR, TimeUnit.URGENT_DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """立案标准草案: all that a criterion says; `successor` is the code of the next stage.

    `urgent` None: urgent where the limit runs in an urgent unit.
    """

    code: str
    subcategory: Subcategory
    condition: str
    limit: Limit
    grade: str = FilingCriterion.Grade.NORMAL.value
    urgent: bool | None = None
    closing_condition: str = ""
    closing_needs: Sequence[str] = field(default_factory=before_and_after)
    capture_rule: str = ""
    condition_en: str = ""
    stage_name: str = ""
    is_first: bool = True
    successor: str = ""
    source: str = ""

    def columns(self) -> dict[str, Any]:
        """各列: as the row holds them, without the successor."""
        urgent = self.limit.unit in URGENT_UNITS if self.urgent is None else self.urgent
        return {
            "subcategory_id": self.subcategory.pk,
            "condition": self.condition.strip(),
            "condition_en": self.condition_en,
            "amount": self.limit.amount,
            "unit": self.limit.unit.value,
            "grade": self.grade,
            "urgent": urgent,
            "closing_condition": self.closing_condition.strip(),
            "closing_needs": [str(Need.read(written)) for written in self.closing_needs],
            "capture_rule": self.capture_rule.strip(),
            "stage_name": self.stage_name,
            "is_first": self.is_first,
            "source": self.source,
        }


def current(code: str) -> FilingCriterion | None:
    """现行版: the version in force."""
    return FilingCriterion.objects.current().filter(code=code).first()


def next_code(subcategory: Subcategory) -> str:
    """下一代码: E0110-03 after E0110-02, over all versions and retired ones."""
    stem = f"{subcategory.key.upper()}-"
    used = set(FilingCriterion.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, 1000) if (code := f"{stem}{n:02d}") not in used)


def draft_of(code: str, state: Mapping[str, Any]) -> Draft:
    """从记录还原草案: the draft that an entry's content describes. Refused `subject_unknown`."""
    subject = by_key(state["subcategory"])
    if subject is None:
        message = _("小类“%(key)s”已不在目录中，无法恢复") % {"key": state["subcategory"]}
        raise Refused("subject_unknown", message, field="subcategory")
    plain = ("condition", "grade", "urgent", "closing_condition", "closing_needs", "capture_rule")
    more = ("condition_en", "is_first", "successor", "source")
    return Draft(
        code=code,
        subcategory=subject,
        limit=parse_limit(state["limit"]),
        stage_name=state["stage"],
        **{name: state[name] for name in (*plain, *more) if name in state},
    )


def same(row: FilingCriterion, draft: Draft) -> bool:
    """无变化: the row already says what the draft says, wherever the draft was read."""
    after = row.successor.code if row.successor else ""
    return after == draft.successor and all(
        getattr(row, name) == value for name, value in draft.columns().items() if name != "source"
    )


def set_criterion(draft: Draft, *, act: Act, since: date | None = None) -> FilingCriterion:
    """设定立案标准: the criterion as the draft has it from today (or `since`, for a first version).

    Cases keep the version they were filed under; responsibilities and the stage before it follow
    to the new one. Refused `condition_missing`, `needs_unknown`, `need_unreadable`,
    `successor_unknown`.
    """
    with doing("set_criterion", act) as now:
        old = (
            FilingCriterion.objects.select_for_update()
            .filter(code=draft.code, until_date__isnull=True)
            .first()
        )
        if old is not None and same(old, draft):
            return old
        was = body_of(old) if old else None
        after = _check(draft)
        row = _next_version(draft, old, now, since)
        row.successor = after
        row.save(force_insert=True)
        if old is not None:
            _follow(old, row)
        told = {"version": row.version, "since": row.since_date.isoformat(), **body_of(row)}
        now.record(row.stream, **told, was=was)
    return row


def retire_criterion(code: str, *, act: Act) -> FilingCriterion:
    """停用立案标准: not offered from today; cases filed under it keep it.

    Refused `criterion_unknown`, `criterion_needed` while a stage before it is in force.
    """
    with doing("retire_criterion", act, stream=f"criterion:{code}") as now:
        row = (
            FilingCriterion.objects.select_for_update()
            .filter(code=code, until_date__isnull=True)
            .first()
        )
        if row is None:
            message = _("没有现行的立案标准“%(code)s”") % {"code": code}
            raise Refused("criterion_unknown", message, field="code")
        before = FilingCriterion.objects.current().filter(successor=row).first()
        if before is not None:
            message = _("立案标准“%(code)s”是“%(before)s”的后续阶段，请先修改后者")
            values = {"code": code, "before": before.code}
            raise Refused("criterion_needed", message % values, field="code")
        row.until_date = max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        until = row.until_date.isoformat()
        now.record(row.stream, version=row.version, until=until, was=body_of(row))
    return row


def _check(draft: Draft) -> FilingCriterion | None:
    if not draft.condition.strip():
        message = _("立案标准“%(code)s”没有立案条件，请填写") % {"code": draft.code}
        raise Refused("condition_missing", message, field="condition")
    return _successor(draft)


def _successor(draft: Draft) -> FilingCriterion | None:
    if not draft.successor:
        return None
    after = current(draft.successor)
    step = after
    while step is not None and step.code != draft.code:
        step = step.successor
    if after is None or step is not None:
        message = _("后续阶段“%(code)s”不可用：须是现行标准，且不回到本标准")
        values = {"code": draft.successor}
        raise Refused("successor_unknown", message % values, field="successor")
    return after


def _next_version(
    draft: Draft, old: FilingCriterion | None, now: Doing, since: date | None
) -> FilingCriterion:
    last = FilingCriterion.objects.filter(code=draft.code).order_by("-version").first()
    day = since if last is None and since is not None else now.day
    if old is not None:
        day = max(day, old.since_date)
        old.until_date = day
        old.save(update_fields=["until_date"])
    version = 1 if last is None else last.version + 1
    return FilingCriterion(code=draft.code, version=version, since_date=day, **draft.columns())


def _follow(old: FilingCriterion, row: FilingCriterion) -> None:
    FilingCriterion.objects.current().filter(successor=old).update(successor=row)
    Responsibility.objects.filter(criterion=old, until_date__isnull=True).update(criterion=row)


def body_of(row: FilingCriterion) -> dict[str, Any]:
    """立案标准内容: all that a version says, as an entry holds it."""
    return {
        "subcategory": row.subcategory.key,
        "condition": row.condition,
        "condition_en": row.condition_en,
        "limit": policy.written(row.limit),
        "grade": row.grade,
        "urgent": row.urgent,
        "closing_condition": row.closing_condition,
        "closing_needs": row.closing_needs,
        "capture_rule": row.capture_rule,
        "stage": row.stage_name,
        "is_first": row.is_first,
        "successor": row.successor.code if row.successor else "",
        "source": row.source,
    }
