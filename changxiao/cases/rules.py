"""案卷规则: numbers, evidence, windows and masking. Pure: told the time, touching no database."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.cases.clock import Calendar
from changxiao.cases.flow import RECALLABLE
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit

MOST_DESCRIPTION = 4000  # characters, as Open311 allows
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_STARS = re.compile(r"\d{3,6}\*{4,8}\d{3,4}[Xx]?")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")


class Owed(models.TextChoices):
    """待补录: what the fast lane left out, in the order in which it is filled in."""

    CONFIRMATION = "confirm", gettext_lazy("核实")
    CRITERION = "criterion", gettext_lazy("立案标准复核")
    NOTE = "note", gettext_lazy("派遣通话说明")


def owing(owed: str, *more: str) -> str:
    """欠补: `owed` and `more` as the column holds them, each once, in the order of `Owed`."""
    named = {*filter(None, owed.split(",")), *more}
    return ",".join(item.value for item in Owed if item.value in named)


def filled(owed: str, items: Collection[str]) -> str:
    """补齐: what is still owed when `items` are there; Refused names one that was not owed."""
    held = owed.split(",") if owed else []
    if not held:
        raise Refused("nothing_owed", _("本案卷没有待补录的内容"))
    if not items:
        raise Refused("items_missing", _("请选择补录了哪几项"), field="items")
    for item in items:
        if item not in held:
            message = _("“%(item)s”不在待补录之列，待补录的有：%(owed)s")
            values = {"item": item[:20], "owed": "、".join(held)}
            raise Refused("not_owed", message % values, field="items")
    return ",".join(item for item in held if item not in items)


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


def may_recall(
    taken: Sequence[tuple[str, str]],
    *,
    actor: str,
    seen: str,
    ended: bool,
    age: timedelta,
    window: timedelta,
) -> None:
    """撤回条件: one's own last steps, not yet opened by who comes next; else Refused.

    `taken` is verb and actor of each entry that would go, oldest first; `seen` tells in words when
    the next party opened the case. Nobody comes after an end: there a `window` stands for it.
    """
    if not taken:
        raise Refused("nothing_taken", _("没有可以撤回的步骤"), field="since")
    foreign = next((one for one in reversed(taken) if one[1] != actor), None)
    if foreign is not None:
        raise Refused("not_yours", _("之后已有他人办理，只能撤回自己刚办的步骤"), field="actor")
    if any(verb not in RECALLABLE for verb, _actor in taken):
        raise Refused("not_recallable", _("这一步不能撤回；写错了请再补一条说明"))
    if seen:
        message = _("下一环节已于%(at)s打开本案卷，不能撤回；请直接联系对方，或按流程回退")
        raise Refused("opened", message % {"at": seen})
    if ended and age > window:
        message = _("办结已超过%(minutes)d分钟，不能撤回")
        raise Refused("window_over", message % {"minutes": window.total_seconds() // 60})


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


def redacted(text: str) -> str:
    """删去号码: for everybody's eyes, not even the ends of a number stay, masked ones neither."""
    return _STARS.sub("…", _IDENTITY.sub("…", _PHONE.sub("…", text)))
