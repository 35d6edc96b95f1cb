"""案卷行程 course: the moves of one invented case, each with its moment. Pure.

Desks work in minutes of the clock; a unit works in its own working time, so that a share of its
limit says whether it will be late. A move after the present simply is not made: the case waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from changxiao.cases.samples.data import Invented, Kind
from changxiao.cases.samples.spots import Spot
from changxiao.kernel.worktime import Limit, TimeUnit, WorkCalendar

NEEDS_LOOK = frozenset({"public", "hotline", "media", "machine", "sensor"})
WAITS = frozenset({"public", "hotline"})  # a resident stands behind these and gets an answer
CLOCK = frozenset({TimeUnit.URGENT_HOUR, TimeUnit.URGENT_DAY})


@dataclass(frozen=True, slots=True)
class Move:
    """一步: a verb at a moment, its note, and what else it takes."""

    at: datetime
    verb: str
    note: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """已知: limits and successors by criterion, calendars by kind of window, and who works when."""

    limits: Mapping[str, Limit]
    successors: Mapping[str, str]
    calendar: Callable[[str], WorkCalendar]
    window: Callable[[Kind, Spot], str]


@dataclass(slots=True)
class Course:
    """行程: being written; `at` is the moment of the last move."""

    rng: Random
    told: Invented
    facts: Facts
    kind: Kind
    spot: Spot
    channel: str
    now: datetime
    at: datetime
    moves: list[Move] = field(default_factory=list)
    dispatched: datetime | None = None

    @property
    def limit(self) -> Limit:
        """处置时限 of the criterion filed by."""
        return self.facts.limits[self.kind.criterion]

    @property
    def calendar(self) -> WorkCalendar:
        """承办单位的日历."""
        return self.facts.calendar(self.facts.window(self.kind, self.spot))

    def move(self, verb: str, *, words: str = "", **args: Any) -> Course:
        """记下一步, at the present moment of the course, with a note of the kind usual for it."""
        self.moves.append(Move(self.at, verb, self.word(words or verb), args))
        return self

    def word(self, what: str) -> str:
        """用语: one of the usual sentences for it, "" where there are none."""
        return self.rng.choice(list(self.told.notes.get(what, ("",))))

    def after(self, least: float, most: float) -> Course:
        """过几分钟 of the clock; one in ten takes three times as long, as at any desk."""
        minutes = self.rng.uniform(least, most) * (3 if self.rng.random() < 0.1 else 1)
        self.at += timedelta(seconds=round(minutes * 60))
        return self

    def work(self, minutes: float) -> Course:
        """过几分钟 of the unit's working time (of the clock where the limit is urgent)."""
        unit = TimeUnit.URGENT_HOUR if self.limit.unit in CLOCK else TimeUnit.WORK_HOUR
        self.at = self.calendar.due_after(self.at, round(minutes * 60), unit)
        return self

    def used(self, share: float, criterion: str = "") -> Course:
        """用去时限: on to where `share` of the limit since dispatch is used up."""
        limit = self.facts.limits[criterion or self.kind.criterion]
        since = self.dispatched or self.at
        seconds = round(self.calendar.seconds(limit) * share)
        self.at = max(self.at, self.calendar.due_after(since, seconds, limit.unit))
        return self

    def intake(self) -> Course:
        """受理至立案: report, confirm where the channel asks for it, accept, file."""
        self.reported()
        if self.channel in NEEDS_LOOK:
            self.asked().looked()
        return self.after(2, 11).move("accept").after(2, 11).move("file")

    def reported(self) -> Course:
        return self.move("report")

    def asked(self) -> Course:
        return self.after(2, 11).move("ask_to_confirm", demo=self.rng.random() < 0.3)

    def looked(self) -> Course:
        return self.after(8, 27).move("confirm")

    def command(self, **how: Any) -> Course:
        """派遣: the unit's clock starts here."""
        words = "dispatch_again" if how.get("other") else ""
        self.after(2, 11).move("dispatch", words=words, **how)
        self.dispatched = self.at
        return self

    def started(self, share: float) -> Course:
        """倒推派遣: intake and dispatch so that now `share` of the unit's limit is used up."""
        return self.upon(self.since(share), lambda: self.intake().command())

    def since(self, share: float, limit: Limit | None = None) -> datetime:
        """倒推: the last moment from which `share` of the limit has been used up by now."""
        limit = limit or self.limit
        wanted = round(self.calendar.seconds(limit) * share)
        early, late = self.now - timedelta(days=120), self.now
        while late - early > timedelta(seconds=20):
            middle = early + (late - early) / 2
            enough = self.calendar.elapsed_seconds(middle, self.now, limit.unit) >= wanted
            early, late = (middle, late) if enough else (early, middle)
        return early.replace(microsecond=0)

    def upon(self, end: datetime, road: Callable[[], object]) -> Course:
        """收于: take the road so that its last move falls on `end`."""
        first = len(self.moves)
        road()
        shift = end - self.moves[-1].at
        self.moves[first:] = [
            Move(move.at + shift, move.verb, move.note, move.args) for move in self.moves[first:]
        ]
        self.at = end
        if self.dispatched is not None:
            self.dispatched += shift
        return self

    def taken(self) -> Course:
        """签收 and, where the unit has squads, on to one of them."""
        self.work(self.rng.uniform(4, 40)).move("receive")
        if self.rng.random() < 0.55:
            self.work(self.rng.uniform(2, 15)).move("forward")
        return self

    def handled(self, share: float) -> Course:
        """处置反馈, and the further parts of a case that is mended in parts."""
        self.used(share).move("feed_back", words="done", part=0)
        part, code = 0, self.facts.successors.get(self.kind.criterion, "")
        while code:
            part, self.dispatched = part + 1, self.at
            self.used(share, code).move("feed_back", words="done", part=part)
            code = self.facts.successors.get(code, "")
        return self

    def checked(self) -> Course:
        """核查通过."""
        if self.rng.random() < 0.6:
            self.after(2, 8).move("ask_to_verify")
        return self.after(8, 25).move("verify")

    def closed(self) -> Course:
        self.after(2, 11).move("close", answer=self.word("answer"))
        # Every other one is let go to the public; no throw of the dice, so that all else stays.
        if int(self.at.timestamp()) % 2:
            self.at += timedelta(minutes=4)
            self.move("publish")
        return self
