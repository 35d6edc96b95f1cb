"""差距任务的消息: whoever answers hears of tasks, of a return and of limits, the office of the
answer. What was made of one sheet or ranking at once is one message to each of them. A consumer of
the log and a sweep; both may run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.catalog import policy, timetable
from changxiao.evaluation.gaps.answering import Answerers, answerers
from changxiao.evaluation.gaps.flow import GapState
from changxiao.evaluation.gaps.listing import Shown, shown
from changxiao.evaluation.models_gaps import GapTask
from changxiao.kernel.day import local_time
from changxiao.kernel.transactions import writing
from changxiao.ledger.models import Entry
from changxiao.notices import duties, outbox
from changxiao.notices.audience import Directory
from changxiao.notices.duties import Owed
from changxiao.notices.outbox import Draft
from changxiao.notices.whats import GAP_ANSWERED, GAP_BACK, GAP_LATE, GAP_MADE, GAP_NEAR
from changxiao.orgs.models import Staff, Unit

HEARD: Mapping[str, str] = {
    "open_gap": GAP_MADE,
    "send_back_gap": GAP_BACK,
    "answer_gap": GAP_ANSWERED,
}
MOST_NAMED = 3  # units or items in one message
WEEK = timedelta(weeks=1)  # until the next word of a task that is late
_STREAM = "gap:"


def concerns(entry: Entry) -> bool:
    """是否相关."""
    return entry.stream.startswith(_STREAM) and duties.is_news(entry)


def hear(entries: Sequence[Entry]) -> Callable[[], object] | None:
    """听记录: the messages that these entries give rise to, read before the writers' turn."""
    now = timezone.now()
    heard = [one for one in entries if concerns(one)]
    rows = GapTask.everything.filter(number__in={_number(one) for one in heard})
    tasks = {one.task.number: one for one in shown(list(rows), now)}
    people = Directory(now)
    made = {_number(one) for one in heard if one.verb == "open_gap"}
    drafts = list(_made([tasks[one].task for one in sorted(made & set(tasks))], people, now))
    drafts += [
        draft
        for entry in heard
        if entry.verb != "open_gap" and (one := tasks.get(_number(entry))) is not None
        for draft in _about([one], HEARD[entry.verb], entry.hash, people, entry)
    ]
    return partial(outbox.put, drafts, now) if drafts else None


def _made(tasks: Iterable[GapTask], people: Directory, now: datetime) -> Iterator[Draft]:
    """下达: all that was made in the same moment, however its entries are handed over."""
    for source, at in dict.fromkeys((one.source, one.made_at) for one in tasks):
        rows = GapTask.everything.filter(source=source, made_at=at)
        those = shown(list(rows.exclude(state=GapState.CANCELLED).order_by("id")), now)
        told = f"gaps:{source}/{at.isoformat()}"
        yield from _about(those, GAP_MADE, told, people)


def sweep(now: datetime) -> int:
    """清扫: what comes near its limit, once; what is late, at once and then every week."""
    office, limit = timetable.calendar_for("office"), policy.limit("gap_answer")
    share = policy.value("warning_share")
    ahead = int(office.seconds(limit) * (1 - share)) if isinstance(share, Decimal) else 0
    near = office.due_after(now, ahead, limit.unit)
    rows = GapTask.everything.filter(state=GapState.OPEN, due_at__lte=near)
    people = Directory(now)
    together: dict[tuple[str, str], list[Shown]] = {}
    for one in shown(list(rows.order_by("id")), now):
        together.setdefault(_of_limit(one, now), []).append(one)
    drafts = [
        draft
        for (what, told), those in together.items()
        for draft in _about(those, what, told, people)
    ]
    if not drafts:
        return 0
    with writing():
        return outbox.put(drafts, now)


def _number(entry: Entry) -> str:
    return entry.stream.removeprefix(_STREAM)


def _of_limit(one: Shown, now: datetime) -> tuple[str, str]:
    """What the limit says, and what all that came of one source at once share."""
    due = one.task.due_at
    what = GAP_LATE if one.late else GAP_NEAR
    times = (now - due) // WEEK if one.late else 0
    return what, f"gaps:{one.task.source}/{due.isoformat()}/{what}/{times}"


def _about(
    those: Sequence[Shown], what: str, told: str, people: Directory, entry: Entry | None = None
) -> Iterator[Draft]:
    """草稿: to each his own of these, in one message; its maker hears of no making."""
    actor = entry.actor if entry else ""
    if what == GAP_MADE and those:
        actor = those[0].task.made_by
    for own, whose in _each(those, people):
        owed = Owed(_subject(own, whose), _words(own, entry), whose.people, whose.units)
        yield from duties.drafts(what, owed, told, people, actor=actor)


def _each(those: Sequence[Shown], people: Directory) -> Iterator[tuple[Sequence[Shown], Answerers]]:
    """分给各人: all for the posts that a rule names; then everybody's, and every group's."""
    if those:
        yield those, Answerers([], [])
    persons: dict[Staff, list[Shown]] = {}
    units: dict[Unit, list[Shown]] = {}
    for one in those:
        whose = answerers(one.task.kind, one.task.group, people)
        for person in whose.people:
            persons.setdefault(person, []).append(one)
        for unit in whose.units:
            units.setdefault(unit, []).append(one)
    yield from ((own, Answerers([person], [])) for person, own in persons.items())
    yield from ((own, Answerers([], [unit])) for unit, own in units.items())


def _subject(own: Sequence[Shown], whose: Answerers) -> str:
    """打开什么: the task; of several the list of those."""
    if len(own) == 1:
        return own[0].task.number
    told = {"source": own[0].task.source} | ({"own": "1"} if whose.people else {})
    return urlencode(told)


def _words(own: Sequence[Shown], entry: Entry | None) -> dict[str, str]:
    task = own[0].task
    return {
        "编号": task.number if len(own) == 1 else task.source,
        "单位": _list(one.name for one in own),
        "事项": _list(one.title for one in own),
        "扣分": _taken(own),
        "期限": f"{local_time(task.due_at):%m-%d %H:%M}",
        "说明": _remark(own, entry),
    }


def _list(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    if len(known) <= MOST_NAMED:
        return _("、").join(known)
    told = {"names": _("、").join(known[:MOST_NAMED]), "count": len(known)}
    return _("%(names)s 等 %(count)d 个") % told


def _taken(own: Sequence[Shown]) -> str:
    taken = [Decimal(one.task.minus) for one in own if one.task.minus]
    return f"{sum(taken, Decimal(0)):f}" if taken else ""


def _remark(own: Sequence[Shown], entry: Entry | None) -> str:
    if entry is not None:
        return str(entry.act.get("note", ""))
    if len(own) == 1:
        return own[0].what
    return _("共 %(n)d 项差距任务。") % {"n": len(own)}
