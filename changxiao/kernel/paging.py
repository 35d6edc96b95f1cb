"""翻页 paging: cursors over a stable order, so that a page costs the same at any depth."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Row = TypeVar("Row", bound=Model)
MOST = 200
BIGGEST = 2**63


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """一页: the rows and the cursor of the next page, or None at the end."""

    items: list[Row]
    next: str | None


def page(
    rows: QuerySet[Row], *, order: Sequence[str], cursor: str = "", size: int = 20
) -> Page[Row]:
    """取一页: rows after `cursor` in `order` (fields, "-" for descending; the last one unique).

    Columns of the order hold no NULL. Raises Refused("cursor_unreadable") for a foreign cursor.
    """
    size = max(1, min(size, MOST))
    if cursor:
        rows = rows.filter(_after(order, _decode(cursor, rows.model, order)))
    items = list(rows.order_by(*order)[: size + 1])
    more = len(items) > size
    items = items[:size]
    return Page(items, _encode(items[-1], order) if more else None)


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    # (a, b) > (x, y) spelled out, because SQLite and PostgreSQL differ on mixed directions.
    reached = Q()
    found = Q(pk__in=[])
    for field, value in zip(order, values, strict=True):
        name, step = (field[1:], "lt") if field.startswith("-") else (field, "gt")
        found |= reached & Q(**{f"{name}__{step}": value})
        reached &= Q(**{name: value})
    # The first column's bound alone lets the index be entered at the right place.
    first = order[0].lstrip("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": values[0]}) & found


def _encode(row: Model, order: Sequence[str]) -> str:
    values = [getattr(row, field.lstrip("-")) for field in order]
    plain = [v.isoformat() if hasattr(v, "isoformat") else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decode(cursor: str, model: type[Model], order: Sequence[str]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise ValueError
        return [_typed(model, *pair) for pair in zip(order, values, strict=True)]
    except (ValueError, TypeError, ValidationError, OverflowError, RecursionError):
        raise Refused(
            "cursor_unreadable",
            _("翻页位置“%(cursor)s”无法识别，请从第一页重新开始") % {"cursor": cursor[:40]},
            field="cursor",
        ) from None


def _typed(model: type[Model], field: str, value: object) -> Any:
    """A cursor comes from outside: only a value that its column could hold reaches the database."""
    if not isinstance(value, (str, int)) or (isinstance(value, str) and not value.isprintable()):
        raise ValueError
    column: Any = model._meta.get_field(field.lstrip("-"))
    found = column.to_python(value)
    if isinstance(found, datetime):
        found = found.astimezone(UTC) if found.tzinfo else None
    if found is None or (isinstance(found, int) and not 0 <= found < BIGGEST):
        raise ValueError
    return found
