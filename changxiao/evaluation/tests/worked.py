"""手算的表: facts written by hand, a line a row, for indicators and whatever counts them.

A table is text: names of the columns that matter, then a line a row, cells apart by "|", the last
column, `why`, is the reason that the row stands there. Times are the city's own, "10-03 09:00" of
2026; "-" is nothing, "+" and "." are yes and no. What is not named is as in a plain case.
"""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.periods import read_period

ZONE = ZoneInfo("Asia/Shanghai")
CITY = "440500"
OCTOBER = read_period("2026-10", ZONE)
PLAIN = {
    "cases": {"reported_at": "10-01 08:00", "channel": "collector", "department": "roads"},
    "tasks": {"started_at": "10-01 08:00", "post": "collector", "person": "chen"},
    "observations": {"observed_at": "10-01 08:00", "subject": "j1"},
}
NOTHING = {"code": "", "flag": False, "count": 0}


def table(name: str, text: str) -> pa.Table:
    """表 of facts from its lines."""
    head, *lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [cell.strip() for cell in head.split("|")]
    told = [dict(zip(names, map(str.strip, line.split("|")), strict=True)) for line in lines]
    rows = [_row(name, i, PLAIN[name] | {"n": f"{i}"} | row) for i, row in enumerate(told)]
    return pa.Table.from_pylist(rows, schema=schema.arrow(name))


def _row(name: str, place: int, told: dict[str, str]) -> dict:
    unknown = set(told) - {c.name for c in schema.TABLES[name].columns} - {"why", "n"}
    assert not unknown, unknown
    row = {c.name: _read(c.kind, told.get(c.name)) for c in schema.TABLES[name].columns}
    number = {"cases": "number", "tasks": "number", "observations": "item"}[name]
    return row | {"city": CITY, number: row[number] or f"2026100100{place:02d}"}


def _read(kind: str, cell: str | None):
    if cell is None or cell == "-":
        return NOTHING.get(kind)
    if kind == "time":
        local = datetime.strptime(f"2026-{cell}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
        return local.astimezone(UTC).replace(tzinfo=None)
    if kind in {"flag", "answer"}:
        return {"+": True, ".": False}[cell]
    return int(cell) if kind in {"count", "place"} else cell


def facts(folder: Path, **texts: str) -> store.Facts:
    """事实库 of tables written by hand, all in one part each."""
    made = store.Facts(folder, {CITY: store.Source("Asia/Shanghai")})
    for name, text in texts.items():
        store.write(made, name, table(name, text), city=CITY, month="2026-10")
    store.save(made)
    return made
