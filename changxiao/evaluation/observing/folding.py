"""折叠观测: the sheets of the log, in its order, become rows of facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from changxiao.evaluation.feed.fold import Row, moment

STREAM = "observations:"


def standing(bodies: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Row]:
    """现行观测: of each number and kind what was told last, as the sheets have it."""
    return {(row["item"], row["kind"]): row for body in bodies for row in body["rows"]}


def observed(city: str, bodies: Iterable[Mapping[str, Any]]) -> list[Row]:
    """观测行 as facts have them."""
    return [
        {"city": city, **row, "observed_at": moment(row["observed_at"])}
        for row in standing(bodies).values()
    ]
