"""疑点列表: flags within reach by state, kind and unit, their counts, and the same as xlsx."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from changxiao.cases import access
from changxiao.cases.flow import DEFAULT
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.cases.plausible import FlagKind
from changxiao.kernel import scope, spreadsheet
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.spreadsheet import MOST, Column, Sheet
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.orgs.models import Staff, Unit

NEWEST = ("-made_at", "-id")
WITH = ("case__subcategory", "case__lead_unit", "photo", "other", "other_case", "entry")
State = EvidenceFlag.State


@dataclass(frozen=True, slots=True)
class Row:
    """一行: a flag, who acted and in which step; the other case where the reader may see it."""

    flag: EvidenceFlag
    who: str
    step: str
    other: Case | None


@dataclass(frozen=True, slots=True)
class Tally:
    """一个计数 and the filter that opens the rows behind it."""

    value: str
    label: str
    count: int


def wanted(told: Mapping[str, str]) -> dict[str, str]:
    """筛选: state (open unless told), kind, unit; Refused("parameter_unreadable")."""
    found = {
        "state": told.get("state", State.OPEN.value),
        "kind": told.get("kind", ""),
        "unit": told.get("unit", ""),
    }
    if found["state"] not in {*State.values, "all"}:
        raise _unreadable("state", found["state"])
    if found["kind"] and found["kind"] not in FlagKind.values:
        raise _unreadable("kind", found["kind"])
    return found


def _unreadable(name: str, value: str) -> Refused:
    message = _("筛选条件%(name)s的值“%(value)s”不存在，请重新选择")
    told = {"name": name, "value": value[:40]}
    return Refused("parameter_unreadable", message % told, field=name)


def filtered(asked: Mapping[str, str]) -> QuerySet[EvidenceFlag]:
    """疑点 within the viewer's reach that match."""
    rows = EvidenceFlag.objects.select_related(*WITH)
    if asked["state"] != "all":
        rows = rows.filter(state=asked["state"])
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["unit"]:
        rows = rows.filter(case__lead_unit__code=asked["unit"])
    return rows


def counts(asked: Mapping[str, str]) -> tuple[list[Tally], list[Tally]]:
    """计数: by state, and by kind within the state that is shown; one statement."""
    rows = EvidenceFlag.objects.order_by().values_list("state", "kind").annotate(n=Count("pk"))
    if asked["unit"]:
        rows = rows.filter(case__lead_unit__code=asked["unit"])
    told = list(rows)
    states = [
        Tally(s.value, str(s.label), sum(n for state, _kind, n in told if state == s))
        for s in State
    ]
    here = {asked["state"]} if asked["state"] != "all" else set(State.values)
    kinds = [
        Tally(k.value, str(k.label), sum(n for s, kind, n in told if kind == k and s in here))
        for k in FlagKind
    ]
    return states, [kind for kind in kinds if kind.count]


def units() -> list[tuple[str, str]]:
    """可选单位: those whose cases have flags within reach."""
    led = EvidenceFlag.objects.order_by().values("case__lead_unit")
    return list(Unit.objects.filter(pk__in=led).order_by("path").values_list("code", "name"))


def rows_of(flags: Sequence[EvidenceFlag]) -> list[Row]:
    """各行; who acted is a name here, for these readers know people."""
    actors = {flag.entry.actor for flag in flags}
    names = dict(Staff.objects.filter(username__in=actors).values_list("username", "name"))
    others = {flag.other_case_id for flag in flags} - {None}
    seen = Case.objects.in_bulk(others) if others else {}
    return [
        Row(
            flag,
            names.get(flag.entry.actor, flag.entry.actor),
            str(DEFAULT.step(flag.entry.verb).title),
            seen.get(flag.other_case_id),
        )
        for flag in flags
    ]


def decides(viewer: scope.Viewer, flag: EvidenceFlag) -> bool:
    """可处理: the centre director of the place, while it is open."""
    from changxiao.cases.actions.flags import DECIDES

    return flag.state == State.OPEN and DECIDES in access.acting_posts(viewer, flag.case)


def write(rows: QuerySet[EvidenceFlag], asked: Mapping[str, str], post: str) -> IO[bytes]:
    """导出: the list as filtered, logged before the first byte leaves."""
    name = scope.current().name
    with writing():
        body = {"list": "flags", "filters": dict(asked), "most": MOST}
        act = Act(actor=name, post=post, key=str(uuid.uuid4()))
        ledger.append(stream=f"export:{name}", verb="export", act=act, body=body)
    keys = list(rows.order_by(*NEWEST).values_list("pk", flat=True)[:MOST])
    columns = [Column(title, width) for title, width in _columns()]
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    spreadsheet.write(file, Sheet(_("证据疑点"), "", columns, keys, _read))
    file.seek(0)
    return file


def _read(keys: Sequence[int]) -> Iterable[Sequence[Any]]:
    found = EvidenceFlag.objects.select_related(*WITH).in_bulk(list(keys))
    for row in rows_of([found[key] for key in keys if key in found]):
        yield [*_cells(row), row.flag.made_at]


def _columns() -> Sequence[tuple[str, int]]:
    return (
        (_("案卷"), 22),
        (_("疑点"), 24),
        (_("测得"), 26),
        (_("步骤"), 12),
        (_("办理人"), 12),
        (_("承办单位"), 26),
        (_("另一案卷"), 22),
        (_("状态"), 10),
        (_("理由"), 40),
        (_("发现时间"), 18),
    )


def _cells(row: Row) -> list[Any]:
    flag = row.flag
    lead = flag.case.lead_unit
    return [
        flag.case.code or flag.case.number,
        str(FlagKind(flag.kind).label),
        flag.measure,
        row.step,
        row.who,
        lead.name if lead else "",
        (row.other.code or row.other.number) if row.other else "",
        str(State(flag.state).label),
        flag.reason,
    ]
