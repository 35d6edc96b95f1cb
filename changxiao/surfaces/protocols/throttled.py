"""限速回应: what every protocol says when the limit of the minute is used up."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.orgs import throttle
from changxiao.surfaces.protocols.meter import Meter


class TooMany(Refused):
    """请求过多: the limit of the minute is used up; `seconds` says when the next one begins."""

    def __init__(self, seconds: int) -> None:
        message = _("请求过于频繁，请在%(seconds)d秒后再试") % {"seconds": seconds}
        super().__init__("too_many", message)
        self.seconds = seconds


def within(meter: Meter, key: str, at: datetime) -> None:
    """限内: counts one use of `key`; raises TooMany beyond the limit."""
    if not meter.allow(key, at):
        raise TooMany(throttle.retry_after(meter.scope, at))
