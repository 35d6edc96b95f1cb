"""公开清单: which emergency orders pause which limits, and who voided or force-closed how often."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases.exceptional import COUNTED, MAY_COUNT, VERBS, on_spot_counts
from changxiao.cases.models import Case
from changxiao.cases.places import words
from changxiao.catalog import known
from changxiao.catalog.actions.base import COMMANDERS
from changxiao.catalog.models import Category, Emergency
from changxiao.kernel.day import city_zone
from changxiao.kernel.scope import current
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff

SHOWN = 50  # orders, the newest first


@login_not_required
@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    """应急令公开清单: every order and the limits it pauses, for anybody; no case is named."""
    orders = list(Emergency.objects.order_by("-from_at")[:SHOWN])
    held: dict[str, list[tuple[str, str, int]]] = {}
    # Counts by kind and district only: what the public may know of cases it may not see.
    rows = Case.everything.filter(held_by__in=[order.order_number for order in orders])
    counted = rows.values_list("held_by", "subcategory", "district_code").annotate(n=Count("pk"))
    for number, subcategory, district, count in counted.order_by("-n"):
        row = (known.by_id(subcategory).label, words(district), count)
        held.setdefault(number, []).append(row)
    now = timezone.now()
    told = [
        {
            "order": order,
            "area": words(order.area_code) if order.area_code else "",
            "subjects": _subjects(order.keys),
            "standing": _standing(order, now),
            "held": held.get(order.order_number, []),
            "total": sum(count for _kind, _place, count in held.get(order.order_number, [])),
        }
        for order in orders
    ]
    held_posts = set(getattr(request, "posts", []))
    context = {"rows": told, "may_declare": bool(held_posts & COMMANDERS)}
    # The public reads times by the city's clock too, and nobody has put it on for a visitor.
    with timezone.override(city_zone()):
        return render(request, "desk/emergencies.html", context)


def _standing(order: Emergency, now: datetime) -> str:
    if order.lifted or (order.to_at is not None and order.to_at <= now):
        return "over"
    return "coming" if order.from_at > now else "standing"


def _subjects(keys: list[str]) -> list[str]:
    categories = {row.key: row.name for row in Category.objects.exclude(edition="cjt214")}
    names = []
    for key in keys:
        found = known.by_key(key)
        names.append(found.label if found else categories.get(key, key))
    return names


@require_safe
def exceptional(request: HttpRequest) -> HttpResponse:
    """作废与强制结案: counted by name over a year, each with its reason, from the log itself; and
    how often a collector put something right himself 自处置."""
    if not current().holds(*MAY_COUNT):
        raise PermissionDenied
    now = timezone.now()
    since, on_spot = now - COUNTED, on_spot_counts(now)
    rows = Entry.objects.filter(verb__in=VERBS, at__gte=since, stream__startswith="case:")
    entries = list(rows.order_by("-at"))
    visible = _visible(entries)
    seen = [entry for entry in entries if entry.stream in visible]
    actors = {e.actor for e in seen} | set(on_spot)
    people = dict(Staff.objects.filter(username__in=actors).values_list("username", "name"))
    counts = Counter((e.actor, e.verb) for e in seen)
    told: dict[str, Any] = {
        "by_name": [
            {
                "name": people.get(actor, actor),
                "voided": counts[actor, "void"],
                "forced": counts[actor, "force_close"],
                "on_spot": on_spot.get(actor, 0),
            }
            for actor in sorted(actors)
        ],
        "rows": [
            {
                "case": visible[e.stream],
                "name": people.get(e.actor, e.actor),
                "verb": e.verb,
                "at": e.at,
                "reason": json.loads(e.body)["_act"].get("note", ""),
            }
            for e in seen
        ],
    }
    return render(request, "desk/exceptional.html", told)


def _visible(entries: list[Entry]) -> dict[str, Case]:
    numbers = [entry.stream.partition(":")[2] for entry in entries]
    found: dict[str, Case] = {}
    for start in range(0, len(numbers), 500):
        for case in Case.objects.filter(number__in=numbers[start : start + 500]):
            found[case.stream] = case
    return found
