"""核对事实: the facts, made from the log alone, against the tables that the city works with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.cases.models import Case
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.feed.fold import CONTENT
from changxiao.ledger import log
from changxiao.patrols.models import MissedReport

ROWS = ("subcategory", "criterion", "lead_unit")
STANDS = (MissedReport.State.CONFIRMED, MissedReport.State.UPHELD)


def check(facts: store.Facts) -> Iterator[str]:
    """核对: a sentence for every file that was changed, for facts of another log, and for each
    case whose facts are not what its row says. Rows that moved on since are left to the next
    export."""
    yield from store.faults(facts)
    code = home_city().code
    source = facts.cities.get(code)
    if source is None:
        yield _("事实库里没有本市 %(city)s：请先运行 changxiao facts export。") % {"city": code}
        return
    if source.size > log.size() or (source.size and log.root(source.size).hex() != source.root):
        yield _("事实库来自另一份总账：请加 --rebuild 重新导出。")
        return
    yield from _rows(facts, code, source.size)


def _rows(facts: store.Facts, city: str, size: int) -> Iterator[str]:
    told = {row["number"]: row for row in _facts(facts, city)}
    missed = set(MissedReport.everything.filter(state__in=STANDS).values_list("case_id", flat=True))
    cases = Case.everything.filter(head__leaf__index__lt=size).select_related(*ROWS)
    for case in cases.order_by("number").iterator(chunk_size=500):
        row = told.pop(case.number, None)
        if row is None:
            yield _("案卷%(number)s没有事实") % {"number": case.number}
            continue
        yield from _differences(case, row, missed=case.pk in missed)
    moved = Case.everything.filter(number__in=list(told)).values_list("number", flat=True)
    for number in sorted(set(told) - set(moved)):
        yield _("事实“%(number)s”没有对应的案卷") % {"number": number}


def _facts(facts: store.Facts, city: str) -> Iterator[dict[str, Any]]:
    for part in facts.of("cases"):
        if part.city == city:
            path = facts.folder / part.file
            yield from pq.read_table(path, schema=schema.arrow("cases")).to_pylist()


def _differences(case: Case, row: dict[str, Any], *, missed: bool) -> Iterator[str]:
    held = _held(case) | {"missed": missed}
    if case.stage == "suspended":
        held.pop("due_at")  # the row has none, the facts the one from before
    for name, value in held.items():
        if row[name] != value:
            message = _("案卷%(number)s的%(name)s应为%(held)s，事实为%(told)s")
            told = {"number": case.number, "name": name, "held": value, "told": row[name]}
            yield message % told


def _held(case: Case) -> dict[str, Any]:
    """What the columns of the row say, without its entries."""
    ended = _naive(case.ended_at)
    return {
        "stage": case.stage,
        "channel": case.channel,
        "category": case.subcategory.key,
        "criterion": f"{case.criterion.code}/{case.criterion.version}" if case.criterion else "",
        "urgent": case.urgent,
        "district": case.district_code,
        "community": case.community_code,
        "unit_grid": case.unit_grid_code,
        "duty_grid": case.duty_grid_code,
        "x": round(case.lon * 1e7),
        "y": round(case.lat * 1e7),
        "department": case.lead_unit.code if case.lead_unit else "",
        "reported_at": _naive(case.reported_at),
        "filed_at": _naive(case.filed_at),
        "dispatched_at": _naive(case.dispatched_at),
        "due_at": _naive(case.handle_due_at),
        "closed_at": ended if case.stage == "closed" else None,
        "close_due_at": _naive(case.whole_due_at),
        "voided_at": ended if case.stage == "voided" else None,
        "joined_at": ended if case.stage == "joined" else None,
        "late": case.handled_late,
        "forced": case.forced,
        "suspended": case.stage == "suspended",
        "appeal_upheld": case.exempt,
        "reworks": case.rework_count,
        "returns": case.send_back_count,
        "extensions": case.extension_count,
        "supervised": case.order_count,
        "on_spot": case.stage == "on_spot",
        "reopened": case.contest_count > 0,
        "solved": case.solved,
        "satisfied": CONTENT.get(case.satisfaction),
        "called_back": case.callback == "reached",
    }


def _naive(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC).replace(tzinfo=None) if at else None
