"""城市的日子: which day it is in the city at a moment; every room asks here and nowhere else.

A day is neither the server's nor Greenwich's: an appointment that ends today has ended at the
city's midnight. The zone and the hours of the day watch are policies that a higher room keeps, so
they are asked by their dotted names, as a viewer's reach is (`scope.ScopedManager`).
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from changxiao.kernel import watches


def city_zone() -> ZoneInfo:
    """城市时区: by the policy in force."""
    zone: ZoneInfo = import_string(settings.CITY_ZONE)()
    return zone


def day_watch() -> watches.Hours:
    """白班时间: by the policy in force."""
    hours: watches.Hours = import_string(settings.CITY_DAY_WATCH)()
    return hours


def watches_at(at: datetime) -> dict[str, date]:
    """当值班次 at a moment, each with its day, by the city's hours of the day watch."""
    return watches.running(local_time(at), day_watch())


def watch_end(watch: str, day: date) -> datetime:
    """下班时刻 of a watch of that day."""
    return watches.ends(watch, day, day_watch()).replace(tzinfo=city_zone())


def local_date(at: datetime) -> date:
    """当地日期: the city's day at a moment."""
    return at.astimezone(city_zone()).date()


def local_time(at: datetime) -> datetime:
    """当地时间: the moment on the city's clock."""
    return at.astimezone(city_zone())


def today() -> date:
    """今天, in the city."""
    return local_date(timezone.now())
