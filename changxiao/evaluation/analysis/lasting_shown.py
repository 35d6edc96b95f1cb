"""长效指数的样子: rows and words for its pages; shares become per cent here and nowhere before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from changxiao.catalog.models import PlaceKind
from changxiao.evaluation.analysis.lasting_home import One
from changxiao.evaluation.lasting.assembling import GROUPS, PLACED, Asked, Lasting
from changxiao.evaluation.lasting.index import PARTS
from changxiao.evaluation.lasting.spots import Spot
from changxiao.evaluation.lasting.survival import Curve
from changxiao.evaluation.naming import KINDS, names_of

PART_WORDS: dict[str, str | Promise] = {
    "kept": gettext_lazy("保持"),
    "once": gettext_lazy("不复发"),
    "flat": gettext_lazy("不反弹"),
    "steady": gettext_lazy("平稳"),
    "first": gettext_lazy("先发现"),
}
COLUMNS: list[tuple[str, str | Promise]] = [
    ("index", gettext_lazy("长效指数")),
    *PART_WORDS.items(),
    ("cases", gettext_lazy("案卷")),
]
HEADINGS = (
    *("group", "name", "index", "index_low", "index_high", *PARTS),
    *("closed", "again", "cases", "own", "residents", "visits"),
    *(f"weight_{name}" for name in PARTS),
)
EPOCH = date(1970, 1, 1).toordinal()
LONGEST = 400  # days that a chart shows
CURVE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Row:
    """长效表一行, with its name."""

    name: str
    told: Lasting

    @property
    def code(self) -> str:
        return self.told.group

    @property
    def index(self) -> str:
        """指数, one decimal; empty where too little is known."""
        return number(self.told.index)

    @property
    def range(self) -> str:
        """敏感性: lowest and highest."""
        moves = self.told.moves
        return "" if math.isnan(moves.low) else f"{moves.low:.1f}–{moves.high:.1f}"

    @property
    def shares(self) -> list[tuple[str, str | Promise, str]]:
        """五部分 in per cent, empty where nothing is known."""
        parts = self.told.parts
        return [(name, PART_WORDS[name], number(100 * parts[name])) for name in PARTS]

    def cells(self, asked: Asked) -> tuple[Any, ...]:
        """CSV 一行, by `HEADINGS`; shares, not per cent; the weights that made the index."""
        told, moves = self.told, self.told.moves
        three = (self.index, number(moves.low), number(moves.high))
        parts = (number(told.parts[name], 4) for name in PARTS)
        counts = (told.counted.closed, told.counted.again, told.cases)
        by = (told.own, told.residents, told.visits)
        held = (asked.weights[name] for name in PARTS)
        return (self.code, self.name, *three, *parts, *counts, *by, *held)


def number(value: float, places: int = 1) -> str:
    """数, empty for NaN."""
    return "" if math.isnan(value) else f"{value:.{places}f}"


def groups() -> list[tuple[str, str | Promise]]:
    """可分的几种."""
    return [(by, KINDS[by]) for by in GROUPS]


def kinds() -> list[tuple[str, str]]:
    """场所类型, those that the city gave to any community."""
    given = set(PlaceKind.objects.values_list("kind", flat=True).distinct())
    return [(str(kind), str(word)) for kind, word in PlaceKind.Kind.choices if kind in given]


def rows(found: Sequence[Lasting], by: str) -> list[Row]:
    """长效表 with names."""
    names = names_of(by, [one.group for one in found])
    return [Row(names[one.group], one) for one in found]


def ordered(found: list[Row], order: str) -> list[Row]:
    """排序: by one column, "-" before it for the highest first; what is unknown comes last."""
    key = order.lstrip("-")
    if key not in dict(COLUMNS):
        key = "index"

    def place(row: Row) -> tuple[bool, float, str]:
        told = row.told
        value = told.parts.get(key, told.index if key == "index" else float(told.cases))
        unknown = math.isnan(value)
        return unknown, 0.0 if unknown else (-value if order.startswith("-") else value), row.code

    return sorted(found, key=place)


def weights(asked: Asked) -> list[tuple[str | Promise, float]]:
    """权重 in force, per cent; what weighs nothing is left out."""
    return [(PART_WORDS[name], asked.weights[name]) for name in PARTS if asked.weights[name]]


def unknown(by: str, asked: Asked, found: list[Row]) -> list[str]:
    """不知道的, in words: why a column is empty."""
    told = []
    if not asked.campaigns:
        told.append(_("没有登记检查日和专项行动，“不反弹”不知道，不计入指数。"))
    if by not in PLACED:
        told.append(_("巡查只记在地方上，按这样分时“平稳”不知道，不计入指数。"))
    elif not any(row.told.visits for row in found):
        told.append(_("没有巡查记录，“平稳”不知道，不计入指数。"))
    if by == "place_kind" and not any(row.code for row in found):
        told.append(_("还没有说明社区是哪种场所：在设置的“场所类型”里填。"))
    few = sum(not row.index for row in found)
    if few:
        told.append(
            ngettext(
                "有 %(n)d 行知道的不到一半，没有指数。",
                "有 %(n)d 行知道的不到一半，没有指数。",
                few,
            )
            % {"n": few}
        )
    return told


def detail(found: One, by: str) -> dict[str, Any]:
    """一组的页: parts in sentences, the chart's numbers, spots with names."""
    row, asked = found.row, found.seen.asked
    named = names_of("category", [spot.kind for spot in found.spots])
    days = list(daily(found))
    first = max(0, len(days) - LONGEST)
    chart = {
        "days": [day.isoformat() for day, _n, _v in days[first:]],
        "found": [count for _day, count, _v in days[first:]],
        "visits": [count for _day, _n, count in days[first:]] if by in PLACED else [],
        "bands": [[a.isoformat(), b.isoformat()] for a, b in asked.campaigns],
    }
    return {
        "row": Row("", row),
        "sentences": sentences(found, by),
        "weights": weights(asked),
        "without": [(PART_WORDS[name], number(row.moves.without[name])) for name in PARTS],
        "spots": [(spot, named[spot.kind], _numbers(spot)) for spot in found.spots],
        "daily_chart": chart,
        "days": days[first:],
        "cut": first,
        "curve_chart": curve_chart(row.curve),
        "milestones": milestones(row.curve),
    }


