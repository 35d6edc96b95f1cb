"""演示计划 plan: the whole demo decided beforehand from its seed and its present moment. Pure.

The same wish gives the same plan, move by move, so building it again finds every act done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from changxiao.cases.samples import ways
from changxiao.cases.samples.course import CLOCK, WAITS, Course, Facts, Move
from changxiao.cases.samples.data import Invented, Kind
from changxiao.cases.samples.spots import Piece, Spot, Streets, census
from changxiao.kernel.worktime import TimeUnit

BURST = "E0501-01"
ONLY = {"on_spot": "collector", "fast_lane": "hotline"}  # ways that begin in one channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """要求: how many weeks and cases, from which seed, up to which moment."""

    weeks: int
    cases: int
    seed: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """一件演示案卷: what is reported, and what becomes of it."""

    number: int
    fate: str
    kind: Kind
    spot: Spot
    channel: str
    words: str
    reporter: tuple[str, str]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """演示计划: components, cases, and all moves in the order of time."""

    wish: Wish
    pieces: tuple[Piece, ...]
    samples: tuple[Sample, ...]

    def steps(self) -> list[tuple[Move, Sample, int]]:
        """各步: every move with its case and its place in the case, oldest first."""
        found = [
            (move, sample, at) for sample in self.samples for at, move in enumerate(sample.moves)
        ]
        return sorted(found, key=lambda step: (step[0].at, step[1].number, step[2]))


class Planner:
    """计划者: draws the samples one after the other, each from a generator of its own."""

    def __init__(self, told: Invented, facts: Facts, wish: Wish) -> None:
        self.told, self.facts, self.wish = told, facts, wish
        self.streets = Streets(told)
        self.zone = ZoneInfo(told.city.tz)
        self.pieces = census(self.streets, Random(f"{wish.seed}/census"))

    def plan(self) -> Plan:
        """计划: the cases in a mixed order, so that fates spread over places and kinds."""
        fates = self.told.fates(self.wish.cases)
        Random(f"{self.wish.seed}/fates").shuffle(fates)
        samples = [self._sample(number, fate) for number, fate in enumerate(fates, start=1)]
        return Plan(self.wish, tuple(self.pieces), tuple(samples))

    def _sample(self, number: int, fate: str) -> Sample:
        rng = Random(f"{self.wish.seed}/{number}")
        kind, spot, channel = self._kind(rng, fate), None, self._channel(rng, fate)
        if kind.component:
            own = [piece for piece in self.pieces if piece.subject == kind.subject]
            spot = self.streets.beside(rng, rng.choice(own))
        course = Course(
            rng=rng,
            told=self.told,
            facts=self.facts,
            kind=kind,
            spot=spot or self.streets.spot(rng),
            channel=channel,
            now=self.wish.until,
            at=self.wish.until,
        )
        course.at = self._begin(course, fate)
        ways.WAYS[fate](course)
        return Sample(
            number=number,
            fate=fate,
            kind=kind,
            spot=course.spot,
            channel=channel,
            words=rng.choice(kind.words),
            reporter=self._reporter(rng, channel, number),
            moves=tuple(move for move in course.moves if move.at <= self.wish.until),
        )

    def _kind(self, rng: Random, fate: str) -> Kind:
        kinds: Sequence[Kind] = [kind for kind in self.told.kinds if self._fits(kind, fate)]
        return rng.choices(kinds, [kind.weight for kind in kinds])[0]

    def _fits(self, kind: Kind, fate: str) -> bool:
        code, limit = kind.criterion, self.facts.limits[kind.criterion]
        if fate == "burst":
            return code == BURST
        if fate == "on_spot":
            return kind.subject in ways.SMALL
        if fate == "fast_lane":
            return limit.unit in CLOCK
        parts = code in self.facts.successors
        if fate in ways.LONG:
            return limit.unit == TimeUnit.WORK_DAY and not parts
        if fate in ways.APPEALED:
            return kind.component and not parts and limit.amount <= 3
        return not (fate in ways.WHOLE and parts)

    def _channel(self, rng: Random, fate: str) -> str:
        if fate in ways.LOOKED_AT or fate == "declined":
            return rng.choice(sorted(WAITS))
        if fate in ONLY:
            return ONLY[fate]
        table = self.told.told["channels"]
        return str(rng.choices(list(table), [row["share"] for row in table.values()])[0])

    def _reporter(self, rng: Random, channel: str, number: int) -> tuple[str, str]:
        if channel not in WAITS:
            return "", ""
        return rng.choice(self.told.told["people"]), f"000-0000-{number % 10_000:04d}"

    def _begin(self, course: Course, fate: str) -> datetime:
        """何时上报: in the channel's hours of some day; a way into the present begins with a day
        of work and is moved from there as a whole."""
        rng, local = course.rng, self.wish.until.astimezone(self.zone)
        if fate in ways.PRESENT:
            early = datetime.combine(local.date() - timedelta(days=7), time(0), self.zone)
            unit = TimeUnit.URGENT_HOUR if course.limit.unit in CLOCK else TimeUnit.WORK_HOUR
            return course.calendar.due_after(early, 1800, unit)
        days = self.wish.weeks * 7
        back = rng.randint(days // 2, days) if fate in ways.APPEALED else rng.randint(0, days)
        first, last = self.told.told["channels"][course.channel]["hours"]
        begin = datetime.combine(local.date() - timedelta(days=back), time(first), self.zone)
        begin += timedelta(seconds=rng.randint(0, (last - first) * 3600 - 1))
        return begin if begin < self.wish.until else begin - timedelta(days=1)
