"""本城的建议: what the city's closed cases teach, and what the version in force says of a report.

A suggestion is words beside a form. No verb reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from changxiao.areas.locate import Place
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.cases.models_suggesting import SuggestionModel
from changxiao.cases.suggesting import storing
from changxiao.cases.suggesting.model import Guess, Model
from changxiao.cases.suggesting.prior import Context
from changxiao.catalog import policy
from changxiao.kernel.day import local_time

HEADS = ("subcategory", "criterion", "unit")
SHOWN = 3
TRIED = 10  # criteria looked through for one of the suggested sub-category
SURE, LIKELY = 0.7, 0.4


@dataclass(frozen=True, slots=True)
class Lesson:
    """一课: a closed case as the three heads learn it: labels by head, empty where it has none."""

    text: str
    labels: dict[str, str]
    context: Context


def lessons() -> Iterator[Lesson]:
    """可学的案卷: the viewer's closed cases, the oldest first."""
    rows = Case.objects.filter(stage=Stage.CLOSED).order_by("reported_at", "id")
    shown = rows.select_related("subcategory", "criterion", "unit", "lead_unit")
    for case in shown.iterator(chunk_size=2000):
        unit = case.lead_unit or case.unit
        labels = {
            "subcategory": case.subcategory.key,
            "criterion": case.criterion.code if case.criterion else "",
            "unit": unit.code if unit else "",
        }
        yield Lesson(case.description, labels, context_in(case))


def context_in(case: Case) -> Context:
    """何处何时 of a case."""
    return context_of(case.unit_grid_code, case.community_code, case.reported_at)


def context_of(grid: str, community: str, at: datetime) -> Context:
    """何处何时: grid and community; the quarter of the year and of the day."""
    named = (("grid", grid), ("community", community))
    places = tuple(f"{kind}:{code}" for kind, code in named if code)
    local = local_time(at)
    return Context(places, f"when:{(local.month - 1) // 3}/{local.hour // 6}")


def in_force() -> int:
    """现行版本; 0 where the city uses none."""
    return policy.number("suggestion_version")


def models(version: int) -> dict[str, Model]:
    """某版本的模型, by head; empty where there is no such version."""
    return _models(version) if version else {}


@lru_cache(maxsize=1)  # rows never change; a city asks one version at a time
def _models(version: int) -> dict[str, Model]:
    row = SuggestionModel.objects.filter(version=version).first()
    if row is None:
        return {}
    stored = {name: getattr(row, name) for name in HEADS}
    return {name: storing.from_bytes(bytes(data)) for name, data in stored.items() if data}


@dataclass(frozen=True, slots=True)
class Said:
    """建议 for a report: sub-categories, for each the likeliest of its criteria, and units."""

    subcategories: list[Guess]
    criteria: list[Guess]
    units: list[Guess]


def context_at(place: Place | None, at: datetime) -> Context:
    """何处何时 of a place that is not a case's yet."""
    return context_of(place.unit_grid if place else "", place.community_code if place else "", at)


def said(text: str, context: Context) -> Said | None:
    """建议; None where no version is in force or the text says nothing."""
    heads = models(in_force())
    if not heads or not heads["subcategory"].knows(text):
        return None

    def best(name: str, most: int) -> list[Guess]:
        return heads[name].best(text, context, most=most) if name in heads else []

    return Said(best("subcategory", SHOWN), best("criterion", TRIED), best("unit", 1))