def _numbers(spot: Spot) -> str:
    return ",".join(spot.numbers[-50:])


def daily(found: One) -> Iterator[tuple[date, int, int]]:
    """逐日: day, residents' finds, visits."""
    first = EPOCH + found.seen.first
    for n, (count, walked) in enumerate(zip(found.found, found.visits, strict=True)):
        yield date.fromordinal(first + n), int(count), int(walked)


def curve_chart(curve: Curve) -> dict[str, list[float]]:
    """保持曲线 as points of a staircase up to a year, in per cent."""
    inside = curve.days <= CURVE_DAYS
    told = {"days": [0.0], "kept": [100.0], "low": [100.0], "high": [100.0]}
    told["days"] += [round(float(day), 2) for day in curve.days[inside]]
    for name, values in (("kept", curve.kept), ("low", curve.low), ("high", curve.high)):
        told[name] += [round(100 * float(value), 2) for value in values[inside]]
    return told


def milestones(curve: Curve) -> list[tuple[int, str, str, int]]:
    """几天后仍保持: day, per cent, its interval, how many were still watched."""
    found = []
    for day in (7, 14, 30, 90, 180, 365):
        step = int((curve.days <= day).sum())
        ends = (100 * curve.low[step - 1], 100 * curve.high[step - 1]) if step else (100.0, 100.0)
        left = int(curve.watched[max(step - 1, 0)]) if len(curve.watched) else 0
        found.append((day, number(100 * curve.at(day)), f"{ends[0]:.1f}–{ends[1]:.1f}", left))
    return found


def sentences(found: One, by: str) -> list[tuple[str | Promise, str, str]]:
    """五部分, each with its per cent and a sentence, or why it is unknown."""
    told = Row("", found.row)
    words = {
        "kept": _kept(found),
        "once": _once(found),
        "flat": _flat(found),
        "steady": _steady(found, by),
        "first": _first(found),
    }
    return [(title, share, words[name]) for name, title, share in told.shares]


def _kept(found: One) -> str:
    days = found.seen.asked.reach.days
    if math.isnan(found.row.parts["kept"]):
        return _("还没有结案，不知道能保持多久。")
    told = {"days": int(days), "kept": f"{days * found.row.parts['kept']:.1f}"}
    return _("结案后的 %(days)d 天里，平均有 %(kept)s 天没有再出现。") % told


def _once(found: One) -> str:
    counted = found.row.counted
    if not counted.closed:
        return _("还没有案卷满了观察天数，不知道复发多少。")
    told = {"closed": counted.closed, "again": counted.again}
    return _("%(closed)d 件满了观察天数，其中 %(again)d 件在原处又出现。") % told


def _flat(found: One) -> str:
    back = found.row.back
    if not found.seen.asked.campaigns:
        return _("没有登记检查日和专项行动，不知道过后有没有反弹。")
    if math.isnan(back.before):
        return _("检查日前后没有足够的日子，不知道有没有反弹。")
    told = {
        "before": f"{back.before:.1f}",
        "after": f"{back.after:.1f}",
        "later": f"{back.later:.1f}",
        "chance": f"{100 * back.chance:.0f}",
    }
    return (
        _(
            "检查前一周每天 %(before)s 件，过后一周 %(after)s 件，再一周 %(later)s 件；"
            "平常的日子碰巧也这样回升的有 %(chance)s%%。"
        )
        % told
    )


def _steady(found: One, by: str) -> str:
    if by not in PLACED:
        return _("巡查只记在地方上，这里不知道。")
    if math.isnan(found.row.parts["steady"]):
        return _("巡查不到三次，不知道平常有没有人去。")
    told = {"n": found.row.visits, "days": int((found.visits > 0).sum())}
    told["all"] = len(found.visits)
    return _("%(all)d 天里有 %(days)d 天有人巡查，共 %(n)d 次。") % told


def _first(found: One) -> str:
    if math.isnan(found.row.parts["first"]):
        return _("没有案卷，不知道是谁先发现。")
    told = {"own": found.row.own, "residents": found.row.residents}
    return _("自己发现 %(own)d 件，公众先说的 %(residents)d 件。") % told
