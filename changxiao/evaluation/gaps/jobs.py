"""差距任务的消息: whoever answers hears of a task, of its return and its limit, the office of the
answer. A consumer of the log and a sweep; both may run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from changxiao.catalog import policy, timetable
from changxiao.evaluation.gaps.answering import answerers
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

HEARD: Mapping[str, str] = {
    "open_gap": GAP_MADE,
    "send_back_gap": GAP_BACK,
    "answer_gap": GAP_ANSWERED,
}
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
    drafts = [
        draft
        for entry in heard
        if (one := tasks.get(_number(entry))) is not None
        for draft in _about(one, HEARD[entry.verb], entry.hash, people, entry)
    ]
    return partial(outbox.put, drafts, now) if drafts else None


def sweep(now: datetime) -> int:
    """清扫: what comes near its limit, once; what is late, at once and then every week."""
    office, limit = timetable.calendar_for("office"), policy.limit("gap_answer")
    share = policy.value("warning_share")
    ahead = int(office.seconds(limit) * (1 - share)) if isinstance(share, Decimal) else 0
    near = office.due_after(now, ahead, limit.unit)
    rows = GapTask.everything.filter(state=GapState.OPEN, due_at__lte=near)
    people = Directory(now)
    drafts = [draft for one in shown(list(rows), now) for draft in _of_limit(one, people, now)]
    if not drafts:
        return 0
    with writing():
        return outbox.put(drafts, now)


def _number(entry: Entry) -> str:
    return entry.stream.removeprefix(_STREAM)


def _of_limit(one: Shown, people: Directory, now: datetime) -> Iterator[Draft]:
    due = one.task.due_at
    what = GAP_LATE if one.late else GAP_NEAR
    times = (now - due) // WEEK if one.late else 0
    yield from _about(one, what, f"{one.task.stream}/{due.isoformat()}/{what}/{times}", people)


def _about(
    one: Shown, what: str, told: str, people: Directory, entry: Entry | None = None
) -> Iterator[Draft]:
    task = one.task
    whose = answerers(task.kind, task.group, people)
    words = {
        "编号": task.number,
        "单位": one.name,
        "事项": one.title,
        "扣分": task.minus,
        "期限": f"{local_time(task.due_at):%m-%d %H:%M}",
        "说明": _remark(one, entry),
    }
    owed = Owed(task.number, words, whose.people, whose.units)
    yield from duties.drafts(what, owed, told, people, actor=entry.actor if entry else "")


def _remark(one: Shown, entry: Entry | None) -> str:
    if entry is None or entry.verb == "open_gap":
        return one.what
    return str(entry.act.get("note", ""))
