"""草稿 drafting: one row read by its mapping: a draft to replay, or a flaw. Pure."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from changxiao.cases.importing.mapping import Choice, Mapping, Status
from changxiao.cases.importing.reading import Columns, Row
from changxiao.kernel.geo import Crs, to_wgs84
from changxiao.kernel.refused import Refused

_LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Draft:
    """草稿: what a row says, in our words. Times aware, degrees WGS-84, codes of our catalogue.

    `digest` stands for the row's whole content, keyed: the same number with another digest is the
    source telling two stories.
    """

    row: int
    number: str
    digest: str
    status: Status
    reported_at: datetime
    completed_at: datetime | None
    due_at: datetime | None
    seen_at: datetime | None
    lon: float
    lat: float
    criterion: str | None
    subcategory: str | None
    unit: str
    channel: str
    address: str
    description: str
    note: str

    @property
    def contradicts(self) -> bool:
        """来源自相矛盾: it publishes a due time and calls the row overdue, or not, against it."""
        if self.status.overdue is None or self.due_at is None:
            return False
        ended = self.completed_at or self.seen_at
        return ended is not None and (ended > self.due_at) != self.status.overdue


class Flaw(Exception):  # noqa: N818 - it is a finding about a row
    """问题行: which column of which row, its value, and what is wrong with it."""

    def __init__(self, row: int, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.row, self.column, self.value, self.reason = row, column, value, reason


class Drafter:
    """起草: rows of one file by one mapping, in the city's time; `key` keys the digests."""

    def __init__(self, mapping: Mapping, columns: Columns, zone: ZoneInfo, key: bytes) -> None:
        self.mapping, self.columns, self._zone, self._key = mapping, columns, zone, key

    def draft(self, row: Row) -> Draft:
        """起草一行; raises Flaw."""
        number = self._number(row)
        digest = self.digest(row)
        status = self._status(row)
        span = self.mapping.times
        reported = self._time(row, "reported_at", span.reported, digest)
        if reported is None:
            raise self._flaw(row, "reported_at", _("没有上报时间"))
        completed = self._time(row, "completed_at", span.completed, digest)
        self._check_order(row, status, reported, completed)
        lon, lat = self._point(row)
        return Draft(
            row=row.number,
            number=number,
            digest=digest,
            status=status,
            reported_at=reported,
            completed_at=completed,
            due_at=self._time(row, "due_at", None, digest),
            seen_at=self._time(row, "seen_at", None, digest),
            lon=lon,
            lat=lat,
            criterion=self._code(row, "criterion", self.mapping.criterion),
            subcategory=self._code(row, "subcategory", self.mapping.subcategory),
            unit=self._code(row, "unit", self.mapping.unit) or "",
            channel=self._code(row, "channel", self.mapping.channel) or "",
            address=self._cell(row, "address"),
            description=self._cell(row, "description"),
            note=self._cell(row, "note") or self.mapping.note,
        )

    def digest(self, row: Row) -> str:
        """行摘要: of all its cells, keyed, so that nobody guesses a cell from it."""
        told = "\x1f".join(row.cells).encode()
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()[:32]

    def _cell(self, row: Row, field: str) -> str:
        return self.columns.cell(row, field)

    def _flaw(self, row: Row, field: str, reason: str) -> Flaw:
        return Flaw(row.number, self.columns.heading(field), self._cell(row, field), reason)

    def _number(self, row: Row) -> str:
        number = self._cell(row, "number").strip()
        if not number:
            raise self._flaw(row, "number", _("没有编号"))
        if len(number) > _LONGEST_NUMBER:
            return hashlib.sha256(number.encode()).hexdigest()
        return number

    def _status(self, row: Row) -> Status:
        found = self.mapping.status.get(self._cell(row, "status"), self.mapping.status_default)
        if found is None:
            raise self._flaw(row, "status", _("对照表[status.values]没有这个状态，请补充"))
        return found

    def _code(self, row: Row, field: str, choice: Choice) -> str | None:
        found = choice.of(self._cell(row, field))
        if found is None and (choice.values or choice.prefix):
            message = _("对照表[%(field)s.values]没有这个值，请补充") % {"field": field}
            raise self._flaw(row, field, message)
        return found

    def _time(
        self, row: Row, field: str, span: tuple[time, time] | None, digest: str
    ) -> datetime | None:
        text = self._cell(row, field)
        if not text:
            return None
        for form in self.mapping.times.formats:
            read = _READERS.get(form)
            try:
                found = read(text) if read else datetime.strptime(text, form)
            except ValueError:
                continue
            if "%H" not in form and "%I" not in form:
                found = _spread(found, span, digest)
            return found if found.tzinfo else found.replace(tzinfo=self._zone)
        formats = "、".join(self.mapping.times.formats)
        raise self._flaw(row, field, _("时间读不出，应为 %(formats)s") % {"formats": formats})

    def _check_order(
        self, row: Row, status: Status, reported: datetime, completed: datetime | None
    ) -> None:
        if status.to == "closed" and completed is None:
            raise self._flaw(row, "completed_at", _("状态为已结，但没有完成时间"))
        if status.to == "open" and completed is not None:
            raise self._flaw(row, "completed_at", _("状态为未结，却有完成时间"))
        if completed is not None and completed < reported:
            raise self._flaw(row, "completed_at", _("完成时间早于上报时间"))

    def _point(self, row: Row) -> tuple[float, float]:
        degrees = []
        for field in ("lon", "lat"):
            text = self._cell(row, field)
            if not text:
                raise self._flaw(row, field, _("没有坐标"))
            try:
                degrees.append(float(text))
            except ValueError:
                raise self._flaw(row, field, _("坐标不是数字")) from None
        if not all(map(math.isfinite, degrees)):
            raise self._flaw(row, "lon", _("坐标不是数字"))
        return self._datum(row, *degrees)

    def _datum(self, row: Row, lon: float, lat: float) -> tuple[float, float]:
        if self.mapping.crs == Crs.WGS84:
            return lon, lat
        try:
            return to_wgs84(lon, lat, self.mapping.crs)
        except Refused as no:
            raise self._flaw(row, "lon", no.sentence) from None


# strptime costs twenty times what reading these does, and every list of days is written so.
_READERS: dict[str, Callable[[str], datetime]] = {"%Y-%m-%d": datetime.fromisoformat}


def _spread(day: datetime, span: tuple[time, time] | None, digest: str) -> datetime:
    """A moment of that day within the span, from the row's own digest: the same at every run."""
    if span is None:  # due by a day means by its end
        return datetime.combine(day, time(23, 59, 59))
    first, last = (datetime.combine(day, edge) for edge in span)
    minutes = int((last - first).total_seconds()) // 60
    return first + timedelta(minutes=int(digest[:8], 16) % minutes)
