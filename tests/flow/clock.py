"""Working time counted minute by minute, and a clock that runs, pauses and is told anew."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
FLOOR = 120  # working minutes that a failed verification leaves at least


def working(moment: datetime) -> bool:
    """Is the minute that begins here worked? Monday to Friday, 8–12 and 14–18."""
    return moment.weekday() < 5 and (8 <= moment.hour < 12 or 14 <= moment.hour < 18)


def worked(start: datetime, end: datetime) -> int:
    """Working minutes between two moments, one by one."""
    count = 0
    while start < end:
        count += working(start)
        start += MINUTE
    return count


def walk(start: datetime, minutes: int) -> datetime:
    """The first moment by which so many working minutes have passed; below zero, it has long."""
    while minutes < 0:
        start -= MINUTE
        minutes += working(start)
    if minutes == 0:
        while not working(start - MINUTE):
            start -= MINUTE
        return start
    while minutes:
        minutes -= working(start)
        start += MINUTE
    return start


@dataclass
class Clock:
    """`ran` is each stretch that ended, with whether it was a failed check that let it run."""

    left: int
    limit: int
    since: datetime | None = None
    late: bool = False
    floored: bool = False
    granted: int = 0
    ran: list[tuple[datetime, datetime, bool]] = field(default_factory=list)

    @property
    def due(self) -> datetime | None:
        return None if self.since is None else walk(self.since, self.left)

    def run(self, at: datetime, floored: bool = False) -> None:
        self.left = max(self.left, FLOOR) if floored else self.left
        self.since, self.floored = at, floored

    def pause(self, at: datetime) -> None:
        if self.since is None:
            return
        at = max(at, self.since)
        self.late = self.late or at > self.due
        self.left -= worked(self.since, at)
        self.ran.append((self.since, at, self.floored))
        self.since = None

    def tell_anew(self, limit: int) -> None:
        """The same stretches, had this limit been the right one from the start."""
        self.limit, self.left, self.late = limit, limit * (1 + self.granted), False
        since, floored, ran = self.since, self.floored, self.ran
        self.ran, self.since = [], None
        for began, ended, was_floored in ran:
            self.run(began, was_floored)
            self.pause(ended)
        if since is not None:
            self.run(since, floored)
