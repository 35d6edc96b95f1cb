"""入账形式: how an entry holds the columns that a step set, and the way back from there.

An entry repeats what its verb wrote (`set`, `stage`), so reading a case's entries in order gives
the case, and reading them up to one gives what stood before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import DateTimeField, FloatField, ForeignKey, Model

from changxiao.assets.models import Component
from changxiao.cases.models import Case
from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.orgs.models import ContractSection, Unit


def plain(value: Any) -> Any:
    """入账形式: a column's value as entries hold it: codes for rows, text for times and numbers."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float):
        return f"{value:.7f}"
    if isinstance(value, Model):
        return _NATURAL.get(type(value), _code)(value)
    return value


def _code(row: Any) -> str:
    return str(row.code)


_NATURAL: dict[type[Model], Callable[[Any], str]] = {
    Subcategory: lambda row: f"{row.edition}:{row.key}",
    FilingCriterion: lambda row: f"{row.code}/{row.version}",
    ContractSection: str,
    Case: lambda row: str(row.number),
}


def folded(bodies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """折叠: what a case's entries say of it when read in order."""
    state: dict[str, Any] = {}
    for body in bodies:
        state.update(body.get("set", {}))
        if "stage" in body:
            state["stage"] = body["stage"]
    return state


def restore(case: Case, before: Mapping[str, Any], taken: Iterable[Mapping[str, Any]]) -> list[str]:
    """复原: put each column that the `taken` entries set back to what stood `before`; tells which.

    A column that no earlier entry had set goes back to what a new case has in it.
    """
    names = sorted({name for body in taken for name in body.get("set", {})})
    for name in names:
        field: Any = Case._meta.get_field(name)
        told = before[name] if name in before else plain(field.get_default())
        setattr(case, name, _read(field, told))
    return names


def _read(field: Any, told: Any) -> Any:
    if told is None:
        return None
    if isinstance(field, DateTimeField):
        return datetime.fromisoformat(told)
    if isinstance(field, FloatField):
        return float(told)
    if isinstance(field, ForeignKey):
        return _ROWS[field.related_model](told)
    return told


def _subcategory(told: str) -> Model:
    edition, _sign, key = told.partition(":")
    kind = {"c": "component", "e": "event"}[key[:1]]
    return Subcategory.objects.get(edition=edition, kind=kind, code=key[1:])


def _criterion(told: str) -> Model:
    code, _sign, version = told.rpartition("/")
    return FilingCriterion.objects.select_related("subcategory").get(code=code, version=version)


def _section(told: str) -> Model:
    # Number and name may both hold blanks: of the few that begin alike, the one that is told so.
    first = told.partition(" ")[0]
    rows = ContractSection.objects.filter(contract_number__startswith=first)
    return next(row for row in rows if str(row) == told)


_ROWS: dict[type[Model], Callable[[str], Model]] = {
    Subcategory: _subcategory,
    FilingCriterion: _criterion,
    ContractSection: _section,
    Component: lambda told: Component.objects.get(code=told),
    Unit: lambda told: Unit.objects.get(code=told),
    Case: lambda told: Case.everything.get(number=told),
}
