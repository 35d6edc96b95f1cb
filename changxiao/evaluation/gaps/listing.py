"""差距任务的列表: by state and scheme, within the viewer's reach, with names in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.evaluation.access import own_gaps
from changxiao.evaluation.gaps.flow import GAP_WORDS, GapState
from changxiao.evaluation.gaps.shortcomings import what_of
from changxiao.evaluation.listing import latest_schemes, title_of
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.naming import names_of
from changxiao.kernel import scope
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet

LATE = "late"
STATES: dict[str, str | Promise] = {
    "": gettext_lazy("全部"),
    LATE: gettext_lazy("超期未答复"),
    **{str(state): words for state, words in GAP_WORDS.items()},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """一项任务, in words."""

    task: GapTask
    name: str
    title: str
    what: str
    scheme: str
    late: bool

    @property
    def evidence(self) -> str:
        """证据, those of all deductions."""
        rows = self.task.deductions
        return "\n".join(one.evidence for one in rows if one.evidence) or self.task.evidence

    @property
    def contract(self) -> str:
        """合同, those of all deductions."""
        named = dict.fromkeys(one.contract for one in self.task.deductions if one.contract)
        return "\n".join(named)


def gaps(asked: Mapping[str, str], now: datetime) -> QuerySet[GapTask]:
    """差距任务 as asked for, those due first at the top."""
    rows = GapTask.objects.all()
    if asked.get("scheme"):
        rows = rows.filter(key=asked["scheme"])
    if asked.get("source"):
        rows = rows.filter(source=asked["source"])
    if asked.get("own"):
        rows = rows.filter(own_gaps(scope.current()))
    state = asked.get("state", "")
    if state == LATE:
        return rows.filter(state=GapState.OPEN, due_at__lt=now)
    return rows.filter(state=state) if state in STATES and state else rows


def counts(asked: Mapping[str, str], now: datetime) -> list[tuple[str, str, int]]:
    """各现状几项; one statement."""
    by = {str(state): Count("pk", filter=Q(state=state)) for state in GapState}
    late = Count("pk", filter=Q(state=GapState.OPEN, due_at__lt=now))
    rows = gaps({**asked, "state": ""}, now).order_by()
    found = rows.aggregate(every=Count("pk"), late=late, **by)
    return [(name, str(words), found[name or "every"]) for name, words in STATES.items()]


def shown(tasks: Sequence[GapTask], now: datetime) -> list[Shown]:
    """各任务; a statement for each kind of group, and one for the schemes."""
    schemes = {one.key: one.title for one in latest_schemes()}
    names: dict[tuple[str, str], str] = {}
    for kind in {one.kind for one in tasks}:
        codes = sorted({one.group for one in tasks if one.kind == kind})
        names |= {(kind, code): name for code, name in names_of(kind, codes).items()}
    return [
        Shown(
            task=one,
            name=names[one.kind, one.group],
            title=title_of(one.item) if one.origin == GapTask.Origin.SHORTCOMING else one.title,
            what=what_of(one, names[one.kind, one.group]),
            scheme=schemes.get(one.key, one.key),
            late=one.state == GapState.OPEN and one.due_at < now,
        )
        for one in tasks
    ]


def sheet(wanted: Mapping[str, str], now: datetime) -> Sheet:
    """差距任务导出, as filtered, within the viewer's reach."""
    keys = list(gaps(wanted, now).values_list("pk", flat=True)[:MOST])
    columns = [
        Column(_("编号"), 26),
        Column(_("责任对象"), 20),
        Column(_("方案"), 24),
        Column(_("周期"), 10),
        Column(_("由来"), 12),
        Column(_("项目"), 18),
        Column(_("扣分"), 8),
        Column(_("问题"), 50),
        Column(_("证据"), 30),
        Column(_("合同"), 20),
        Column(_("现状"), 10),
        Column(_("答复期限")),
        Column(_("整改情况"), 50),
        Column(_("整改证据"), 30),
        Column(_("答复时间")),
        Column(_("办理意见"), 30),
    ]

    def read(some: Sequence[int]) -> Iterable[Row]:
        held = GapTask.objects.in_bulk(list(some))
        for one in shown([held[key] for key in some if key in held], now):
            task = one.task
            yield (
                *(task.number, one.name, one.scheme, task.period, task.get_origin_display()),
                *(one.title, task.minus, one.what, one.evidence, one.contract, task.state_words),
                *(task.due_at, task.answer, task.proof, task.answered_at, task.opinion),
            )

    return Sheet(_("差距任务"), "", columns, keys, read)
