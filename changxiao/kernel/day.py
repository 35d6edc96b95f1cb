"""城市的日子: which day it is in the city at a moment; every room asks here and nowhere else.

A day is neither the server's nor Greenwich's: an appointment that ends today has ended at the
city's midnight. The zone is a policy that a higher room keeps, so it is asked by its dotted name,
as a viewer's reach is (`scope.ScopedManager`).
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


def city_zone() -> ZoneInfo:
    """城市时区: by the policy in force."""
    zone: ZoneInfo = import_string(settings.CITY_ZONE)()
    return zone


def local_date(at: datetime) -> date:
    """当地日期: the city's day at a moment."""
    return at.astimezone(city_zone()).date()


def local_time(at: datetime) -> datetime:
    """当地时间: the moment on the city's clock."""
    return at.astimezone(city_zone())


def today() -> date:
    """今天, in the city."""
    return local_date(timezone.now())
