"""案卷作业: what happens by itself (挂账到期, 应急暂停, 列疑点, 词索引), safe to run twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from changxiao.cases import actions, collectors, flagging, indexing, lots
from changxiao.cases.actions.lots import commit_seed, open_seed, stream
from changxiao.cases.assigning import Choice, OnShift
from changxiao.cases.drawing import ONE, checked
from changxiao.cases.flow import CHECKED, TASKS, Stage
from changxiao.cases.models import Case
from changxiao.cases.models_recheck import Recheck
from changxiao.cases.models_suggesting import SuggestionUse
from changxiao.cases.suggesting.uses import uses_of
from changxiao.catalog import timetable
from changxiao.catalog.models import Emergency
from changxiao.catalog.snapshot import rules
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed

BATCH = 500
GRACE = timedelta(minutes=1)
LOOKED_BACK = 14  # days: a worker that stood longer draws no older lot


def index_cases(entries: Sequence[Entry]) -> Callable[[], object]:
    """词索引: the cases of these entries, each once however many entries it has among them; their
    words are made before the writers' turn."""
    return partial(indexing.INDEX.put, indexing.rows({entry.stream for entry in entries}))


def count_suggestions(entries: Sequence[Entry]) -> Callable[[], object] | None:
    """建议采用: how what was taken stood in what was suggested; read before the writers' turn."""
    rows = [use for entry in entries for use in uses_of(entry)]
    if not rows:
        return None
    return partial(SuggestionUse.objects.bulk_create, rows, ignore_conflicts=True)


def wake_suspended(now: datetime) -> int:
    """挂账到期: wake every case whose suspension has ended; tells how many."""
    due = Case.everything.filter(stage=Stage.SUSPENDED, suspended_until__lte=now)
    cases = due.order_by("suspended_until")[:BATCH]
    return sum(_quietly(partial(_wake, case, now)) for case in cases)


def _wake(case: Case, now: datetime) -> None:
    key = _key("wake", case, case.suspended_until)
    actions.wake(case, act=Act.system("sweep", key, at=now))


def assign_tasks(now: datetime) -> int:
    """派核实、核查: each task without a name goes to a collector on shift, or its clock waits.

    A step just taken may yet be recalled by whoever took it, so its task goes out a minute later.
    """
    rows = Case.everything.filter(stage__in=TASKS, checker="")
    ripe = rows.filter(head__at__lte=now - GRACE).order_by("queue_at", "id")[:BATCH]
    cases, changed = list(ripe), 0
    present = collectors.on_shift(now) if cases else []
    for case in cases:
        choice = collectors.choice_for(case, present)
        if choice is not None:
            changed += _quietly(partial(_assign, case, choice, now))
            present = [_busier(one, choice.username) for one in present]
        elif case.due_at is not None and now < case.due_at:
            act = Act.system("sweep", _key("await", case, case.n), at=now)
            changed += _quietly(partial(actions.await_collector, case, act=act))
    return changed


def _assign(case: Case, choice: Choice, now: datetime) -> None:
    act = Act.system("sweep", _key("assign", case, case.n), at=now)
    actions.assign(case, collector=choice.username, why=choice.why, act=act)


def hand_on_tasks(now: datetime) -> int:
    """换班转交: each task whose collector's shift is over goes to one on shift, or waits."""
    rows = Case.everything.filter(stage__in=TASKS).exclude(checker="")
    if not rows.exists():
        return 0
    present, changed = collectors.on_shift(now), 0
    held = rows.exclude(checker__in={one.username for one in present})
    cases = list(held.order_by("queue_at", "id")[:BATCH])
    for case in collectors.off_shift(cases, present, now):
        choice = collectors.choice_for(case, present)
        changed += _quietly(partial(_hand_on, case, choice, now))
        if choice is not None:
            present = [_busier(one, choice.username) for one in present]
    return changed


def _hand_on(case: Case, choice: Choice | None, now: datetime) -> None:
    act = Act.system("sweep", _key("hand_on", case, case.n), at=now)
    to, why = (choice.username, choice.why) if choice else ("", "")
    actions.hand_on(case, leaver=case.checker, collector=to, why=why, act=act)


def _busier(one: OnShift, username: str) -> OnShift:
    return replace(one, tasks=one.tasks + 1) if one.username == username else one


def draw_rechecks(now: datetime) -> int:
    """抽签: seeds for today and tomorrow, then the lot of each day that is over; one statement
    where nothing is due."""
    today = local_date(now)
    days = [today + n * ONE for n in range(-LOOKED_BACK, 2)]
    known = Entry.objects.filter(stream__in=[stream(day) for day in days]).order_by("n")
    last = {entry.stream: entry for entry in known}
    for day in days[-2:]:
        if stream(day) not in last:
            commit_seed(day, act=_lot(f"commit_seed/{day}", now))
    due = [day for day in days[:-2] if getattr(last.get(stream(day)), "verb", "") == "commit_seed"]
    return sum(_draw(day, last[stream(day)], now) for day in due)


