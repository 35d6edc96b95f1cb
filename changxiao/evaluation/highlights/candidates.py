"""亮点候选: of one evaluation, from this home's facts, its patrols and the city's policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from changxiao.catalog import policy
from changxiao.evaluation.analysis.lasting_cut import cut_of
from changxiao.evaluation.analysis.lasting_home import asked_of_city, seen_of, visits
from changxiao.evaluation.home_facts import home_facts
from changxiao.evaluation.lasting.assembling import Seen
from changxiao.evaluation.lasting.problems import Floats
from changxiao.evaluation.lasting.quiet import Quiet, quiet
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.periods import read_period
from changxiao.kernel.day import city_zone

MOST = 30  # shown; the most often come first
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """候选: `numbers` from the first case to the last, closed on `closed_date`; of the `days` from
    then to the end of the period its community was patrolled on `visits`."""

    category: str
    community: str
    numbers: tuple[str, ...]
    times: int
    first_date: date
    closed_date: date
    days: int
    visits: int
    lon: float
    lat: float

    @property
    def spot(self) -> str:
        """点位: named by its first case."""
        return self.numbers[0]


def candidates(row: Evaluation) -> list[Candidate]:
    """亮点候选 at the end of the evaluation's period. Refused `facts_missing`."""
    return list(_found(row))


def _found(row: Evaluation) -> Iterator[Candidate]:
    last = read_period(row.period, city_zone()).last_date + timedelta(days=1)
    cut = cut_of("community", "")
    seen = seen_of(home_facts(), cut, asked_of_city(0))
    walked = visits(cut, seen)
    until = float((last - EPOCH).days)
    wanted = {"days": policy.number("highlight_days"), "times": policy.number("highlight_times")}
    least, found = policy.number("highlight_visits"), 0
    for one in quiet(seen, until=until, days=wanted["days"], times=int(wanted["times"])):
        moments = walked.get(one.spot.group, np.array([]))
        told = _candidate(seen, one, moments[moments < until], last)
        if told.visits >= least and found < MOST:
            found += 1
            yield told


def _candidate(seen: Seen, one: Quiet, walked: Floats, last: date) -> Candidate:
    spot, closed = one.spot, EPOCH + timedelta(days=int(one.closed))
    return Candidate(
        category=spot.kind,
        community=spot.group,
        numbers=spot.numbers,
        times=spot.times,
        first_date=EPOCH + timedelta(days=int(one.found)),
        closed_date=closed,
        days=(last - closed).days,
        visits=len(np.unique(np.floor(walked[walked > one.closed]))),
        lon=spot.lon,
        lat=spot.lat,
    )
