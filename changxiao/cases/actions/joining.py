"""拆分与并案: one report that names two problems, and two reports that name one.

A joined case ends as 已并案, counted as a duplicate and not as declined (docs/adr/0008); its
reporter gets the answer of the case it points to. A split gives the second problem a case of its
own that has waited as long as the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import clock, flow, rules
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, Admitted, admitted, end, record
from changxiao.cases.actions.calls import ask_back
from changxiao.cases.actions.command import hold_declared, lapse, set_dues
from changxiao.cases.actions.intake import PLACED, Problem, next_serial, report
from changxiao.cases.clock import StageClock
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.written import plain
from changxiao.catalog import timetable
from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.kernel import statements
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import hold, writing
from changxiao.ledger import actions as ledger

Stage = flow.Stage
BEFORE_FILING = frozenset({Stage.REPORTED, Stage.CONFIRMING, Stage.ACCEPTED})
ENDED = ("ended_at", "suspended_until", "held_by", *TIMED)


# -- two reports of one problem ------------------------------------------------------------------


def join(case: Case, *, to: Case, act: Act) -> Case:
    """并案: the case tells of the same problem as `to`, which leads; its own clock stands.

    Both rows are locked in one order, so that two cases never join each other.
    """
    return _join(case, "join", to, act)


def follow(case: Case, *, to: Case, act: Act) -> Case:
    """一起跟进: the reporter himself says that it is `to` over again; a desk may split it off."""
    return _join(case, "follow", to, act)


def _join(case: Case, verb: str, to: Case, act: Act) -> Case:
    with writing():
        lead = _both_locked(case, to)
        with admitted(case, verb, act) as done:
            row = done.case
            _check_lead(row, lead)
            lapsed = lapse(done)
            end(done, _clock_stage(row))
            row.duplicate_of = lead
            row.ended_at = done.at
            row.suspended_until, row.held_by = None, ""
            base.due_now(row, None)
            body = {"from": str(row.stage)} | lapsed
            return record(done, "duplicate_of", "handle_due_at", *ENDED, body=body)


def report_into(problem: Problem, *, to: Case, act: Act) -> Case:
    """并入上报: a call about what is known already: its own report and number, joined at once.

    Two entries in one act, so that nobody ever works on the second; gives the joined case. Raises
    what `report` and `join` raise, and then nothing was reported either.
    """
    with writing():
        # The lead first, as whoever splits it does: a number's lock is taken after a case's.
        statements.locked(Case, to.pk)
        case = report(problem, act=act)
        verb = "join" if act.post else "follow"  # a resident holds no post
        return _join(case, verb, to, act.derive("join"))


def _both_locked(case: Case, to: Case) -> Case:
    rows = {pk: statements.locked(Case, pk) for pk in sorted({case.pk, to.pk})}
    return rows[to.pk]


def _check_lead(case: Case, lead: Case) -> None:
    if lead.pk == case.pk:
        raise Refused("joined_to_itself", _("案卷不能并入自己，请重新选择"), field="to")
    if lead.ended:
        message = _("案卷%(number)s%(stage)s，不能作为主案；请选择在办案卷")
        values = {"number": lead.number, "stage": lead.get_stage_display()}
        raise Refused("lead_ended", message % values, field="to")
    if Case.everything.filter(duplicate_of=case).exists():
        message = _("已有案卷并入本案卷，请以本案卷为主案，把%(number)s并入")
        raise Refused("leads_others", message % {"number": lead.number}, field="to")


def split_off(case: Case, *, act: Act) -> Case:
    """撤销并案: another problem after all; it goes on where it stood with the time it had left."""
    rules.need_text(act.note, field="note", name=_("撤销并案的理由"))
    with admitted(case, "split_off", act) as done:
        row = done.case
        stage = Stage(_stood_at(row))
        row.duplicate_of = row.ended_at = None
        row.answer = row.callback = ""
        row.callback_due_at = None
        kept = base.latest(row, _clock_of(stage), _holder(row, stage))
        if stage == Stage.SUSPENDED:
            stage = Stage.DISPATCHED  # its date was given up with the case
        if kept is not None:
            run = clock.resume(done.calendar(kept.kind), kept.run, done.at, why="split_off")
            base.put(row, replace(kept, run=run))
        if stage == Stage.DISPATCHED:
            hold_declared(done)
            set_dues(done)
        dues = ("handle_due_at", "whole_due_at", "callback", "callback_due_at")
        changed = ("duplicate_of", "ended_at", "answer", "held_by", *dues)
        return record(done, *changed, *TIMED, target=stage)


def _holder(case: Case, stage: Stage) -> str:
    """Whose clock it is: the lead unit's while it handles, else the centres' own."""
    return case.lead_unit.code if case.lead_unit and stage in flow.HANDLING else ""


def _clock_stage(case: Case) -> str:
    return _clock_of(Stage(case.stage))


def _clock_of(stage: Stage) -> str:
    return Stage.DISPATCHED if stage in flow.HANDLING else stage


def _stood_at(case: Case) -> str:
    joined = case.entries.filter(verb__in=("join", "follow")).last()
    assert joined is not None
    return str(joined.data["from"])


def pass_answer(case: Case, *, answer: str, act: Act, answered: bool = False) -> Case:
    """转告答复: the lead has its answer; whoever reported the duplicate gets the same.

    `answered`: the lead was closed in the ordinary way, so whoever wanted it is rung back.
    """
    with admitted(case, "pass_answer", act) as done:
        done.case.answer = answer
        asked = ask_back(done) if answered else ()
        return record(done, "answer", *asked)


# -- one report of two problems ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """另一问题: what the report tells of besides; the photos named go along, the others stay."""

    subcategory: Subcategory
    criterion: FilingCriterion | None = None
    description: str = ""
    photos: Sequence[CasePhoto] = ()


def split(case: Case, *, second: Second, act: Act) -> Case:
    """拆分: the second problem gets a case and number of its own; gives the second case.

    It stands where the first stood before filing, and its clock began when the first's did.
    """
    text = rules.need_text(second.description, field="description", name=_("另一问题的描述"))
    if second.criterion and second.criterion.subcategory_id != second.subcategory.pk:
        raise Refused("criterion_foreign", _("立案标准不属于所选小类"), field="criterion")
    with admitted(case, "split", act) as done:
        made = _second(done, second, text)
        record(done, body={"into": made.number})
        return _written(made, done, second)


def _second(done: Admitted, second: Second, text: str) -> Case:
    first, zone = done.case, city_zone()
    serial = next_serial(f"number:{done.at.astimezone(zone):%Y%m%d}")
    shared = {name: getattr(first, name) for name in SHARED}
    made = Case(
        **shared,
        number=rules.number(done.at, serial, zone),
        stage=first.stage if first.stage in BEFORE_FILING else Stage.ACCEPTED,
        subcategory=second.subcategory,
        criterion=second.criterion,
        urgent=bool(second.criterion and second.criterion.urgent),
        description=text,
        split_from=first,
    )
    _run_since(done, made)
    return made


SHARED = (
    *("channel", "address", "lon", "lat", "district_code", "community_code", "unit_grid_code"),
    *(
        "duty_grid_code",
        "reported_at",
        "occurred_at",
        "reporter",
        "confirmation",
        "checker",
        "wants_callback",
    ),
)


def _run_since(done: Admitted, made: Case) -> None:
    """The clock of the second's stage, from the moment at which the first's began."""
    limit, kind = timetable.stage_limit(made.stage, urgent=made.urgent)
    since = _began(done.case, made.stage)
    run = clock.start(done.calendar(kind), limit, since)
    base.put(made, StageClock(made.stage, limit, run, kind=kind))


def _began(first: Case, stage: str) -> datetime:
    starts = [
        StageClock.from_json(r).run.spans[0].start for r in first.clocks if r["stage"] == stage
    ]
    return starts[-1] if starts else first.reported_at


def _written(made: Case, done: Admitted, second: Second) -> Case:
    act = done.act.derive("second")
    sealed = {"description": ledger.seal(made.description)}
    if made.reporter:
        sealed["reporter"] = made.reporter  # one person stands behind both: erased once for both
    told = {name: plain(getattr(made, name)) for name in (*PLACED, *OWN, *TIMED)}
    body = {"stage": str(made.stage), "set": told, "sealed": sealed}
    made.n = 1
    made.head = ledger.append(
        stream=made.stream, verb="report", act=act, at=done.at, head=None, body=body
    )
    statements.insert(made)
    hold(made)
    CasePhoto.objects.bulk_create(
        [CasePhoto(case=made, photo=p.photo, role=p.role, entry=made.head) for p in second.photos],
        ignore_conflicts=True,
    )
    return made


OWN = ("split_from", "confirmation", "checker", "wants_callback")
