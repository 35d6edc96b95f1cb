"""研判页: pivot, cases behind a number, hot spots, forecast; over the facts of this home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changxiao.evaluation.analysis import pivot_shown, shown
from changxiao.evaluation.analysis.forms import MEASURE_WORDS, AskForm, active, asked_of
from changxiao.evaluation.analysis.tables import as_csv, refused
from changxiao.evaluation.engines import reader
from changxiao.evaluation.flow import SEES_ALL
from changxiao.evaluation.home_facts import home_facts
from changxiao.evaluation.outlook import gathering, weeks
from changxiao.evaluation.outlook.pivot import Asked, Columns, behind, pivot
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import for_posts

LISTED, MOST_LISTED = 200, 50_000
UNREADABLE = frozenset({"parameter_unknown", "parameter_unreadable", "day_unreadable"})
Tell = Callable[[Columns, Asked], dict[str, Any]]
Write = Callable[[Columns, Asked], HttpResponse]


def _page(request: HttpRequest, here: str, tell: Tell) -> HttpResponse:
    """The page of a question, or the sentence why there is no answer."""
    told: dict[str, Any] = {"here": here}
    status = 200
    try:
        asked = asked_of(request.GET)
        told |= {"asked": asked, "active": active(asked), "form": AskForm(request.GET, asked)}
        told["measure"] = MEASURE_WORDS[asked.measure]
        with reader(home_facts()) as columns:
            told |= tell(columns, asked)
    except Refused as no:
        told["refusal"] = no.sentence
        status = 400 if no.code in UNREADABLE else 200
    return render(request, f"evaluation/{here}.html", told, status=status)


def _file(
    request: HttpRequest, write: Write, refusal: Callable[[Refused], HttpResponse] = refused
) -> HttpResponse:
    """The answer to the same question as a file, or the refusal."""
    try:
        asked = asked_of(request.GET)
        with reader(home_facts()) as columns:
            return write(columns, asked)
    except Refused as no:
        return refusal(no)


@require_safe
@for_posts(SEES_ALL)
def page(request: HttpRequest) -> HttpResponse:
    """透视页."""

    def tell(columns: Columns, asked: Asked) -> dict[str, Any]:
        return {"table": pivot_shown.shown(pivot(columns, asked), asked, request.GET)}

    return _page(request, "analysis", tell)


@require_safe
@for_posts(SEES_ALL)
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """下载 CSV 或 Parquet: what the page shows."""

    def write(columns: Columns, asked: Asked) -> HttpResponse:
        table = pivot_shown.shown(pivot(columns, asked), asked, request.GET)
        if kind == "csv":
            heads = pivot_shown.headings(table, asked)
            return as_csv("pivot.csv", heads, pivot_shown.lines(table))
        data = pivot_shown.as_parquet(table, asked)
        answer = HttpResponse(data, content_type="application/vnd.apache.parquet")
        answer["Content-Disposition"] = 'attachment; filename="pivot.parquet"'
        return answer

    return _file(request, write)


@require_safe
@for_posts(SEES_ALL)
def cases(request: HttpRequest) -> HttpResponse:
    """数字后的案卷, the newest first."""

    def tell(columns: Columns, asked: Asked) -> dict[str, Any]:
        count, rows = behind(columns, asked, most=LISTED)
        return {"count": count, "rows": shown.cases(rows), "cut": count > len(rows)}

    return _page(request, "analysis_cases", tell)


@require_safe
@for_posts(SEES_ALL)
def cases_csv(request: HttpRequest) -> HttpResponse:
    """案卷 CSV: all of them, up to fifty thousand."""

    def write(columns: Columns, asked: Asked) -> HttpResponse:
        _count, rows = behind(columns, asked, most=MOST_LISTED)
        heads = list(rows[0]) if rows else ["number"]
        return as_csv("cases.csv", heads, (shown.plain(row) for row in rows))

    return _file(request, write)


@require_safe
@for_posts(SEES_ALL)
def hotspots(request: HttpRequest) -> HttpResponse:
    """热点页: a map, and the same cells as rows."""

    def tell(columns: Columns, asked: Asked) -> dict[str, Any]:
        return shown.hotspots(gathering.gathered(columns, asked), asked, request.GET)

    return _page(request, "hotspots", tell)


@require_safe
@for_posts(SEES_ALL)
def cells(request: HttpRequest) -> HttpResponse:
    """热点格 as GeoJSON, for the map and for whoever wants them."""

    def write(columns: Columns, asked: Asked) -> HttpResponse:
        told = shown.geojson(gathering.gathered(columns, asked))
        return JsonResponse(told, content_type="application/geo+json")

    def refusal(no: Refused) -> HttpResponse:
        return JsonResponse({"detail": no.sentence}, status=400)

    return _file(request, write, refusal)


def _forecast(columns: Columns, asked: Asked) -> dict[str, Any]:
    by = asked if asked.rows in {"district", "street"} else replace(asked, rows="street")
    return shown.forecast(weeks.forecast(weeks.weeks_of(columns, by)), by)


@require_safe
@for_posts(SEES_ALL)
def forecast(request: HttpRequest) -> HttpResponse:
    """下周预测页."""
    return _page(request, "forecast", _forecast)


@require_safe
@for_posts(SEES_ALL)
def forecast_csv(request: HttpRequest) -> HttpResponse:
    """预测 CSV."""

    def write(columns: Columns, asked: Asked) -> HttpResponse:
        told = _forecast(columns, asked)
        heads = ("code", _("地方"), "week", "expected", "low", "high", "last_week")
        rows = ((one.code, one.name, told["week"], *one.numbers) for one in told["rows"])
        return as_csv("forecast.csv", heads, rows)

    return _file(request, write)
