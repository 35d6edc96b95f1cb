"""日报数字: open, due today, overdue, unanswered by unit; yesterday beside the same weekday before.

Each figure knows the address of the list behind it. No name of a person is read here: the sheet
may be opened by whoever holds the link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.cases import listing
from changxiao.cases.flow import HANDLING, OPEN, Stage
from changxiao.cases.models import Case, SupervisionOrder
from changxiao.kernel.day import local_date
from changxiao.orgs.models import Staff, Unit
from changxiao.surfaces.leader.answering import Answering, answering, shown_units

HELD = ",".join(stage.value for stage in (Stage.DISPATCHED, Stage.SUSPENDED))
SHOWN_ORDERS = 20


@dataclass(slots=True)
class Tally:
    """计数: cases of one row: open, due today, overdue, overdue and unanswered, orders waiting."""

    open: int = 0
    today: int = 0
    late: int = 0
    silent: int = 0
    ordered: int = 0

    def add(self, row: dict[str, int]) -> None:
        """累加."""
        for name in ("open", "today", "late", "silent", "ordered"):
            setattr(self, name, getattr(self, name) + row[name])


@dataclass(slots=True)
class Line:
    """一行: a unit or a stage, its counts, and the filter that opens them."""

    label: str | Promise
    wanted: dict[str, str]
    below: bool = False
    tally: Tally = field(default_factory=Tally)

    @property
    def light(self) -> str:
        """红黄绿: red where something is late, amber where something is due or unanswered."""
        if self.tally.late:
            return "overdue"
        return "near" if self.tally.today or self.tally.ordered else "on-track"

    @property
    def open_url(self) -> str:
        return address(self.wanted)

    @property
    def today_url(self) -> str:
        return address(self.wanted | {"due": "today"})

    @property
    def late_url(self) -> str:
        return address(self.wanted | {"overdue": "1"})

    @property
    def silent_url(self) -> str:
        return address(self.wanted | {"silent": "1"})

    @property
    def ordered_url(self) -> str:
        return address(self.wanted | {"order": "waiting"})


@dataclass(frozen=True, slots=True)
class Past:
    """昨日一项: yesterday's count, the same weekday's a week before, and the list behind it."""

    label: str | Promise
    count: int
    before: int
    url: str

    @property
    def change(self) -> str:
        """增减: with its sign, so that it is read without colour."""
        return f"{self.count - self.before:+d}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """日报: one leader's morning."""

    staff: Staff
    mine: Answering
    at: datetime
    yesterday: date
    total: Line
    units: Sequence[Line]
    stages: Sequence[Line]
    past: Sequence[Past]
    orders: Sequence[SupervisionOrder]

    @property
    def order_count(self) -> int:
        return self.total.tally.ordered


def sheet(staff: Staff, now: datetime, mine: Answering) -> Sheet:
    """日报 as the current viewer may see it, in a fixed number of statements."""
    day = local_date(now)
    by_unit, by_stage = _counted(mine, now)
    units = _unit_lines(shown_units(mine, day), by_unit)
    total = Line(_("合计"), {"stage": HELD})
    for row in by_unit.values():
        total.tally.add(row)
    if len(mine.paths) == 1 and not mine.whole and units:
        total.wanted = dict(units[0].wanted)
    return Sheet(
        staff=staff,
        mine=mine,
        at=now,
        yesterday=day - timedelta(days=1),
        total=total,
        units=units,
        stages=_stage_lines(by_stage) if mine.whole else (),
        past=tuple(_past(mine, day - timedelta(days=1))),
        orders=list(waiting_orders(mine)[:SHOWN_ORDERS]),
    )


def mine_of(staff: Staff, viewer: object, now: datetime) -> Answering:
    """负责范围 today."""
    return answering(staff, viewer, local_date(now))  # type: ignore[arg-type]


def address(wanted: dict[str, str]) -> str:
    """清单地址: the list of cases with this filter."""
    return f"{reverse('cases')}?{urlencode(wanted)}"


