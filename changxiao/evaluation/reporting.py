"""结果的写法: a ranking as plain data and as CSV, figures as text in decimal. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from changxiao.evaluation.rankings.bands import ALPHA
from changxiao.evaluation.rankings.ranks import Ranking, Row, Trend
from changxiao.evaluation.rankings.scores import Cells
from changxiao.evaluation.rankings.statistics import critical, wilson
from changxiao.evaluation.rates import rounded
from changxiao.evaluation.schemes import Library, Scheme
from changxiao.evaluation.schemes.model import SAMPLED

RANKING = ("rank", "group", "score", "grade", "band", "best", "worst", "status", "before", "change")
CELLS = ("indicator", "group", "numerator", "denominator", "excluded", "percent")


def told_of(scheme: Scheme, library: Library, ranking: Ranking) -> dict[str, Any]:
    """结果 of a ranking: rows, what belongs to no group, and the lists."""
    leaves = [
        {"key": leaf.key, "title": leaf.title, "weight": _text(leaf.weight), "score": leaf.text}
        for leaf in scheme.leaves()
    ]
    sampled = scheme.counting == SAMPLED
    return {
        "counting": scheme.counting,
        "total": _text(scheme.total),
        "items": leaves,
        "rows": [_row(row, library, sampled) for row in ranking.rows],
        "unassigned": _cells(ranking.unassigned, library, sampled),
        "honors": [
            {"list": one.list, "code": one.code, "times": one.times, "proposal": one.proposal}
            for one in ranking.honors
        ],
    }


def ranking_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """排名表 as CSV."""
    table = [
        (
            *(_blank(row[name]) for name in ("rank", "code", "score", "grade")),
            *(_blank(row[name]) for name in ("band", "best", "worst", "status")),
            *(_blank((row["trend"] or {}).get(name)) for name in ("score", "change")),
        )
        for row in rows
    ]
    return _csv(RANKING, table)


def cells_csv(rows: Sequence[Mapping[str, Any]], unassigned: Sequence[Mapping[str, Any]]) -> str:
    """各格 as CSV, by indicator, then group; group "" is what belongs to none."""
    found = [
        (cell["indicator"], code, *(_blank(cell[name]) for name in CELLS[2:]))
        for code, cells in [*((row["code"], row["cells"]) for row in rows), ("", unassigned)]
        for cell in cells
    ]
    return _csv(CELLS, sorted(found, key=lambda line: (line[0], line[1])))


def _row(row: Row, library: Library, sampled: bool) -> dict[str, Any]:
    place = row.place
    return {
        "code": row.code,
        "status": row.status,
        "rank": row.rank,
        "tied": row.tied,
        "score": _text(row.score),
        "grade": row.grade,
        "band": place.band if place else None,
        "best": place.best if place else None,
        "worst": place.worst if place else None,
        "trend": _trend(row.trend),
        "items": [
            {"key": key, "value": _text(value), "points": _text(row.exact.points[key])}
            for key, value in row.exact.values.items()
        ],
        "adjustments": [
            {"key": key, "points": _text(value)} for key, value in row.exact.adjusted.items()
        ],
        "cells": _cells(row.cells, library, sampled),
        **_outside(row.cells, library),
    }


def _outside(cells: Cells, library: Library) -> dict[str, Any]:
    """外部得分 of a group; the word is not there where the scheme has none."""
    found = [
        {"item": key, "points": _text(cells[key][0]), "most": cells[key][1]}
        for key in sorted(cells)
        if key not in library
    ]
    return {"outside": found} if found else {}


def _trend(trend: Trend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {
        "score": _text(trend.score),
        "rank": trend.rank,
        "change": _text(trend.change),
        "apart": trend.apart,
    }


def _cells(cells: Cells, library: Library, sampled: bool) -> list[dict[str, Any]]:
    return [_cell(key, cells, library, sampled) for key in sorted(cells) if key in library]


def _cell(key: str, cells: Cells, library: Library, sampled: bool) -> dict[str, Any]:
    numerator, denominator, excluded = cells[key]
    share = numerator * 100 / denominator if denominator else None
    low = high = None
    if sampled and denominator and library[key].kind == "rate":
        low, high = (100 * end for end in wilson(int(numerator), denominator, critical(ALPHA)))
    return {
        "indicator": key,
        "numerator": int(numerator),
        "denominator": denominator,
        "excluded": excluded,
        "percent": _text(share),
        "low": _text(low),
        "high": _text(high),
    }


def _text(value: Fraction | Decimal | None) -> str | None:
    """Rounded once, half up; a sum of what is shown may so differ by a hundredth from the total."""
    return None if value is None else f"{rounded(Fraction(value)):f}"


def _blank(value: Any) -> str:
    return "" if value is None else str(value)


def _csv(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()
