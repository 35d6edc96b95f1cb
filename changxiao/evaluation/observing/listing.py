"""观测的列表: searched and filtered, within the viewer's reach, with places and units in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from changxiao.areas import names
from changxiao.evaluation.indicators.base import NUMBER
from changxiao.evaluation.listing import title_of
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.naming import names_of
from changxiao.evaluation.observing.reading import KINDS, subject_kinds
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet

FILTERS = ("q", "kind", "district", "since", "until")


@dataclass(frozen=True, slots=True)
class Shown:
    """一次观测, in words; `rate` in percent, "" of a plain count."""

    row: Observation
    title: str
    kind: str
    name: str
    place: str
    unit: str
    rate: str


def observations(asked: Mapping[str, str]) -> QuerySet[Observation]:
    """观测 as asked for. Refused `parameter_unreadable` names the date."""
    rows = Observation.objects.all()
    if words := asked.get("q", "").replace("\x00", "").strip()[:40]:
        near = Q(item__icontains=words) | Q(subject__icontains=words) | Q(file__icontains=words)
        rows = rows.filter(near)
    for name in ("kind", "district"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("since"):
        rows = rows.filter(observed_at__gte=_day(asked, "since"))
    if asked.get("until"):
        rows = rows.filter(observed_at__lt=_day(asked, "until") + timedelta(days=1))
    return rows


def _day(asked: Mapping[str, str], name: str) -> datetime:
    told = asked[name]
    try:
        return datetime.combine(date.fromisoformat(told), time.min, city_zone())
    except ValueError:
        sentence = _("日期“%(value)s”无法识别，请写成 2026-03-02 的样子") % {"value": told[:40]}
        raise Refused("parameter_unreadable", sentence, field=name) from None


def drawn(row: Mapping[str, str | int]) -> Observation:
    """一行 of a sheet, to look at before it is imported."""
    return Observation(**{**row, "observed_at": datetime.fromisoformat(str(row["observed_at"]))})


def shown(rows: Sequence[Observation]) -> list[Shown]:
    """各次观测; a statement for the units and one for the junctions."""
    units = {one.department for one in rows if one.department}
    units |= {one.subject for one in rows if one.subject_kind == "unit"}
    called = names_of("department", sorted(units)) if units else {}
    junctions = sorted({one.subject for one in rows if one.subject_kind == "junction"})
    called |= names_of("junction", junctions) if junctions else {}
    kinds = {key: words for words, key in subject_kinds().items()}
    return [
        Shown(
            row=one,
            title=title_of(one.kind),
            kind=kinds.get(one.subject_kind, one.subject_kind),
            name=called.get(one.subject, one.subject),
            place=names.words(one.street or one.district) if one.street or one.district else "",
            unit=called.get(one.department, one.department),
            rate=_rate(one),
        )
        for one in rows
    ]


def _rate(one: Observation) -> str:
    known = KINDS.get(one.kind)
    if not one.denominator or (known and known.kind == NUMBER):
        return ""
    return f"{100 * one.numerator / one.denominator:.1f}"


def kinds() -> list[tuple[str, str]]:
    """观测项目, as they are called."""
    return [(key, title_of(key)) for key in KINDS]


def sheet(wanted: Mapping[str, str], now: datetime) -> Sheet:
    """观测导出, as filtered, within the viewer's reach."""
    del now  # nothing of it depends on the hour
    keys = list(observations(wanted).values_list("pk", flat=True)[:MOST])
    columns = [
        *(Column(_("观测编号"), 20), Column(_("观测项目"), 24), Column(_("对象类别"), 10)),
        *(Column(_("对象"), 28), Column(_("对象代码"), 20), Column(_("地点"), 24)),
        *(Column(_("负责单位"), 20), Column(_("观测时间")), Column(_("符合数或得分"), 12)),
        *(Column(_("观测数或满分"), 12), Column(_("比率（%）"), 10), Column(_("文件"), 30)),
    ]

    def read(some: Sequence[int]) -> Iterable[Row]:
        held = Observation.objects.in_bulk(list(some))
        for one in shown([held[key] for key in some if key in held]):
            row = one.row
            yield (
                *(row.item, one.title, one.kind, one.name, row.subject, one.place, one.unit),
                *(row.observed_at, row.numerator, row.denominator, one.rate, row.file),
            )

    return Sheet(_("观测"), "", columns, keys, read)
