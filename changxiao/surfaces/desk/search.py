"""搜索: `/` on any page asks all rooms: cases, places, components, units, people, standards.

Each group is bounded and within the viewer's reach. Staff are found by name; collectors and
inspectors only by those who know them anyway (`cases.access.knows_people`). Residents are found by
nobody: neither their names nor their numbers are in any index.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.areas import search as areas
from changxiao.areas.locate import locator
from changxiao.areas.search import Spot
from changxiao.assets.models import Component
from changxiao.cases import access, deadlines, places, rules, search, story
from changxiao.cases.models import Case
from changxiao.catalog.models import FilingCriterion, Kind, Subcategory
from changxiao.kernel import scope
from changxiao.kernel.bigrams import MOST_QUERY
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.orgs.access import phone_of
from changxiao.orgs.models import Appointment, Staff, Unit
from changxiao.orgs.posts import Post
from changxiao.ui.deadline import Standing
from changxiao.ui.htmx import is_htmx

CASES, OTHERS = 20, 6
SNIPPET = 24  # characters on each side of the word


@dataclass(frozen=True, slots=True)
class Hit:
    """案卷一行: the case, its standing, where, and the words around the first that was asked."""

    case: Case
    standing: Standing | None
    where: str
    around: str


@dataclass(frozen=True, slots=True)
class Person:
    """人员一行: name, unit, posts of today, and the phone where this viewer may ring."""

    name: str
    unit: str
    posts: str
    phone: str


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """搜索页: a number or code typed in full goes straight to its case."""
    words = readable(request.GET.get("q", ""))
    swaps = is_htmx(request)
    if not swaps and (case := search.by_number(words)) is not None:
        return redirect("case", case.number)
    told: dict[str, Any] = {"q": words, "short": 0 < len(words) < 2}
    if words and not told["short"]:
        told |= everything(words, timezone.now())
    return render(request, "desk/_hits.html" if swaps else "desk/search.html", told)


def readable(text: str) -> str:
    """可读的问词: half width, without control and direction marks, of a length that people type."""
    kept = unicodedata.normalize("NFKC", text[: MOST_QUERY * 4])
    return " ".join("".join(c if c.isprintable() else " " for c in kept).split())[:MOST_QUERY]


def everything(words: str, now: datetime) -> dict[str, Any]:
    """各组结果."""
    day = local_date(now)
    told: dict[str, Sequence[Any]] = {
        "cases": [_hit(case, words, now) for case in search.found(words, CASES)],
        "spots": spots(words),
        "components": components(words),
        "units": list(_named(Unit.objects.on(day), words, "name", "code")[:OTHERS]),
        "people": people(words, day),
        "criteria": criteria(words),
    }
    return {**told, "count": sum(map(len, told.values()))}


def _hit(case: Case, words: str, now: datetime) -> Hit:
    where = rules.masked(case.address) or places.of_case(case)
    told = story.texts(case, scope.current())
    return Hit(case, deadlines.of_case(case, now), where, around(told["description"], words))


def around(text: str, words: str) -> str:
    """上下文: the first word that is there with what stands beside it; else how the text begins."""
    found = [at for word in words.split() if (at := text.find(word)) >= 0]
    begin = max(0, min(found, default=0) - SNIPPET)
    cut = text[begin : begin + 3 * SNIPPET]
    return f"{'…' if begin else ''}{cut}{'…' if begin + len(cut) < len(text) else ''}"


def spots(words: str) -> list[Spot]:
    """地点; none before a city was set up."""
    try:
        return areas.spots(locator(), words, OTHERS)
    except Refused:
        return []


def components(words: str) -> list[Component]:
    """部件: by the beginning of the code, or of the sub-categories that the words name."""
    rows = Component.objects.standing().select_related("subcategory")
    if words.isdecimal():
        return list(rows.filter(code__startswith=words).order_by("code")[:OTHERS])
    named = _named(Subcategory.objects.filter(kind=Kind.COMPONENT), words, "name")
    return list(rows.filter(subcategory__in=list(named[:OTHERS])).order_by("code")[:OTHERS])


def people(words: str, day: date) -> list[Person]:
    """人员: staff in office, by name or username."""
    viewer = scope.current()
    held = Appointment.objects.on(day)
    rows = _named(Staff.visible.filter(is_active=True), words, "name", "username")
    if not access.knows_people(viewer):
        rows = rows.exclude(appointments__in=held.filter(post__in=story.HIDDEN_POSTS))
    shown = Prefetch("appointments", queryset=held, to_attr="today")
    found = rows.select_related("unit").prefetch_related(shown).order_by("name", "pk")[:OTHERS]
    return [_person(one, viewer) for one in found]


def _person(one: Any, viewer: scope.Viewer) -> Person:
    posts = dict.fromkeys(str(Post(row.post).label) for row in one.today)
    unit = one.unit.name if one.unit else ""
    return Person(one.name, unit, "、".join(posts), phone_of(one, viewer))


def criteria(words: str) -> list[FilingCriterion]:
    """标准: by condition, code or the name of the sub-category."""
    rows = FilingCriterion.objects.current().select_related("subcategory__category")
    return list(_named(rows, words, "condition", "code", "subcategory__name")[:OTHERS])


def _named(rows: Any, words: str, *columns: str) -> Any:
    """Every word stands in one of the columns; small tables, so a plain scan."""
    for word in words.split():
        one = Q()
        for column in columns:
            one |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(one)
    return rows
