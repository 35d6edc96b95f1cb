"""How many SQL statements a page may cost: `tests/house/budgets.json`, less transaction control."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).resolve().parents[1] / "house" / "budgets.json"
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@cache
def budgets() -> dict[str, int]:
    """Allowed statements by name."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def counted(captured: CaptureQueriesContext) -> list[str]:
    """The statements that count."""
    statements = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in statements if not sql.upper().startswith(CONTROL)]


def assert_budget(name: str, captured: CaptureQueriesContext, *, limit: int | None = None) -> None:
    """The page named `name` kept its budget; the message lists what it asked."""
    allowed = budgets()[name] if limit is None else limit
    asked = counted(captured)
    assert len(asked) <= allowed, f"{name}: {len(asked)} > {allowed}\n" + "\n".join(asked)


@contextmanager
def budget(name: str, *, limit: int | None = None) -> Iterator[None]:
    """The block keeps the budget named `name`."""
    with CaptureQueriesContext(connection) as captured:
        yield
    assert_budget(name, captured, limit=limit)