def waiting_orders(mine: Answering) -> QuerySet[SupervisionOrder]:
    """未答复的督办: the longest waiting first."""
    cases = Case.objects.filter(mine.cases(), stage__in=OPEN).order_by()
    rows = SupervisionOrder.objects.filter(answered_at=None, case__in=cases)
    return rows.select_related("case__subcategory", "case__unit").order_by("ordered_at", "id")


def _counted(
    mine: Answering, now: datetime
) -> tuple[dict[int | None, dict[str, int]], dict[str, dict[str, int]]]:
    """By unit for what units hold, by stage for what the two centres hold; one statement."""
    waits = SupervisionOrder.objects.filter(case=OuterRef("pk"), answered_at=None)
    rows = (
        Case.objects.filter(mine.cases(), stage__in=OPEN)
        .order_by()
        .annotate(waits=Exists(waits))
        .values("stage", "unit", "waits")
        .annotate(
            open=Count("pk"),
            today=Count("pk", filter=listing.due_today(now)),
            late=Count("pk", filter=listing.late(now)),
            silent=Count("pk", filter=listing.silent(now)),
        )
    )
    by_unit: dict[int | None, dict[str, int]] = defaultdict(_zero)
    by_stage: dict[str, dict[str, int]] = defaultdict(_zero)
    for row in rows:
        held = by_unit[row["unit"]] if row["stage"] in HANDLING else by_stage[row["stage"]]
        for name in ("open", "today", "late", "silent"):
            held[name] += row[name]
        held["ordered"] += row["open"] if row["waits"] else 0
    return by_unit, by_stage


def _zero() -> dict[str, int]:
    return dict.fromkeys(("open", "today", "late", "silent", "ordered"), 0)


def _unit_lines(
    groups: Sequence[tuple[Unit, list[Unit]]], counted: dict[int | None, dict[str, int]]
) -> Sequence[Line]:
    paths = dict(Unit.objects.filter(pk__in=list(counted)).values_list("pk", "path"))

    def line(unit: Unit, *, below: bool = False) -> Line:
        made = Line(unit.name, {"stage": HELD, "unit": unit.code}, below=below)
        for pk, row in counted.items():
            if paths.get(pk or 0, "-").startswith(unit.path):
                made.tally.add(row)
        return made

    found = []
    for top, beneath in groups:
        head = line(top)
        if head.tally.open or len(groups) == 1:
            rest = [one for unit in beneath if (one := line(unit, below=True)).tally.open]
            found.append([head, *sorted(rest, key=_worst_first)])
    return [
        one for group in sorted(found, key=lambda group: _worst_first(group[0])) for one in group
    ]


def _worst_first(line: Line) -> tuple[int, int, int]:
    return -line.tally.late, -line.tally.today, -line.tally.open


def _stage_lines(counted: dict[str, dict[str, int]]) -> Sequence[Line]:
    lines = []
    for stage in Stage:
        if stage.value in counted:
            line = Line(stage.label, {"stage": stage.value})
            line.tally.add(counted[stage.value])
            lines.append(line)
    return lines


def _past(mine: Answering, day: date) -> Iterable[Past]:
    """昨日: into my hands, closed, sent back as not fixed; a week before beside each."""
    counts = [_on(mine, which) for which in (day, day - timedelta(days=7))]
    scope = {} if mine.whole else {"unit": ",".join(_codes(mine))}
    titles = (
        (pgettext_lazy("daily", "新增"), "reported_on" if mine.whole else "dispatched_on"),
        (pgettext_lazy("daily", "结案"), "closed_on"),
        (pgettext_lazy("daily", "返工"), "reworked_on"),
    )
    for number, (label, name) in enumerate(titles):
        url = address({**scope, name: day.isoformat()})
        yield Past(label, counts[0][number], counts[1][number], url)


def _codes(mine: Answering) -> list[str]:
    return list(Unit.objects.filter(path__in=mine.paths).values_list("code", flat=True))


def _on(mine: Answering, day: date) -> tuple[int, int, int]:
    rows = Case.objects.filter(mine.cases()).order_by()
    begun = listing.reported_on(day) if mine.whole else listing.dispatched_on(day)
    asked = (begun, listing.closed_on(day), listing.reworked_on(day))
    counted = [rows.filter(condition).count() for condition in asked]
    return counted[0], counted[1], counted[2]
