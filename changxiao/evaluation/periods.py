"""考核期 period: a month, quarter, ISO week, year or day of a city, as two moments in UTC. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Period:
    """考核期: `label` as people write it; from `start` up to, not including, `end` (aware UTC), the
    midnights of `tz`."""

    label: str
    start: datetime
    end: datetime
    tz: str = "Asia/Shanghai"

    @property
    def kind(self) -> str:
        """类别: year, quarter, week, month or day."""
        return next(kind for kind, (pattern, _d) in _KINDS.items() if pattern.fullmatch(self.label))

    @property
    def first_date(self) -> date:
        """首日, in the city's time."""
        return self.start.astimezone(ZoneInfo(self.tz)).date()

    @property
    def last_date(self) -> date:
        """末日, in the city's time."""
        return (self.end - timedelta(microseconds=1)).astimezone(ZoneInfo(self.tz)).date()

    def before(self) -> Period:
        """上一期: of the same kind."""
        last = self.first_date - timedelta(days=1)
        return read_period(_LABELS[self.kind](last), ZoneInfo(self.tz))

    def after(self) -> Period:
        """下一期: of the same kind."""
        first = self.last_date + timedelta(days=1)
        return read_period(_LABELS[self.kind](first), ZoneInfo(self.tz))


def read_period(label: str, zone: ZoneInfo) -> Period:
    """读考核期: 2026, 2026-Q4, 2026-10, 2026-W41 or 2026-10-08, between the city's midnights.

    Refused `period_unreadable`.
    """
    plain = label.strip()
    for pattern, days in _KINDS.values():
        if found := pattern.fullmatch(plain):
            try:
                first, after = days(*map(int, found.groups()))
                return Period(plain, _midnight(first, zone), _midnight(after, zone), zone.key)
            except (ValueError, OverflowError):
                break
    sentence = _(
        "考核期“%(label)s”无法读取：请写 2026-10（月）、2026-Q4（季）、2026-W41（周）、"
        "2026（年）或 2026-10-08（日）。"
    )
    raise Refused("period_unreadable", sentence % {"label": plain[:40]}, field="period")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    return _months(year, quarter * 3 - 2, 3)


def _month(year: int, month: int) -> tuple[date, date]:
    return _months(year, month, 1)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    first, last = date(year, month, 1), month - 1 + count
    return first, date(year + last // 12, last % 12 + 1, 1)


def _week(year: int, week: int) -> tuple[date, date]:
    first = date.fromisocalendar(year, week, 1)
    return first, first + timedelta(days=7)


def _day(year: int, month: int, day: int) -> tuple[date, date]:
    first = date(year, month, day)
    return first, first + timedelta(days=1)


_KINDS: dict[str, tuple[re.Pattern[str], Callable[..., tuple[date, date]]]] = {
    "year": (re.compile(r"(\d{4})"), _year),
    "quarter": (re.compile(r"(\d{4})-Q([1-4])"), _quarter),
    "week": (re.compile(r"(\d{4})-W(\d{2})"), _week),
    "month": (re.compile(r"(\d{4})-(\d{2})"), _month),
    "day": (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), _day),
}
_LABELS: dict[str, Callable[[date], str]] = {
    "year": lambda day: f"{day.year:04}",
    "quarter": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "week": lambda day: f"{day.isocalendar().year:04}-W{day.isocalendar().week:02}",
    "month": lambda day: f"{day.year:04}-{day.month:02}",
    "day": lambda day: day.isoformat(),
}
