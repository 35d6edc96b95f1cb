"""计时规则: how one limit runs, pauses, resumes, is prolonged and stops. Pure.

A running clock is fully told by what was `left` (seconds on the limit's own time line: working
seconds for 工作时, every second for 紧急工作时) at the moment `since` it runs. Its due time follows
from the calendar and is never moved by hand. Rules of product.md §4 and issue "Clocks".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from changxiao.kernel.worktime import Limit, TimeUnit


class Calendar(Protocol):
    """What a clock asks of a working calendar (kernel.worktime.WorkCalendar)."""

    def seconds(self, limit: Limit) -> int: ...

    def elapsed_seconds(self, start: datetime, end: datetime, unit: TimeUnit) -> int: ...

    def due_after(self, start: datetime, seconds: int, unit: TimeUnit) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Span:
    """区段: a running or paused stretch, for the story and its Gantt; `why` is a short code."""

    start: datetime
    running: bool
    why: str
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """计时状态: `since` None means that it stands (paused or stopped); `late` never turns back."""

    unit: TimeUnit
    left: int
    since: datetime | None
    due: datetime | None
    late: bool = False
    stopped: datetime | None = None
    spans: tuple[Span, ...] = field(default=())
    granted: int = 0  # how often this very clock was given one more limit (延期)


def start(calendar: Calendar, limit: Limit, at: datetime, *, why: str = "start") -> Running:
    """开始计时: the whole limit is left at `at`."""
    fresh = Running(limit.unit, calendar.seconds(limit), None, None)
    return resume(calendar, fresh, at, why=why)


def pause(calendar: Calendar, clock: Running, at: datetime, *, why: str) -> Running:
    """暂停计时 at `at`, which may lie in the past of the decision but not before the clock ran."""
    if clock.since is None or clock.due is None:
        return clock
    at = max(at, clock.since)
    spent = calendar.elapsed_seconds(clock.since, at, clock.unit)
    return replace(
        clock,
        left=clock.left - spent,  # below zero where it is late: a pause forgives nothing
        since=None,
        due=None,
        late=clock.late or at > clock.due,
        spans=(*_ended(clock.spans, at), Span(at, running=False, why=why)),
    )


def resume(
    calendar: Calendar, clock: Running, at: datetime, *, why: str, floor: Limit | None = None
) -> Running:
    """恢复计时: go on with what was left, but at least `floor` (a city's 返工 minimum)."""
    due = calendar.due_after(at, clock.left, clock.unit)
    left = clock.left
    if floor is not None:
        least = calendar.due_after(at, calendar.seconds(floor), floor.unit)
        if least > due:
            due, left = least, calendar.elapsed_seconds(at, least, clock.unit)
    spans = (*_ended(clock.spans, at), Span(at, running=True, why=why))
    return replace(clock, left=left, since=at, due=due, stopped=None, spans=spans)


def prolong(calendar: Calendar, clock: Running, limit: Limit) -> Running:
    """延期: one more limit counted from the original due time, whenever it was granted."""
    left = clock.left + calendar.seconds(limit)
    longer = replace(clock, left=left, granted=clock.granted + 1)
    if longer.since is None:
        return longer
    return replace(longer, due=calendar.due_after(longer.since, left, clock.unit))


def retold(
    calendar: Calendar,
    clock: Running,
    limit: Limit,
    *,
    floor: Limit | None = None,
) -> Running:
    """重算: the same stretches told by another limit, granted again as often as it was (延期).

    A correction: the clock is what it would be had the right limit run from the original start.
    """
    whole = calendar.seconds(limit) * (1 + clock.granted)
    told = Running(limit.unit, whole, None, None, granted=clock.granted)
    for span in clock.spans:
        if span.running:
            least = floor if span.why == "rework" else None
            told = resume(calendar, told, span.start, why=span.why, floor=least)
            if span.end is not None:
                told = pause(calendar, told, span.end, why="")
    return replace(told, stopped=clock.stopped, spans=clock.spans)


def stop(calendar: Calendar, clock: Running, at: datetime) -> Running:
    """停止计时: what is left is kept, for a failed verification goes on with it."""
    halted = pause(calendar, clock, at, why="stop")
    return replace(halted, stopped=at, spans=_ended(clock.spans, at))


def due_at_stop(calendar: Calendar, clock: Running) -> datetime | None:
    """停止时的应办时间: what was due while the clock last ran; None for one that never did."""
    if clock.due is not None:
        return clock.due
    last = next((span for span in reversed(clock.spans) if span.running), None)
    if last is None or last.end is None:
        return None
    spent = calendar.elapsed_seconds(last.start, last.end, clock.unit)
    return calendar.due_after(last.start, clock.left + spent, clock.unit)


def is_late(clock: Running, at: datetime) -> bool:
    """是否超期: it was late once, or its running due time has passed."""
    return clock.late or (clock.due is not None and at > clock.due)


def _ended(spans: tuple[Span, ...], at: datetime) -> tuple[Span, ...]:
    if not spans or spans[-1].end is not None:
        return spans
    last = spans[-1]
    return (*spans[:-1], replace(last, end=max(at, last.start)))


@dataclass(frozen=True, slots=True)
class StageClock:
    """环节计时: one stage's limit with its reasons, as a case keeps it (`Case.clocks`).

    `unit` is the code of the unit whose clock it is ("" for the centres' own stages), `kind` the
    working windows it counts by (office, sanitation, night).
    """

    stage: str
    limit: Limit
    run: Running
    unit: str = ""
    kind: str = "office"
    reasons: tuple[str, ...] = ()

    @property
    def began(self) -> datetime:
        """开始时间: where its first stretch began."""
        return self.run.spans[0].start

    def to_json(self) -> dict[str, Any]:
        run = self.run
        return {
            "stage": self.stage,
            "unit": self.unit,
            "kind": self.kind,
            "amount": str(self.limit.amount),
            "time_unit": self.limit.unit.value,
            "reasons": list(self.reasons),
            "left": run.left,
            "since": _text(run.since),
            "due": _text(run.due),
            "late": run.late,
            "stopped": _text(run.stopped),
            "spans": [[_text(s.start), _text(s.end), s.running, s.why] for s in run.spans],
            **({"granted": run.granted} if run.granted else {}),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> StageClock:
        unit = TimeUnit(row["time_unit"])
        spans = tuple(
            Span(datetime.fromisoformat(start), running, why, _moment(end))
            for start, end, running, why in row["spans"]
        )
        run = Running(
            unit=unit,
            left=row["left"],
            since=_moment(row["since"]),
            due=_moment(row["due"]),
            late=row["late"],
            stopped=_moment(row["stopped"]),
            spans=spans,
            granted=row.get("granted", 0),
        )
        limit = Limit(Decimal(row["amount"]), unit)
        return cls(row["stage"], limit, run, row["unit"], row["kind"], tuple(row["reasons"]))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
