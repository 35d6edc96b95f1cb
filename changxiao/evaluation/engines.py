"""引擎: where the counting runs: DuckDB (default), PostgreSQL, Spark or ClickHouse. No Django.

Every engine gets the same Ibis expression, compiled to its own SQL, and the same facts. The others
are imported when they are asked for; one that is not installed says how to get it.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from changxiao.evaluation.facts import schema
from changxiao.evaluation.facts.store import Facts
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Rows = list[tuple[Any, ...]]
Run = Callable[[ir.Table], Rows]


@contextmanager
def engine(name: str, facts: Facts) -> Iterator[Run]:
    """引擎, with the facts at hand: a function from an expression to its rows.

    Refused `engine_unknown`, `engine_absent`.
    """
    if name not in ENGINES:
        told = {"name": name[:40], "known": "、".join(ENGINES)}
        sentence = _("没有引擎“%(name)s”：可用 %(known)s。") % told
        raise Refused("engine_unknown", sentence, field="engine")
    with ENGINES[name](facts) as run:
        yield run


def sql(expression: ir.Table, dialect: str) -> str:
    """SQL of an expression in one engine's words."""
    return _written(expression.op(), dialect)


@lru_cache(maxsize=256)
def _written(asked: Any, dialect: str) -> str:
    # Pages ask the same again and again, and Ibis takes longer to write it than DuckDB to answer.
    return str(ibis.to_sql(asked.to_expr(), dialect=dialect))


# -- DuckDB ---------------------------------------------------------------------------------


@contextmanager
def _duckdb(facts: Facts) -> Iterator[Run]:
    with _connected(facts) as con:
        yield lambda expression: con.execute(sql(expression, "duckdb")).fetchall()


@contextmanager
def reader(facts: Facts, *, threads: int = 2) -> Iterator[Callable[[ir.Table], pa.Table]]:
    """取列: a function from an expression to its columns (DuckDB), for pages: few threads, since a
    server answers others beside it."""
    with _connected(facts, threads=threads) as con:
        yield lambda expression: con.execute(sql(expression, "duckdb")).to_arrow_table()


@contextmanager
def _connected(facts: Facts, **config: str | int) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"preserve_insertion_order": "false", **config}) as con:
        for table in schema.TABLES:
            con.execute(f'CREATE VIEW "{table}" AS {_scan(facts, table)}')
        yield con


def _scan(facts: Facts, table: str) -> str:
    """The files that the manifest names, and none besides; without any, a table without rows."""
    if files := facts.files(table):
        # No engine takes a file's name as a parameter here: it is the manifest's, and quoted.
        named = ", ".join(_quoted(file) for file in files)
        return f"SELECT * FROM read_parquet([{named}], hive_partitioning = false)"  # noqa: S608
    columns = schema.TABLES[table].columns
    empty = ", ".join(f'CAST(NULL AS {_TYPES[c.kind]}) AS "{c.name}"' for c in columns)
    return f"SELECT {empty} WHERE false"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_TYPES = {
    schema.CODE: "TEXT",
    schema.TIME: "TIMESTAMP",
    schema.FLAG: "BOOLEAN",
    schema.COUNT: "BIGINT",
    schema.ANSWER: "BOOLEAN",
    schema.PLACE: "BIGINT",
}


# -- PostgreSQL -----------------------------------------------------------------------------


@contextmanager
def _postgres(facts: Facts) -> Iterator[Run]:
    """Into temporary tables of one session, so that nothing is left behind. It is the server of
    DATABASE_URL, else the one that PostgreSQL's own PGHOST, PGUSER, PGDATABASE … name."""
    psycopg = module("postgres", "psycopg", "psycopg[binary]")
    told = os.environ.get("DATABASE_URL", "")
    with psycopg.connect(told if told.startswith("postgres") else "") as con:
        for table in schema.TABLES:
            _load(con, facts, table)

        def run(expression: ir.Table) -> Rows:
            rows: Rows = con.execute(sql(expression, "postgres")).fetchall()
            return rows

        yield run


