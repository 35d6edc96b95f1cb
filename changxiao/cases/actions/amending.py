"""更正: category, criterion or place of a case were wrong; what is due follows from the right ones.

The running limit is told anew from its original start, so that a correction neither gives nor
takes time. Once a unit answers for the case a second person agrees. Number and code stay, whatever
district the place turns out to lie in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from changxiao.areas.locate import locator
from changxiao.cases import clock, flow, rules
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, Admitted, admitted, record
from changxiao.cases.actions.command import set_dues
from changxiao.cases.actions.intake import choose
from changxiao.cases.clock import StageClock
from changxiao.cases.models import Case
from changxiao.cases.models_amendment import Amendment
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

DISPATCHED = flow.Stage.DISPATCHED
PLACE = ("address", "lon", "lat")
AREA = ("district_code", "community_code", "unit_grid_code", "duty_grid_code")
AMENDED = (
    *("subcategory", "criterion", "component", "urgent", *PLACE, *AREA),
    *("handle_due_at", "whole_due_at", "handled_late", *TIMED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """更正内容: only what is given changes. Coordinates come together, WGS-84 degrees."""

    subcategory: Subcategory | None = None
    criterion: FilingCriterion | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None

    def against(self, case: Case) -> Change:
        """与现状相比: only what is really another than the case has."""
        moved = (self.lon, self.lat) != (case.lon, case.lat)
        kind = self.subcategory if self.subcategory != case.subcategory else None
        written = self.address if self.address != case.address else None
        return Change(
            subcategory=kind,
            criterion=self.criterion if kind or self.criterion != case.criterion else None,
            address=written,
            lon=self.lon if moved else None,
            lat=self.lat if moved else None,
        )

    def to_json(self) -> dict[str, Any]:
        """保存形式, by codes."""
        told = {
            "subcategory": self.subcategory.key if self.subcategory else None,
            "criterion": self.criterion.code if self.criterion else None,
            "address": self.address,
            "lon": self.lon,
            "lat": self.lat,
        }
        return {name: value for name, value in told.items() if value is not None}


def amend(case: Case, *, change: Change, act: Act) -> Case:
    """更正: before the case is dispatched, by the desk that has it, with the reason."""
    rules.need_text(act.note, field="note", name=_("更正理由"))
    with admitted(case, "amend", act) as done:
        apply(done, change)
        return record(done, *AMENDED)


def ask_amend(case: Case, *, change: Change, act: Act) -> Case:
    """申请更正: after dispatch nothing changes until another person has agreed."""
    reason = rules.need_text(act.note, field="note", name=_("更正理由"))
    with admitted(case, "ask_amend", act) as done:
        row = done.case
        if row.amendments.filter(state=Amendment.State.PENDING).exists():
            raise Refused("already_asked", _("已有一项更正待同意，请等待答复"))
        _tried(row, change, done)
        row = record(done, body={"change": written_change(change)})
        Amendment.objects.create(
            case=row,
            change=change.to_json(),
            reason=reason,
            asked_by=act.actor,
            asked_at=done.at,
        )
        return row


def agree_amend(case: Case, *, change: Change, act: Act) -> Case:
    """同意更正: what was asked for (`change`, as the request holds it) happens now."""
    with admitted(case, "agree_amend", act) as done:
        _settle(done, Amendment.State.GRANTED, change)
        apply(done, change)
        return record(done, *AMENDED)


def refuse_amend(case: Case, *, act: Act) -> Case:
    """不同意更正: with the reason; nothing changes."""
    rules.need_text(act.note, field="note", name=_("不同意的理由"))
    with admitted(case, "refuse_amend", act) as done:
        _settle(done, Amendment.State.REFUSED, None)
        return record(done)


def _settle(done: Admitted, state: str, change: Change | None) -> None:
    asked = done.case.amendments.filter(state=Amendment.State.PENDING).first()
    if asked is None:
        raise Refused("nothing_asked", _("没有待同意的更正"))
    if asked.asked_by == done.act.actor:
        raise Refused("same_person", _("申请人不能审批自己的申请，请由他人办理"), field="actor")
    if change is not None and change.to_json() != asked.change:
        raise Refused("amendment_moved", _("待同意的更正已变，请重新打开后再办"))
    asked.state, asked.decided_by, asked.decided_at = state, done.act.actor, done.at
    asked.opinion = done.act.note
    asked.save(update_fields=["state", "decided_by", "decided_at", "opinion"])


def written_change(change: Change) -> dict[str, Any]:
    """入账形式: an entry holds no floats."""
    return {name: plain(value) for name, value in change.to_json().items()}


def _tried(case: Case, change: Change, done: Admitted) -> None:
    """What could not be agreed to is not asked for: the change is made on a copy first."""
    apply(replace(done, case=copy_of(case)), change)


def copy_of(case: Case) -> Case:
    """副本, to try a change on; its clocks are its own."""
    columns = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    copy = Case(**columns | {"clocks": [dict(row) for row in case.clocks]})
    for name in base.POINTS_TO:
        if name in case._state.fields_cache:
            setattr(copy, name, getattr(case, name))
    return copy


# -- what changes --------------------------------------------------------------------------------


def apply(done: Admitted, change: Change) -> None:
    """改正: the columns, and every limit that follows from them; raises Refused, saves nothing."""
    row = done.case
    before = _subject(row)
    _name_anew(row, change)
    _place_anew(row, change)
    if _subject(row) == before:
        raise Refused("nothing_changed", _("更正后与原来相同，请改动类别、立案标准或位置"))
    _tell_anew(done)


def _subject(case: Case) -> tuple[Any, ...]:
    return tuple(getattr(case, name) for name in (*PLACE, "subcategory_id", "criterion_id"))


def _name_anew(row: Case, change: Change) -> None:
    kind = change.subcategory or (change.criterion.subcategory if change.criterion else None)
    if kind is not None and kind.pk != row.subcategory_id:
        row.subcategory = kind
        row.criterion, row.urgent = None, False
        if kind.kind != "component":
            row.component = None
    if change.criterion is not None:
        choose(row, change.criterion)
    if row.criterion is None and row.stage not in {
        flow.Stage.REPORTED,
        flow.Stage.CONFIRMING,
        flow.Stage.ACCEPTED,
    }:
        raise Refused("criterion_missing", _("已立案的案卷须同时选择立案标准"), field="criterion")


def _place_anew(row: Case, change: Change) -> None:
    if change.address is not None:
        row.address = change.address.strip()[:200]
    if change.lon is None or change.lat is None:
        return
    place = locator().at(change.lon, change.lat)
    row.lon, row.lat = round(change.lon, 7), round(change.lat, 7)
    row.district_code, row.community_code = place.district_code, place.community_code
    row.unit_grid_code, row.duty_grid_code = place.unit_grid, place.duty_grid


def _tell_anew(done: Admitted) -> None:
    row = done.case
    if row.lead_unit is not None and row.due_source == "rule":
        _handling_anew(done)
    stage = flow.Stage(row.stage)
    kept = None if stage in flow.HANDLING else base.running(row, stage)
    if kept is not None:
        limit, kind = timetable.stage_limit(stage, urgent=row.urgent)
        run = clock.retold(done.calendar(kind), kept.run, limit)
        base.put(row, replace(kept, limit=limit, kind=kind, run=run))


def _handling_anew(done: Admitted) -> None:
    """The lead's newest clock by the right criterion and place, as the rules stood at its start."""
    row = done.case
    assert row.lead_unit is not None and row.criterion is not None
    kept = base.latest(row, DISPATCHED, row.lead_unit.code)
    if kept is None:
        return
    limit, reasons = timetable.effective_limit(row.criterion, row.community_code, kept.began)
    floor = policy.limit("rework_floor")
    run = clock.retold(done.calendar(kept.kind), kept.run, limit, floor=floor)
    told = StageClock(DISPATCHED, limit, run, kept.unit, kept.kind, tuple(reasons))
    due, queue = row.due_at, row.queue_at
    base.put(row, told)
    if fed := base.fed_back(row):
        row.handled_late = any(one.run.late for one in fed)
    if row.stage in {flow.Stage.HANDLED, flow.Stage.VERIFIED} and row.handle_due_at is not None:
        # What stands since the feedback is what would have stood: the rest of the road too.
        row.due_at = clock.due_at_stop(done.calendar(told.kind), run)
        set_dues(done)
    if row.stage == DISPATCHED:
        set_dues(done)
    else:
        row.due_at, row.queue_at = due, queue
