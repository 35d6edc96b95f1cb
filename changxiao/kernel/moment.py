"""时刻 moment: reading a point in time that a person or a foreign list wrote."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

_LEAP = re.compile(r"(?<=:59:)60(?=\D|$)")
# Before 1900 and after 2200 no calendar answers, and an offset could push the date over the edge.
EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 12, 30, tzinfo=UTC)


def read_moment(text: str, *, zone: tzinfo | None = None, field: str = "start") -> datetime:
    """读取时刻: ISO 8601, "2026-09-30T17:30+08:00"; a leap second :60 is the next minute's :00.

    Without an offset it is wall-clock time of `zone`. Refused `time_unreadable`, `time_naive` when
    there is no `zone` either, and `time_out_of_range` outside 1900 to 2200.
    """
    plain = text.strip()
    calm, leaps = _LEAP.subn("59", plain)
    try:
        moment = datetime.fromisoformat(calm)
    except ValueError:
        raise _refused("time_unreadable", _("无法读取"), text, field) from None
    if moment.tzinfo is None:
        if zone is None:
            raise _refused("time_naive", _("没有时区"), text, field)
        moment = moment.replace(tzinfo=zone)
    if not EARLIEST.year <= moment.year <= LATEST.year or not EARLIEST <= moment <= LATEST:
        raise _refused("time_out_of_range", _("不在 1900 至 2200 年之间"), text, field)
    return (moment.astimezone(UTC) + timedelta(seconds=leaps)).replace(
        microsecond=0 if leaps else moment.microsecond
    )


def has_offset(text: str) -> bool:
    """是否带时区: whether the written time names its offset."""
    return re.search(r"(Z|[+-]\d{2}:?\d{2}(:?\d{2})?)$", text.strip().upper()) is not None


def _refused(code: str, why: str, text: str, field: str) -> Refused:
    sentence = _("时间“%(text)s”%(why)s：请写成 2026-03-02T09:00+08:00。")
    return Refused(code, sentence % {"text": text.strip(), "why": why}, field=field)
