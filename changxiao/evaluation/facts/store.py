"""事实库: the folder that holds facts: Parquet files a city and month, and `facts.json` that names
each with its rows, its SHA-256 and the digest of what it says. No Django.

A file is named after its own bytes and the manifest is replaced last and whole, so that a reader
finds the old facts or the new ones, never a mixture. What the manifest does not name is no fact.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from changxiao.evaluation.facts import schema
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

MANIFEST = "facts.json"


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """一个文件: of one table, city and month; `digest` tells the rows whatever their order."""

    table: str
    city: str
    month: str
    file: str
    rows: int
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """出处 of a city's facts: its time zone, and the prefix of its log that they were made from.

    `size` 0 and an empty `root`: they come from no log (generated).
    """

    tz: str
    size: int = 0
    root: str = ""


@dataclass(slots=True)
class Facts:
    """事实库 in `folder`, as its manifest tells it."""

    folder: Path
    cities: dict[str, Source] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def of(self, table: str) -> list[Part]:
        return [part for part in self.parts if part.table == table]

    def files(self, table: str) -> list[str]:
        return [str(self.folder / part.file) for part in self.of(table)]

    def rows(self, table: str) -> int:
        return sum(part.rows for part in self.of(table))

    @property
    def digest(self) -> str:
        """摘要 of all that the facts say: no order of rows, no file name and no date in it."""
        told = [[p.table, p.city, p.month, p.rows, p.digest] for p in sorted(self.parts)]
        zones = {code: one.tz for code, one in sorted(self.cities.items())}
        return _sha256(_json({"schema": schema.VERSION, "zones": zones, "parts": told}).encode())


def opened(folder: Path) -> Facts:
    """打开事实库. Refused `facts_missing`, `facts_unreadable`, `facts_version`."""
    path = folder / MANIFEST
    if not path.is_file():
        sentence = _("%(dir)s 里没有 facts.json：请先运行 changxiao facts export 或 generate。")
        raise Refused("facts_missing", sentence % {"dir": folder}, field="facts")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        version = told["schema"]
        facts = Facts(
            folder,
            {code: Source(**one) for code, one in told["cities"].items()},
            [Part(**one) for one in told["parts"]],
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        sentence = _("%(file)s 无法读取：请重新导出事实库。") % {"file": path}
        raise Refused("facts_unreadable", sentence, field="facts") from None
    if version != schema.VERSION:
        told = {"file": path, "found": version, "wanted": schema.VERSION}
        sentence = _("%(file)s 是第 %(found)s 版事实，本程序读第 %(wanted)s 版：请重新导出。")
        raise Refused("facts_version", sentence % told, field="facts")
    return facts


def write(facts: Facts, table: str, rows: pa.Table, *, city: str, month: str) -> Part:
    """写一个文件: the rows of one city and month, sorted by key, replace those there were.

    The manifest stays as it is until `save`.
    """
    key = schema.TABLES[table].key
    rows = rows.cast(schema.arrow(table)).sort_by([(name, "ascending") for name in key])
    folder = facts.folder / table / f"city={city}" / f"month={month}"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".new-{os.getpid()}"
    pq.write_table(rows, fresh, compression="zstd", row_group_size=1 << 20)
    sha256 = file_sha256(fresh)
    path = folder / f"{sha256[:16]}.parquet"
    fresh.replace(path)
    name = path.relative_to(facts.folder).as_posix()
    part = Part(table, city, month, name, rows.num_rows, sha256, digest_of(table, rows))
    drop(facts, table, city=city, month=month)
    facts.parts.append(part)
    return part


def drop(facts: Facts, table: str, *, city: str, month: str) -> None:
    """去掉 the part of one table, city and month, from `save` on."""
    gone = (table, city, month)
    facts.parts = [p for p in facts.parts if (p.table, p.city, p.month) != gone]


def save(facts: Facts) -> None:
    """存清单, last and whole; then what it does not name is removed."""
    facts.folder.mkdir(parents=True, exist_ok=True)
    facts.parts.sort()
    told = {
        "schema": schema.VERSION,
        "cities": {code: asdict(one) for code, one in sorted(facts.cities.items())},
        "parts": [asdict(part) for part in facts.parts],
    }
    path = facts.folder / MANIFEST
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
    named = {facts.folder / part.file for part in facts.parts}
    for table in schema.TABLES:
        for old in (facts.folder / table).rglob("*.parquet"):
            if old not in named:
                old.unlink()


def faults(facts: Facts) -> Iterator[str]:
    """核对文件: one sentence for each file that is not what the manifest says."""
    for part in facts.parts:
        path = facts.folder / part.file
        told = {"file": part.file}
        if not path.is_file():
            yield _("缺少文件 %(file)s：请重新导出。") % told
        elif file_sha256(path) != part.sha256:
            yield _("文件 %(file)s 与清单的校验值不同：已被改动，请重新导出。") % told
        else:
            yield from _row_faults(part, pq.read_table(path, schema=schema.arrow(part.table)))


def _row_faults(part: Part, rows: pa.Table) -> Iterator[str]:
    told = {"file": part.file}
    key = list(schema.TABLES[part.table].key)
    if rows.num_rows != part.rows or digest_of(part.table, rows) != part.digest:
        yield _("文件 %(file)s 的行与清单的摘要不同：请重新导出。") % told
    if rows.select(key).group_by(key).aggregate([]).num_rows != rows.num_rows:
        yield _("文件 %(file)s 里同一行出现两次：请重新导出。") % told


# -- digests --------------------------------------------------------------------------------


def digest_of(table: str, rows: pa.Table) -> str:
    """行摘要: SHA-256 over the sorted SHA-256 of every row, so that order means nothing.

    A row is its columns one after the other: text as `length:text` in bytes of UTF-8, numbers and
    microseconds in decimal, flags as 1 and 0, nothing as `-`, each followed by a comma.
    """
    text = ", ',', ".join(_text(c) for c in schema.TABLES[table].columns)
    query = f"""
        SELECT sha256(COALESCE(string_agg(row, '' ORDER BY row), ''))
        FROM (SELECT sha256(concat({text}, ',')) AS row FROM facts_rows)
    """  # noqa: S608 - the columns are constants of `schema`
    with _reader().cursor() as con:
        con.register("facts_rows", rows)
        found = con.execute(query).fetchone()
    assert found is not None
    return str(found[0])


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """One for the process: starting one for each of a thousand files costs more than their rows."""
    return duckdb.connect(config={"threads": 2})


def _text(column: schema.Column) -> str:
    name = f'"{column.name}"'
    if column.kind == schema.CODE:
        return f"strlen({name}), ':', {name}"
    if column.kind in {schema.FLAG, schema.ANSWER}:
        name = f"CAST({name} AS INTEGER)"
    if column.kind == schema.TIME:
        name = f"epoch_us({name})"
    return f"COALESCE(CAST({name} AS VARCHAR), '-')"


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
