"""差距任务: made of confirmed deductions or of a bulletin's shortcomings; answered by whoever is
ranked, accepted or sent back by the office."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import clock
from changxiao.cases.rules import need_text
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.evaluation.access import answers_for
from changxiao.evaluation.actions import proving
from changxiao.evaluation.actions.base import admitted
from changxiao.evaluation.gaps.flow import GAP_STEPS, GapState
from changxiao.evaluation.gaps.rules import Gap, Standing, gaps_of, replaced
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.rankings.marks import Line
from changxiao.evaluation.schemes import Scheme
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry

MOST_PROOF = 400
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """The act and its one legal moment."""

    act: Act
    at: datetime


@dataclass(frozen=True, slots=True)
class _Of:
    """What tasks are made of: a sheet or an evaluation, and the kind of those ranked."""

    key: str
    period: str
    origin: str
    number: str
    kind: str


def of_sheet(row: ScoreSheet, scheme: Scheme, deed: Deed) -> None:
    """扣分成任务: within the confirmation of a sheet, one for each item and ranked one. Open tasks
    of the sheets that it takes the place of are kept where all of theirs is still taken off, else
    cancelled."""
    lines = [Line(**one) for one in row.lines]
    wanted = gaps_of(scheme, lines)
    items = {line.item for line in lines}
    every = GapTask.everything.select_for_update(of=("self",)).filter(
        key=row.key, period=row.period, origin=GapTask.Origin.SCORE
    )
    rows = every.filter(item__in=items).exclude(state=GapState.CANCELLED).order_by("id")
    tasks = list(rows)
    gone, new = replaced([_standing(one) for one in tasks], wanted)
    for task in (tasks[n] for n in gone):
        gone_by = Deed(deed.act.derive(task.number), deed.at)
        _moved(task, "cancel_gap", GapState.CANCELLED, gone_by)
    titles = {one.key: one.title for one in scheme.outside}
    told = [
        {
            "item": one.item,
            "title": titles[one.item],
            "group": one.group,
            "minus": one.minus,
            "rows": [row.told() for row in one.rows],
            "what": "",
            "evidence": "",
        }
        for one in new
    ]
    of = _Of(row.key, row.period, GapTask.Origin.SCORE, row.number, scheme.group)
    _open(of, told, deed)


def _standing(task: GapTask) -> Standing:
    gap = Gap(task.item, task.group, task.deductions)
    return Standing(gap, task.state == GapState.OPEN)


def make_gap_tasks(
    evaluation: Evaluation, *, chosen: Collection[tuple[str, str]], act: Act
) -> Sequence[GapTask]:
    """列为差距任务: chosen shortcomings of a published ranking, by group and indicator.

    Refused `nothing_chosen`, `gap_known` where one is a task already, `gap_unknown`.
    """
    with admitted(evaluation, "make_gap_tasks", act) as done:
        from changxiao.evaluation.gaps.shortcomings import columns, found_in  # charts: see `later`

        row = done.row
        if not chosen:
            raise Refused("nothing_chosen", _("请至少选一项短板"), field="chosen")
        found = {(one.group, one.indicator): one for one, _words in found_in(row)}
        for one in chosen:
            if one not in found:
                raise Refused("gap_unknown", _("短板已有变化，请刷新后再选"), field="chosen")
        old = GapTask.everything.filter(source=row.number).exclude(state=GapState.CANCELLED)
        if set(old.values_list("group", "item")) & set(chosen):
            raise Refused("gap_known", _("所选短板中有的已经列为任务，请刷新"), field="chosen")
        told = [columns(one, row.number) for place, one in found.items() if place in set(chosen)]
        done.record({"chosen": sorted([group, item] for group, item in chosen)})
        kind = row.result["scheme"]["group"]
        of = _Of(row.key, row.period, GapTask.Origin.SHORTCOMING, row.number, kind)
        return _open(of, told, Deed(act, done.at))


def _open(of: _Of, told: list[Facts], deed: Deed) -> list[GapTask]:
    # One at a time for a scheme, else two tasks would take the same number.
    versions = SchemeVersion.objects.select_for_update(of=("self",))
    versions.filter(key=of.key).order_by("version").first()
    office, limit = timetable.calendar_for("office"), policy.limit("gap_answer")
    due = clock.start(office, limit, deed.at).due
    assert due is not None  # the limit is in working days
    first = GapTask.everything.filter(key=of.key, period=of.period).count() + 1
    found = []
    for n, one in enumerate(told, first):
        task = GapTask(number=f"{of.key}-{of.period}-{n}", key=of.key, period=of.period, **one)
        task.origin, task.source, task.kind, task.due_at = of.origin, of.number, of.kind, due
        task.made_by, task.made_at = deed.act.actor, deed.at
        more = {"origin": str(of.origin), "source": of.number, "kind": of.kind}
        body = {**one, **more, "key": of.key, "period": of.period, "due_at": plain(due)}
        made = deed.act.derive(task.number)
        task.head = ledger.append(
            stream=task.stream, verb="open_gap", act=made, at=deed.at, body=body
        )
        task.save()
        found.append(task)
    return found


def answer_gap(task: GapTask, *, proof: str, act: Act, files: Sequence[Photo] = ()) -> GapTask:
    """答复差距任务: what was done, in words, with the evidence as files, and where else it lies.

    Refused `note_missing`, `not_yours`, `not_now`, `proof_long`, and as `proving.check` does.
    """
    words = need_text(act.note, field="note", name=_("整改情况"))
    if len(proof) > MOST_PROOF:
        most = {"most": MOST_PROOF}
        raise Refused("proof_long", _("证据最多 %(most)d 个字") % most, field="proof")
    with _admitted(task, "answer_gap", act) as (row, at):
        proving.check(files)
        row.answer, row.proof = words, proof.strip()
        row.answered_by, row.answered_at = act.actor, at
        told = {"files": [one.sha256 for one in files]} if files else {}
        done = _moved(row, "answer_gap", GapState.ANSWERED, Deed(act, at), told)
        proving.attach(done, files, act=act, at=at)
        return done


def accept_gap(task: GapTask, *, act: Act) -> GapTask:
    """认可: the gap is closed. Refused `not_yours`, `not_now`."""
    with _admitted(task, "accept_gap", act) as (row, at):
        row.opinion, row.judged_by, row.judged_at = act.note.strip(), act.actor, at
        return _moved(row, "accept_gap", GapState.ACCEPTED, Deed(act, at))


def send_back_gap(task: GapTask, *, act: Act) -> GapTask:
    """退回: to be answered again, with the reason; the limit stays. Refused `note_missing`."""
    words = need_text(act.note, field="note", name=_("退回理由"))
    with _admitted(task, "send_back_gap", act) as (row, at):
        row.opinion, row.judged_by, row.judged_at = words, act.actor, at
        return _moved(row, "send_back_gap", GapState.OPEN, Deed(act, at))


@contextmanager
def _admitted(task: GapTask, verb: str, act: Act) -> Iterator[tuple[GapTask, datetime]]:
    step = GAP_STEPS[verb]
    with writing():
        row = GapTask.everything.select_for_update(of=("self",)).get(pk=task.pk)
        try:
            if step.own and not answers_for(scope.current(), row.kind, row.group):
                raise Refused("not_yours", _("只能答复自己负责的差距任务"), field="group")
            if not step.own and act.post not in step.posts:
                raise Refused("not_yours", _("由监督中心主任或指挥中心主任认可"), field="post")
            if row.state != step.source:
                told = {"state": row.state_words}
                raise Refused("not_now", _("差距任务现为“%(state)s”，不能这样办理") % told)
            yield row, act.moment()
        except Refused:
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise


def _moved(
    row: GapTask, verb: str, state: GapState, deed: Deed, told: Mapping[str, object] | None = None
) -> GapTask:
    row.state = state
    head = Entry.objects.get(pk=row.head_id)
    body = {"state": str(state), "proof": row.proof, **(told or {})}
    row.head = ledger.append(
        stream=row.stream, verb=verb, act=deed.act, at=deed.at, head=head, body=body
    )
    row.save()
    return row