def _load(con: Any, facts: Facts, table: str) -> None:
    columns = ", ".join(f'"{c.name}" {_TYPES[c.kind]}' for c in schema.TABLES[table].columns)
    con.execute(f'CREATE TEMPORARY TABLE "{table}" ({columns})')
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        told = f"COPY ({_scan(facts, table)}) TO {_quoted(str(path))} (FORMAT csv, NULLSTR '\\N')"
        with duckdb.connect() as reader:
            reader.execute(told)
        copying = f"COPY \"{table}\" FROM STDIN (FORMAT csv, HEADER, NULL '\\N')"
        with path.open("rb") as file, con.cursor().copy(copying) as copy:
            while data := file.read(1 << 20):
                copy.write(data)
    con.execute(f'ANALYZE "{table}"')


# -- Spark ----------------------------------------------------------------------------------


@contextmanager
def _spark(facts: Facts) -> Iterator[Run]:
    pyspark = module("spark", "pyspark.sql", "pyspark")
    builder = pyspark.SparkSession.builder.appName("changxiao").master("local[*]")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        for table in schema.TABLES:
            _view(session, facts, table)

        def run(expression: ir.Table) -> Rows:
            # Ibis writes Spark's own dialect only for a session of its own; this one is its twin.
            return [tuple(row) for row in session.sql(sql(expression, "databricks")).collect()]

        yield run
    finally:
        session.stop()


def _view(session: Any, facts: Facts, table: str) -> None:
    names = {c.name: _SPARK[c.kind] for c in schema.TABLES[table].columns}
    told = ", ".join(f"`{name}` {kind}" for name, kind in names.items())
    if files := facts.files(table):
        frame = session.read.option("recursiveFileLookup", "true").schema(told).parquet(*files)
    else:
        frame = session.createDataFrame([], told)
    frame.createOrReplaceTempView(table)


_SPARK = _TYPES | {schema.CODE: "STRING", schema.TIME: "TIMESTAMP_NTZ"}


# -- ClickHouse -----------------------------------------------------------------------------


@contextmanager
def _clickhouse(facts: Facts) -> Iterator[Run]:
    """ClickHouse in this process (chdb), over the same files."""
    chdb = module("clickhouse", "chdb.session", "chdb")
    with tempfile.TemporaryDirectory() as folder:
        session = chdb.Session(folder)
        try:
            # It reads moments without a zone by the machine's clock, where nothing else is said.
            session.query("SET session_timezone = 'UTC'")
            for table in schema.TABLES:
                _attach(session, facts, table)

            def run(expression: ir.Table) -> Rows:
                return _values(session.query(sql(expression, "clickhouse"), "JSONCompact"))

            yield run
        finally:
            session.close()


def _attach(session: Any, facts: Facts, table: str) -> None:
    columns = ", ".join(f"`{c.name}` {_CLICKHOUSE[c.kind]}" for c in schema.TABLES[table].columns)
    session.query(f"CREATE TABLE `{table}` ({columns}) ENGINE = Memory")
    for file in facts.files(table):
        read = f"SELECT * FROM file({_quoted(file)}, Parquet)"  # noqa: S608
        # The folder's name is for people: a column read from it would be a number.
        told = f"INSERT INTO `{table}` {read} SETTINGS use_hive_partitioning = 0"
        session.query(told)


def _values(answer: Any) -> Rows:
    import json

    return [tuple(_number(value) for value in row) for row in json.loads(str(answer))["data"]]


def _number(value: Any) -> Any:
    """It writes 64-bit numbers as text; codes are text as well, but no count is."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


_CLICKHOUSE = {
    schema.CODE: "String",
    schema.TIME: "Nullable(DateTime64(6, 'UTC'))",
    schema.FLAG: "Bool",
    schema.COUNT: "Int64",
    schema.ANSWER: "Nullable(Bool)",
    schema.PLACE: "Nullable(Int64)",
}


def module(name: str, module: str, package: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError:
        told = {"engine": name, "package": package}
        sentence = _("引擎 %(engine)s 未安装：请运行 pip install %(package)s，或改用 duckdb。")
        raise Refused("engine_absent", sentence % told, field="engine") from None


ENGINES: dict[str, Callable[[Facts], AbstractContextManager[Run]]] = {
    "duckdb": _duckdb,
    "postgres": _postgres,
    "spark": _spark,
    "clickhouse": _clickhouse,
}
NAMES: Sequence[str] = tuple(ENGINES)
