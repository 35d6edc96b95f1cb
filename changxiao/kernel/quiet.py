"""免打扰 quiet hours: from a time until a time of the day, over midnight where it ends earlier than
it begins. Pure; told local times, answers local times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Quiet:
    """免打扰; none where both ends are the same."""

    begins: time
    ends: time

    def holds(self, local: datetime) -> bool:
        """此刻是否免打扰."""
        now = local.time()
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends

    def over(self, local: datetime) -> datetime:
        """何时结束: the next moment at which it is not quiet; now, where it is not."""
        if not self.holds(local):
            return local
        day = local if local.time() < self.ends else local + timedelta(days=1)
        return on(day, self.ends)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


NEVER = Quiet(time(), time())


def on(day: datetime, clock: time) -> datetime:
    """当日某时: that time of the local day."""
    return datetime.combine(day.date(), clock, tzinfo=day.tzinfo)


def read_quiet(written: str) -> Quiet:
    """读取免打扰: "22:00-07:00", "" for none; Refused `quiet_unreadable`."""
    if not written.strip():
        return NEVER
    try:
        begins, ends = (time.fromisoformat(part.strip()) for part in written.split("-"))
        if begins.tzinfo or ends.tzinfo:
            raise ValueError
    except ValueError:
        message = _("免打扰时间“%(value)s”无法识别：请写成 22:00-07:00 这样，不用则留空")
        values = {"value": written[:40]}
        raise Refused("quiet_unreadable", message % values, field="quiet") from None
    return Quiet(begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0))