def _draw(day: date, committed: Entry, now: datetime) -> int:
    with writing():
        opened = open_seed(committed, act=_lot(f"open_seed/{day}", now))
        seed, percent = opened.data["seed"], committed.data["percent"]
        drawn = [
            (case, verified)
            for case, verified in checked(day, committed.at)
            if lots.is_drawn(seed, verified.hash, percent=percent)
        ]
        held = collectors.appointed(now) if drawn else []
        for case, verified in drawn:
            among = collectors.eligible(case, held, barred={case.handled_by, verified.actor})
            act = _lot(f"draw_recheck/{verified.hash}", now)
            actions.draw_recheck(case, verified, seed=opened, among=among, act=act)
    return len(drawn)


def redraw_rechecks(now: datetime) -> int:
    """重抽: each second look whose collector is none of the place any more goes to another who is,
    by the same lot; two statements where nobody left."""
    open_ = Recheck.everything.filter(state=Recheck.State.OPEN, case__stage__in=CHECKED)
    rows = list(open_.exclude(collector="").select_related("case", "entry").order_by("id")[:BATCH])
    held = collectors.appointed(now) if rows else []
    changed = 0
    for row in rows:
        barred = {row.case.handled_by, row.first}
        among = collectors.eligible(row.case, held, barred=barred)
        if row.collector not in among:
            act = _lot(f"redraw_recheck/{row.entry.hash}/{row.case.n}", now)
            redraw = partial(actions.redraw_recheck, row.case, leaver=row.collector, act=act)
            changed += _quietly(partial(redraw, among=among))
    return changed


def _lot(what: str, now: datetime) -> Act:
    return Act.system("lot", str(uuid.uuid5(NAMESPACE, what)), at=now)


def follow_emergencies(now: datetime) -> int:
    """应急令: hold the limits that an order in force names, release those whose order has ended."""
    changed = 0
    running = Case.everything.filter(stage=Stage.DISPATCHED, criterion__urgent=False)
    rows = running.select_related("criterion__subcategory")
    if any(o.from_at <= now and not _over(o, now) for o in rules().emergencies):
        # Read whole: a refused verb rolls back, and SQLite then closes every open cursor.
        for case in list(rows.filter(held_by="")):
            changed += _hold(case, now)
    for case in Case.everything.exclude(held_by="").select_related("criterion__subcategory"):
        changed += _release(case, now)
    return changed


def flag_evidence(entry: Entry) -> int:
    """列疑点: what is odd about the photos and the pace of one entry of a case."""
    return flagging.flag(entry)


def _over(order: Emergency, now: datetime) -> bool:
    return order.to_at is not None and order.to_at <= now


def _hold(case: Case, now: datetime) -> int:
    assert case.criterion is not None
    order = timetable.held_by(case.criterion, case.community_code, now)
    if order is None:
        return 0
    act = Act.system("sweep", _key(f"hold/{order.order_number}", case, case.n), at=now)
    return _quietly(partial(actions.hold, case, order=order.order_number, act=act))


def _release(case: Case, now: datetime) -> int:
    criterion = case.criterion
    if criterion is not None and not case.ended:
        order = timetable.held_by(criterion, case.community_code, now)
        if order is not None and order.order_number == case.held_by:
            return 0
    if case.ended:
        return 0
    act = Act.system("sweep", _key(f"release/{case.held_by}", case, case.n), at=now)
    return _quietly(partial(actions.release, case, act=act))


def answer_duplicates(entry: Entry) -> None:
    """转告答复: whoever reported a duplicate is told what the lead's reporter is told."""
    lead = Case.everything.filter(number=entry.stream.partition(":")[2]).first()
    if lead is None or not lead.answer:
        return
    for case in list(Case.everything.filter(duplicate_of=lead).order_by("id")):
        act = Act.system("duplicates", _key("pass_answer", case, entry.hash), at=entry.at)
        told = partial(actions.pass_answer, case, answer=lead.answer, act=act)
        _quietly(partial(told, answered=entry.verb == "close"))


def _key(what: str, case: Case, which: object) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{what}/{case.number}/{which}"))


def _quietly(verb: Callable[[], object]) -> int:
    # Somebody was faster: the case moved on, or another worker did the same act.
    try:
        verb()
    except (Refused, Replayed):
        return 0
    return 1
