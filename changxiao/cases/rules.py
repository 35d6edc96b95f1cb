"""案卷规则: numbers, evidence, windows and masking. Pure: told the time, touching no database."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from changxiao.cases.clock import Calendar
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit

MOST_DESCRIPTION = 4000  # characters, as Open311 allows
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")


def number(day: datetime, serial: int, tz: ZoneInfo) -> str:
    """受理号: the city's date and a serial of at least four digits, short enough to be spoken."""
    return f"{day.astimezone(tz):%Y%m%d}{serial:04d}"


def code(district_code: str, day: datetime, serial: int, tz: ZoneInfo) -> str:
    """案卷号: 19 digits, district 6 + date 8 + serial 5 (19 digits as seen, domain.md §2; the
    published layout was not found)."""
    return f"{district_code[:6]:0<6}{day.astimezone(tz):%Y%m%d}{serial:05d}"


def may_send_back(
    *,
    calendar: Calendar,
    window: Limit,
    dispatched_at: datetime,
    at: datetime,
    received: bool,
    ruled: bool,
) -> None:
    """回退条件: within the receiving window, not received, ownership not ruled; else Refused."""
    if ruled:
        raise Refused("ruled", _("权属已由领导裁定，不能回退；有异议请申请延期并说明"))
    if received:
        raise Refused("received", _("本单位已签收，不能回退；确需更换单位请联系派遣员"))
    last = calendar.due_after(dispatched_at, calendar.seconds(window), window.unit)
    if at > last:
        message = _("签收时限（%(window)s）已过，不能回退；请处置，或申请延期")
        raise Refused("window_over", message % {"window": window})


def may_extend(*, due: datetime | None, at: datetime, granted: int, most: int) -> None:
    """延期条件: asked before it is overdue and at most `most` times; else Refused."""
    if due is None:
        raise Refused("no_limit_running", _("案卷没有正在计时的处置时限，无须延期"))
    if at > due:
        raise Refused("overdue", _("已超过处置时限，不能再申请延期；请尽快处置后反馈"))
    if granted >= most:
        raise Refused("extended", _("已延期%(n)d次，不能再延；请处置，或申请挂账") % {"n": granted})


def may_suspend(*, until: datetime, at: datetime, suspended: int, longest_days: int) -> None:
    """挂账条件: once, until a moment after now and within the city's longest term; else Refused."""
    if suspended:
        raise Refused("suspended", _("本案卷已挂账过一次，不能再次挂账；请处置"))
    if until <= at:
        raise Refused("until_past", _("挂账截止时间须晚于现在，请改选日期"), field="until")
    if (until - at).days > longest_days:
        message = _("挂账最长%(days)d天，请改选更早的截止日期") % {"days": longest_days}
        raise Refused("until_far", message, field="until")


def need_text(text: str, *, field: str, name: str) -> str:
    """必填文字: the text, stripped; Refused with the field's name when nothing is left."""
    text = text.strip()
    if not text:
        raise Refused(f"{field}_missing", _("请填写%(name)s") % {"name": name}, field=field)
    if len(text) > MOST_DESCRIPTION:
        message = _("%(name)s共%(n)d字，最多%(most)d字，请精简")
        values = {"name": name, "n": len(text), "most": MOST_DESCRIPTION}
        raise Refused(f"{field}_long", message % values, field=field)
    return text


def masked(text: str) -> str:
    """隐去号码: phone and identity numbers in free text, for readers who handle or are ranked."""
    return _IDENTITY.sub(r"\1********\2", _PHONE.sub(r"\1****\2", text))
