"""时刻的说法 how a moment is said to a person: 今天 18:00, 昨天 09:12, 3月2日 09:00."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _


def moment_words(at: datetime, now: datetime) -> str:
    """时刻: near days by name, this year without the year; both moments aware."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    clock = f"{local:%H:%M}"
    near = {0: _("今天"), 1: _("明天"), -1: _("昨天")}.get((local.date() - today).days)
    if near:
        return f"{near} {clock}"
    parts = {"year": local.year, "month": local.month, "day": local.day, "clock": clock}
    if local.year == today.year:
        return _("%(month)s月%(day)s日 %(clock)s") % parts
    return _("%(year)s年%(month)s月%(day)s日 %(clock)s") % parts
