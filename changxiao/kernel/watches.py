"""白班与夜班 the watches of a roster: which of them run at a moment of the city's clock. Pure.

The hours of the day watch are a policy that a higher room keeps (`day.watches_at` asks for it).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused

DAY, NIGHT, ALL_DAY = "day", "night", "all_day"
Hours = tuple[time, time]


def read_hours(written: str) -> Hours:
    """读取白班时间: "08:00-20:00", both ends within one day; Refused `hours_unreadable`."""
    try:
        begins, ends = (time.fromisoformat(part.strip()) for part in written.split("-"))
    except ValueError:
        begins = ends = time()
    if not begins < ends or begins.tzinfo or ends.tzinfo:
        message = _("白班时间“%(value)s”无法识别：请写成 08:00-20:00 这样，先早后晚，不跨午夜")
        raise Refused("hours_unreadable", message % {"value": written[:40]}, field="value")
    return begins, ends


def told(watch: str, hours: Hours) -> str:
    """起止: "08:00–20:00" of a watch, "" of the one that lasts all day."""
    begins, ends = hours
    return {
        DAY: f"{begins:%H:%M}–{ends:%H:%M}",
        NIGHT: f"{ends:%H:%M}–{begins:%H:%M}",
    }.get(watch, "")


def running(local: datetime, hours: Hours) -> dict[str, date]:
    """当值班次: the watches on duty at a local time, each with its day; a night belongs to the day
    on which it began."""
    today, now = local.date(), local.time()
    begins, ends = hours
    if begins <= now < ends:
        return {DAY: today, ALL_DAY: today}
    return {NIGHT: today if now >= ends else today - timedelta(days=1), ALL_DAY: today}


def ends(watch: str, day: date, hours: Hours) -> datetime:
    """下班时刻: the local time at which a watch of that day is over."""
    begins, until = hours
    if watch == DAY:
        return datetime.combine(day, until)
    return datetime.combine(day + timedelta(days=1), begins if watch == NIGHT else time())
