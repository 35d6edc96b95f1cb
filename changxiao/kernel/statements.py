"""语句 statements: make, add, find, lock a row, write some of its columns, by SQL made once.

The ORM makes its SQL anew at every call. For a row of sixty columns that costs ten times what the
statement itself does, and every verb needs one of each. The connection is asked for once a
statement: Django's `connection` looks it up anew at each of a row's columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connections, models
from django.db.models import query
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def new(model: type[Row], **values: Any) -> Row:
    """新行, not stored yet: as `model(**values)`, its defaults worked out once. No signal is sent.

    Raises TypeError for a name that is none of its fields.
    """
    known, constant, called = _blank(model)
    if not values.keys() <= known:
        raise TypeError(f"{model.__name__} has no {sorted(values.keys() - known)}")
    row = model.__new__(model)
    row._state = ModelState()
    vars(row).update(constant)
    for name, default in called:
        vars(row)[name] = default()
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _blank(model: type[models.Model]) -> tuple[frozenset[str], dict[str, Any], list[Any]]:
    """Names of the fields, defaults that never change, and those that are called each time."""
    fields = model._meta.concrete_fields
    known = frozenset(name for field in fields for name in (field.name, field.attname))
    called = [(f.attname, f.default) for f in fields if f.has_default() and callable(f.default)]
    constant = {f.attname: f.get_default() for f in fields if (f.attname, f.default) not in called}
    return known, constant, called


@dataclass(frozen=True, slots=True)
class _Select:
    sql: str
    columns: Sequence[str]
    converters: Any
    compiler: Any
    related: Sequence[Any]


def locked(model: type[Row], pk: Any) -> Row:
    """加锁读取: the row as it is now, locked until the transaction ends; raises DoesNotExist.

    Without its relations: each is read when asked for. No viewer is asked, the caller has done so.
    """
    connection = connections["default"]
    select = _select(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(select.sql, [pk])
        found = cursor.fetchone()
    if found is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    if select.converters:
        (found,) = select.compiler.apply_converters([list(found)], select.converters)
    return model.from_db(connection.alias, select.columns, found)


def found(rows: models.QuerySet[Row], *related: str) -> Row:
    """查得一行: the only one of these rows with its relations; raises DoesNotExist.

    As `rows.select_related(*related).get()`, but only the condition is put into words anew: the
    columns of a case and of what is read with it are two hundred.
    """
    model: Any = rows.model
    connection = connections["default"]
    head = _with_related(model, related, connection.vendor)
    try:
        condition, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django sees that nothing can be there and asks no database
        raise model.DoesNotExist from None
    with connection.cursor() as cursor:
        cursor.execute(f"{head.sql.removesuffix('= %s')}IN ({condition})", values)
        answered = cursor.fetchmany(2)
    if len(answered) != 1:
        raise model.MultipleObjectsReturned if answered else model.DoesNotExist
    (told,) = head.compiler.apply_converters(answered, head.converters)
    row: Row = model.from_db(connection.alias, head.columns, told[: len(head.columns)])
    for one in head.related:
        one.populate(told, row)
    return row


@cache
def _with_related(model: type[models.Model], related: tuple[str, ...], _vendor: str) -> _Select:
    rows = model._base_manager.select_related(*related).filter(pk=0)
    return _made(rows.query.get_compiler(using="default"))


@cache
def _select(model: type[models.Model], _vendor: str) -> _Select:
    rows = model._base_manager.select_for_update(no_key=True).filter(pk=0)
    return _made(rows.query.get_compiler(using="default"))


def _made(compiler: Any) -> _Select:
    sql, values = compiler.as_sql()
    if len(values) != 1:
        raise AssertionError(f"one value expected, the key: {sql}")
    expressions = [column for column, _sql, _alias in compiler.select]
    own = [expressions[place] for place in compiler.klass_info["select_fields"]]
    columns = [expression.target.attname for expression in own]
    populators: Any = query.get_related_populators  # of one argument more in the next Django
    related = populators(compiler.klass_info, compiler.select, "default")
    return _Select(sql, columns, compiler.get_converters(expressions), compiler, related)


def write(row: models.Model, columns: Sequence[str]) -> None:
    """写入数列: of a row that is there; DatabaseError when it is not. No signal is sent."""
    connection = connections["default"]
    sql, fields = _update(type(row), tuple(columns), connection.vendor)
    values = [*_stored(row, fields, connection), row.pk]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row!r} is not there any more")


@cache
def _update(
    model: type[models.Model], columns: tuple[str, ...], _vendor: str
) -> tuple[str, list[_Column]]:
    fields: list[Any] = [model._meta.get_field(name) for name in dict.fromkeys(columns)]
    quote = connections["default"].ops.quote_name
    told = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    key: Any = model._meta.pk
    table = quote(model._meta.db_table)
    return f"UPDATE {table} SET {told} WHERE {quote(key.column)} = %s", _columns(fields)  # noqa: S608


# What both databases take as it is. Moments, JSON and members of an enumeration their field says.
_PLAIN = frozenset({str, int, float, bool, type(None)})


_Column = tuple[str, bool, Any]  # the attribute, whether a plain value may go as it is, the field


def _columns(fields: Iterable[Any]) -> list[_Column]:
    return [(field.attname, not isinstance(field, models.JSONField), field) for field in fields]


def _stored(row: models.Model, columns: Iterable[_Column], connection: Any) -> list[Any]:
    held = vars(row)  # and not getattr: a foreign key's attribute is a function call
    return [
        held[name]
        if plain and type(held[name]) in _PLAIN
        else field.get_db_prep_save(held[name], connection)
        for name, plain, field in columns
    ]


def insert(row: models.Model) -> None:
    """写入新行: with the key that the database gives it. No signal is sent, no `pre_save` asked."""
    connection = connections["default"]
    sql, fields = _insert(type(row), connection.vendor)
    values = _stored(row, fields, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insert(model: type[models.Model], _vendor: str) -> tuple[str, list[_Column]]:
    key, quote = model._meta.pk, connections["default"].ops.quote_name
    assert key is not None
    fields = [field for field in model._meta.concrete_fields if field is not key]
    told = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, column = quote(model._meta.db_table), quote(str(key.column))
    return f"INSERT INTO {table} ({told}) VALUES ({places}) RETURNING {column}", _columns(fields)  # noqa: S608
