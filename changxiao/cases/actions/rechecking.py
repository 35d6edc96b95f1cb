"""抽查: a verified case looked at again by another collector, drawn by lot. No answer waits for it:
the case goes its road meanwhile, and what was found wrong is reported anew under its own number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.cases import lots, rules
from changxiao.cases.actions.base import Admitted, admitted, record
from changxiao.cases.actions.intake import Problem, report
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.models import Case, Channel
from changxiao.cases.models_recheck import Recheck
from changxiao.catalog import policy
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

State = Recheck.State


def draw_recheck(
    case: Case, verified: Entry, *, seed: Entry, among: Sequence[str], act: Act
) -> Case:
    """抽中抽查: the lot fell on this check; the entry holds all that the draw was made from.

    Raises Refused("not_drawn") where the lot did not fall on it, Refused("drawn_already") where it
    did before, and Refused("same_person") for a collector who verified or fed back.
    """
    opened = seed.data["seed"]
    percent = Entry.objects.get(stream=seed.stream, verb="commit_seed").data["percent"]
    if not lots.is_drawn(opened, verified.hash, percent=percent):
        raise Refused("not_drawn", _("签没有抽中这次核查"))
    with admitted(case, "draw_recheck", act) as done:
        row = done.case
        before = Recheck.everything.filter(case=row)
        if before.filter(Q(entry=verified) | Q(state=State.OPEN)).exists():
            raise Refused("drawn_already", _("本次核查已抽中过，不再抽"))
        if {row.handled_by, verified.actor} & set(among):
            raise Refused("same_person", _("反馈人和核查人不能抽查自己的案卷"))
        collector = lots.pick(opened, verified.hash, among)
        told = {
            "entry": verified.hash,
            "lot": seed.stream,
            "among": sorted(among),
            "collector": collector,
        }
        Recheck.everything.create(
            case=row,
            entry=verified,
            first=verified.actor,
            collector=collector,
            drawn_at=done.at,
            due_at=_due(done),
        )
        return record(done, body=told)


def redraw_recheck(case: Case, *, leaver: str, among: Sequence[str], act: Act) -> Case:
    """重抽抽查人: whom the lot named left; the same lot names another of `among`, with a new limit.

    Raises Refused("no_recheck") where it is not the leaver's any more, and Refused("same_person")
    for a collector who verified, fed back or left.
    """
    with admitted(case, "redraw_recheck", act) as done:
        row = _waiting(done, State.OPEN)
        if row.collector != leaver:
            raise Refused("no_recheck", _("本次抽查已不在离岗的监督员手上，无须重抽"))
        if {done.case.handled_by, row.first, leaver} & set(among):
            raise Refused("same_person", _("反馈人和核查人不能抽查自己的案卷"))
        drawn = done.case.entries.filter(verb="draw_recheck").last()
        assert drawn is not None
        seed = Entry.objects.get(stream=drawn.data["lot"], verb="open_seed").data["seed"]
        row.collector = lots.pick(seed, row.entry.hash, among)
        row.due_at = _due(done)
        row.save(update_fields=["collector", "due_at"])
        told = {"entry": row.entry.hash, "lot": drawn.data["lot"], "leaver": leaver}
        return record(done, body=told | {"among": sorted(among), "collector": row.collector})


def _due(done: Admitted) -> datetime:
    limit, calendar = policy.limit("recheck_limit"), done.calendar()
    return calendar.due_after(done.at, calendar.seconds(limit), limit.unit)


def recheck(case: Case, *, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """抽查相符: another collector stood there and it is fixed."""
    return _looked(case, "recheck", State.AGREES, act, photos)


def dispute_check(case: Case, *, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """抽查不符: it is not fixed; the shift leader decides what follows, and it counts for the first
    checker unless he finds that it came after the check."""
    rules.need_text(act.note, field="note", name=_("现场情况"))
    return _looked(case, "dispute_check", State.DIFFERS, act, photos)


def _looked(case: Case, verb: str, found: str, act: Act, photos: Sequence[Shown]) -> Case:
    if not any(one.is_picture for one in photos):
        raise Refused("photos_missing", _("请至少拍一张现场照片"), field="photos")
    with admitted(case, verb, act) as done:
        row = _waiting(done, State.OPEN)
        _check_collector(done, row)
        row.state, row.done_at, row.done_by = found, done.at, act.actor
        row.save(update_fields=["state", "done_at", "done_by"])
        told = record(done, body={"entry": row.entry.hash, **listed(photos)})
        attach(told, photos, told.head)
        return told


def _check_collector(done: Admitted, row: Recheck) -> None:
    who = done.act.actor
    if who in {row.first, done.case.handled_by}:
        raise Refused("same_person", _("反馈人和核查人不能抽查自己的案卷"), field="actor")
    if row.collector and row.collector != who:
        raise Refused("not_yours", _("本次抽查抽到其他监督员，请由其办理"), field="actor")


def follow_up(case: Case, *, act: Act) -> Case:
    """重新上报: what the second look found is a report of its own; gives the new case."""
    with admitted(case, "follow_up", act) as done:
        row = _waiting(done, State.DIFFERS)
        old = done.case
        told = _("抽查不符：%(number)s 未修复。%(note)s") % {
            "number": old.code or old.number,
            "note": act.note,
        }
        problem = Problem(
            channel=Channel.COLLECTOR,
            subcategory=old.subcategory,
            component=old.component,
            lon=old.lon,
            lat=old.lat,
            address=old.address,
            description=told.strip(),
        )
        made = report(problem, act=act.derive("follow_up"))
        _decided(done, row, State.FOLLOWED, into=made)
        return made


def excuse_check(case: Case, *, act: Act) -> Case:
    """抽查不计: what was found came after the check, so it does not count for the first checker."""
    rules.need_text(act.note, field="note", name=_("不计的理由"))
    with admitted(case, "excuse_check", act) as done:
        return _decided(done, _waiting(done, State.DIFFERS), State.EXCUSED)


def _decided(done: Admitted, row: Recheck, state: str, into: Case | None = None) -> Case:
    row.state, row.decided_by, row.follow_up = state, done.act.actor, into
    row.save(update_fields=["state", "decided_by", "follow_up"])
    told: dict[str, Any] = {"entry": row.entry.hash}
    return record(done, body=told | ({"into": into.number} if into else {}))


def _waiting(done: Admitted, state: str) -> Recheck:
    rows = Recheck.everything.filter(case=done.case, state=state).select_related("entry")
    found = rows.order_by("id").first()
    if found is None:
        message = _("本案卷没有“%(state)s”的抽查")
        raise Refused("no_recheck", message % {"state": State(state).label})
    return found
