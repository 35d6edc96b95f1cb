"""日历的自检: how far ahead the State Council's day table reaches (reliability.md §8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from changxiao.catalog.timetable import calendar_for
from changxiao.kernel.day import local_date
from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.worktime import WorkCalendar

HORIZON = timedelta(days=90)


def calendar(now: datetime) -> Finding:
    """日历: this city's office calendar at a moment."""
    return horizon(calendar_for(), now)


def horizon(known: WorkCalendar, now: datetime) -> Finding:
    """日历期限: at least 90 days ahead, so from October the next year must be there.

    A missing year is a warning, the present one too: the State Council's notice comes in November
    as a rule, and until then the weekday rule stands in, marked provisional. No reason to turn
    reports away, as an error of `/readyz` would.
    """
    title, today = _("工作日历"), local_date(now)
    remedy = _("国务院通知发布后，请在“日历”页录入该年放假和调休，或升级后重新装载日历。")
    if known.provisional(today.year):
        detail = _("%(year)s 年未录入，按周一至周五暂定") % {"year": today.year}
        return Finding("calendar", Level.WARN, title, detail, remedy)
    far = (today + HORIZON).year
    missing = [year for year in range(today.year + 1, far + 1) if known.provisional(year)]
    if missing:
        detail = _("%(year)s 年未录入，跨年时限按周一至周五暂定") % {"year": missing[0]}
        return Finding("calendar", Level.WARN, title, detail, remedy)
    if known.known_years is None:
        return Finding("calendar", Level.OK, title, _("仅按周一至周五，无需逐年录入"))
    detail = _("已录入至 %(year)s 年") % {"year": max(known.known_years)}
    return Finding("calendar", Level.OK, title, detail)
