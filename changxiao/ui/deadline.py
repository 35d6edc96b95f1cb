"""时限的说法 the words and the four states of a deadline. Pure; reads no clock.

A reader is never shown colour alone: each state has an icon and words (look.md, principle 1).
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400
WORK_DAY = 8 * HOUR
NEAR = Fraction(3, 4)


class State(StrEnum):
    """时限状态: the only four."""

    ON_TRACK = "on-track"
    NEAR = "near"
    OVERDUE = "overdue"
    PAUSED = "paused"


ICONS = {
    State.ON_TRACK: "clock",
    State.NEAR: "hourglass",
    State.OVERDUE: "alert-triangle",
    State.PAUSED: "player-pause",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """时限现状: what a row shows of its deadline."""

    state: State
    words: str
    percent: int

    @property
    def icon(self) -> str:
        return ICONS[self.state]


def standing(*, used: int, limit: int, paused: bool = False, working: bool = False) -> Standing:
    """时限现状 from seconds used and seconds allowed; `working` when both count working time."""
    left = limit - used
    share = Fraction(used, limit) if limit > 0 else Fraction(1)
    state = _state(share, left, paused)
    span = span_words(abs(left), working=working)
    return Standing(state, _sentence(state, left, span), min(100, max(0, int(share * 100))))


def _state(share: Fraction, left: int, paused: bool) -> State:
    if paused:
        return State.PAUSED
    if left < 0:
        return State.OVERDUE
    return State.NEAR if share >= NEAR else State.ON_TRACK


def _sentence(state: State, left: int, span: str) -> str:
    if state is State.PAUSED:
        return _("已暂停，剩 %(span)s") % {"span": span} if left >= 0 else _("已暂停")
    if state is State.OVERDUE:
        return _("超期 %(span)s") % {"span": span}
    return _("剩 %(span)s") % {"span": span}


def span_words(seconds: int, *, working: bool = False) -> str:
    """时长: the two largest units, rounded down, so that nobody is promised more than there is."""
    day = WORK_DAY if working else DAY
    days, rest = divmod(seconds, day)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts = []
    if days:
        parts.append(_days(days, working))
    if hours:
        parts.append((_("%(n)s 工作时") if working else _("%(n)s 小时")) % {"n": hours})
    if minutes and not days:
        parts.append(_("%(n)s 分") % {"n": minutes})
    return " ".join(parts) or _("不到 1 分")


def _days(days: int, working: bool) -> str:
    if working:
        return ngettext("%(n)s 工作日", "%(n)s 工作日", days) % {"n": days}
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}
