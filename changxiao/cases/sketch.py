"""位置简图与计时图: the coordinates of two small drawings on a case's page, as plain numbers.

Templates write them into SVG attributes; no map server and no style attribute is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.cases import places
from changxiao.cases.clock import Span, StageClock
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.kernel.geo import Scale
from changxiao.ui.deadline import span_words

WIDE, HIGH, EDGE = 320, 200, 12  # of the sketch, in its own units
CHART = 1000  # width of the chart's time line
LEAST = 4  # a stretch of a second is still seen
Across = Callable[[datetime], float]


@dataclass(frozen=True, slots=True)
class Sketch:
    """位置简图: the community's outline as an SVG path, the point, and a scale bar in metres."""

    path: str
    x: float
    y: float
    bar: float
    metres: int

    @property
    def words_x(self) -> float:
        """比例尺文字: right of its bar."""
        return EDGE + self.bar + 6


def sketch(case: Case) -> Sketch | None:
    """位置简图 of a case; None where its community has no outline."""
    shape = places.outline_of(case)
    if shape is None or shape.is_empty:
        return None
    scale = Scale.at(case.lat)
    west, south, east, north = shapely.union(shape, shapely.Point(case.lon, case.lat)).bounds
    metres = max((east - west) * scale.east, 1.0), max((north - south) * scale.north, 1.0)
    ratio = min((WIDE - 2 * EDGE) / metres[0], (HIGH - 2 * EDGE) / metres[1])

    def at(lon: float, lat: float) -> tuple[float, float]:
        x = (lon - (west + east) / 2) * scale.east * ratio + WIDE / 2
        y = ((south + north) / 2 - lat) * scale.north * ratio + HIGH / 2
        return round(x, 1), round(y, 1)

    rings = [
        [at(*point) for point in shapely.get_coordinates(ring)]
        for ring in shapely.get_rings(shapely.get_parts(shape))
    ]
    bar = _round_metres(60 / ratio)
    return Sketch(_path(rings), *at(case.lon, case.lat), round(bar * ratio, 1), bar)


def _path(rings: Iterable[Sequence[tuple[float, float]]]) -> str:
    drawn = ("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
    return "".join(drawn)


def _round_metres(wanted: float) -> int:
    power = 10 ** math.floor(math.log10(max(wanted, 1)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(wanted, 1)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """一段: where it lies on the time line, whether it ran, and its words."""

    x: float
    width: float
    running: bool
    late_x: float | None
    start: datetime
    end: datetime
    why: str | Promise
    lasted: str

    @property
    def late_width(self) -> float:
        return 0.0 if self.late_x is None else round(self.x + self.width - self.late_x, 1)


@dataclass(frozen=True, slots=True)
class Track:
    """一条计时: one stage's clock with its stretches, limit and the reasoning behind it."""

    title: str | Promise
    unit: str
    limit: str
    due: datetime | None
    late: bool
    reasons: tuple[str, ...]
    stretches: tuple[Stretch, ...]


WHY = {
    "start": _("开始计时"),
    "given": _("按来件给定时限计时"),
    "dispatched_again": _("再次派遣，续计剩余时限"),
    "sent_back": _("回退，停止计时"),
    "suspended": _("挂账，暂停计时"),
    "hold": _("应急令，暂停计时"),
    "nobody_on_shift": _("无人在岗，暂停计时"),
    "on_shift": _("有人上岗，续计剩余时限"),
    "release": _("应急结束，恢复计时"),
    "resume": _("恢复处置"),
    "wake": _("挂账到期，恢复计时"),
    "rework": _("返工，续计剩余时限"),
    "split_off": _("撤销并案，续计剩余时限"),
    "stop": _("停止计时"),
}


def chart(kept: Sequence[StageClock], now: datetime, units: dict[str, str]) -> tuple[Track, ...]:
    """计时图: all clocks over one time line; `units` names the units whose clocks they are."""
    spans = [span for clock in kept for span in clock.run.spans]
    if not spans:
        return ()
    first = min(span.start for span in spans)
    length = max((max(_until(span, now) for span in spans) - first).total_seconds(), 60.0)

    def x(at: datetime) -> float:
        return round((at - first).total_seconds() / length * CHART, 1)

    return tuple(_track(clock, now, units, x) for clock in kept)


def _until(span: Span, now: datetime) -> datetime:
    return span.end or max(now, span.start)


def _track(clock: StageClock, now: datetime, units: dict[str, str], x: Across) -> Track:
    spans = clock.run.spans
    return Track(
        title=Stage(clock.stage).label,
        unit=units.get(clock.unit, clock.unit),
        limit=str(clock.limit),
        due=clock.run.due,
        late=clock.run.late or (clock.run.due is not None and now > clock.run.due),
        reasons=clock.reasons,
        stretches=tuple(_stretch(span, clock.run.due, now, x) for span in spans),
    )


def _stretch(span: Span, due: datetime | None, now: datetime, x: Across) -> Stretch:
    end = _until(span, now)
    left, right = x(span.start), x(end)
    runs_late = span.running and span.end is None and due is not None and due < end
    return Stretch(
        x=left,
        width=round(max(right - left, LEAST), 1),
        running=span.running,
        late_x=max(left, x(due)) if runs_late and due else None,
        start=span.start,
        end=end,
        why=WHY.get(span.why, span.why),
        lasted=span_words(int((end - span.start).total_seconds())),
    )
