"""长效指数页: does order last, by street, community, sub-category and unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from changxiao.cases.flow import Stage
from changxiao.evaluation.analysis import lasting_shown as shown
from changxiao.evaluation.analysis.lasting_cut import cut_of
from changxiao.evaluation.analysis.lasting_home import SPANS, One, asked_of_city, one_of, table_of
from changxiao.evaluation.analysis.tables import as_csv, refused
from changxiao.evaluation.facts.store import Facts
from changxiao.evaluation.flow import SEES_ALL
from changxiao.evaluation.home_facts import home_facts
from changxiao.evaluation.naming import names_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import for_posts

PAGE = "evaluation/lasting.html"


def _asked(request: HttpRequest) -> dict[str, Any]:
    days = request.GET.get("days", str(SPANS[1]))
    asked = {"by": request.GET.get("by", "street"), "days": int(days) if days.isdigit() else -1}
    asked |= {"order": request.GET.get("order", "index"), "kind": request.GET.get("kind", "")}
    return asked


def _rows(facts: Facts, asked: dict[str, Any]) -> list[shown.Row]:
    found = table_of(facts, asked["by"], asked["days"], asked["kind"])
    return shown.rows(found, asked["by"])


def _told(
    request: HttpRequest, template: str, tell: Callable[[dict[str, Any]], dict[str, Any]]
) -> HttpResponse:
    """The page, or the sentence why there is none."""
    asked = _asked(request)
    try:
        told = tell(asked)
    except Refused as no:
        context = {"asked": asked, "refusal": no.sentence, "groups": shown.groups()}
        status = 200 if no.code == "facts_missing" else 400
        return render(request, PAGE, context, status=status)
    return render(request, template, told)


@require_safe
@for_posts(SEES_ALL)
def table(request: HttpRequest) -> HttpResponse:
    """长效指数表."""

    def tell(asked: dict[str, Any]) -> dict[str, Any]:
        facts = home_facts()
        rows = _rows(facts, asked)
        told = {"rows": shown.ordered(rows, asked["order"]), "asked": asked}
        city = asked_of_city(asked["days"])
        told |= {"groups": shown.groups(), "spans": SPANS, "columns": shown.COLUMNS}
        told["kinds"] = shown.kinds()
        return told | {
            "unknown": shown.unknown(asked["by"], city, rows),
            "city": city,
            "weights": shown.weights(city),
        }

    return _told(request, PAGE, tell)


@require_safe
@for_posts(SEES_ALL)
def download(request: HttpRequest) -> HttpResponse:
    """长效指数 CSV: the same rows in the same order."""
    asked = _asked(request)
    try:
        rows = _rows(home_facts(), asked)
    except Refused as no:
        return refused(no)
    city = asked_of_city(asked["days"])
    told = (one.cells(city) for one in shown.ordered(rows, asked["order"]))
    return as_csv(f"lasting-{asked['by']}.csv", shown.HEADINGS, told)


def _group(request: HttpRequest, asked: dict[str, Any]) -> tuple[str, One]:
    """The group that is asked for, with what is known of it; 404 where there is none."""
    group = request.GET.get("group", "")
    found = one_of(home_facts(), cut_of(asked["by"], asked["kind"]), group, asked["days"])
    if found is None:
        raise Http404
    return group, found


@require_safe
@for_posts(SEES_ALL)
def one(request: HttpRequest) -> HttpResponse:
    """一组的长效: its five parts in words, its curve, its days, its spots."""

    def tell(asked: dict[str, Any]) -> dict[str, Any]:
        group, found = _group(request, asked)
        name = names_of(asked["by"], [group])[group]
        told = {"asked": asked, "group": group, "name": name, "spans": SPANS}
        told["kind_words"] = dict(shown.kinds()).get(asked["kind"], "")
        told["every_stage"] = ",".join(Stage.values)
        return told | shown.detail(found, asked["by"])

    return _told(request, "evaluation/lasting_one.html", tell)


@require_safe
@for_posts(SEES_ALL)
def days(request: HttpRequest) -> HttpResponse:
    """逐日 CSV of one group: residents' finds and visits."""
    try:
        _name, found = _group(request, _asked(request))
    except Refused as no:
        return refused(no)
    rows = ((day, *counts) for day, *counts in shown.daily(found))
    return as_csv("days.csv", ("day", "found_by_residents", "visits"), rows)
