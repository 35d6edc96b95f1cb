"""各部件模板: every partial of the house drawn with a case of this home as its sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from changxiao.cases import deadlines, places, sketch, story
from changxiao.cases.models import Case, CaseRequest
from changxiao.kernel import scope

ROOT = Path(settings.BASE_DIR)


@dataclass(frozen=True, slots=True)
class Drawn:
    """一个部件: its name and what it draws, or what it lacked."""

    name: str
    html: SafeString | str
    lacks: str


def names() -> list[str]:
    """部件的名称, by folder."""
    found = {
        "/".join(path.parts[path.parts.index("templates") + 1 :])
        for path in ROOT.rglob("templates/*/_*.html")
    }
    return sorted(found)


def sample() -> dict[str, Any]:
    """样例: the newest case that has most to show, as somebody without posts reads it."""
    now = timezone.now()
    case = Case.everything.select_related("subcategory", "criterion", "unit", "lead_unit")
    one = case.order_by("-n", "-id").first()
    if one is None:
        return {"now": now}
    reader = scope.Viewer("staff", "")
    standing = deadlines.of_case(one, now)
    row = {"case": one, "standing": standing, "place": places.of_case(one), "where": one.address}
    chart = sketch.chart(story.clocks_of(one), now, {})
    photos = story.photos_of(one)
    return {
        **row,
        "now": now,
        "row": row,
        "rows": [row],
        "due": one.due_at,
        "chart": chart,
        "story": story.story(one, reader),
        "photos": {"before": photos[:1], "after": photos[1:2], "other": photos[2:]},
        "requests": list(CaseRequest.objects.filter(case=one)),
        "sketch": sketch.sketch(one),
        **story.texts(one, reader),
    }


def drawn(request: HttpRequest) -> Iterator[Drawn]:
    """画出全部; one that needs more than the sample has says what it lacked."""
    told = sample()
    for name in names():
        try:
            yield Drawn(name, render_to_string(name, dict(told), request), "")
        except Exception as lacks:
            yield Drawn(name, "", f"{type(lacks).__name__}: {lacks}")
