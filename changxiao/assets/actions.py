"""部件的动作 actions: a census comes in; a component changes its state. The only writer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest, sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from changxiao.areas.locate import locator
from changxiao.assets import reading, rules
from changxiao.assets.models import Census, Component, State
from changxiao.assets.rules import Draft, Fault, Known
from changxiao.catalog.models import Edition, Kind, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger import actions as ledger
from changxiao.orgs.models import Unit

CHUNK = 500  # rows a transaction: other writers wait a few hundredths of a second
Progress = Callable[[int], None]
Row = tuple[int, Draft | list[Fault]]


@dataclass(slots=True)
class Report:
    """普查报告: what became of each row; `repeated` if this very file had been taken before."""

    census: Census
    refused: list[Fault] = field(default_factory=list)
    repeated: bool = False


def import_census(
    file: Path, *, act: Act, crs: str = "wgs84", progress: Progress = lambda _rows: None
) -> Report:
    """导入普查: take a survey file (CSV, xlsx) in, row by row; safe to repeat and to resume.

    New components are committed to by the census's one entry; changed ones get an entry each.
    `progress` hears the number of rows done. Raises Refused: file_unreadable,
    table_unreadable, census_columns.
    """
    digest = _digest(file)
    table = reading.rows(file)
    names = rules.heading(next(table, (0, []))[1])
    census = _begin(digest, file.name, act)
    report = Report(census, repeated=census.finished_at is not None)
    read = _read(table, names, _known(crs))
    # After a kill the rows already taken are read again, for their faults, and not written again.
    report.refused += _faults(islice(read, census.row_count))
    while not report.repeated and (chunk := list(islice(read, CHUNK))):
        report.census = _take(report.census, chunk, act)
        report.refused += _faults(chunk)
        progress(report.census.row_count)
    if not report.repeated:
        report.census = _finish(census, act)
    return report


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return file_digest(content, "sha256").hexdigest()
    except OSError as no:
        told = {"name": file.name, "why": no.strerror}
        sentence = _("文件“%(name)s”无法打开（%(why)s）：请检查路径") % told
        raise Refused("file_unreadable", sentence, field="file") from None


def _faults(rows: Iterable[Row]) -> list[Fault]:
    return [fault for _row, found in rows if isinstance(found, list) for fault in found]


def change_state(component: Component, *, state: str, act: Act) -> Component:
    """变更状态: whole, damaged, lost, abolished or removed; nothing happens if it already is."""
    if state not in State.values:
        raise Refused("state_unknown", _("没有这种部件状态，请重新选择"), field="state")
    with transaction.atomic():
        component = _locked().get(pk=component.pk)
        if component.state != state:
            before, component.state = _told(component), state
            _record(component, "change_state", act, before)
            component.save(update_fields=["state", "head", "updated_at"])
    return component


def _begin(digest: str, name: str, act: Act) -> Census:
    started = {"name": name[:200], "started_at": ledger.legal_time(act)}
    return Census.objects.get_or_create(digest=digest, defaults=started)[0]


def _known(crs: str) -> Known:
    kinds = Subcategory.objects.filter(
        kind=Kind.COMPONENT, edition__in=[Edition.GB, Edition.LOCAL], enabled=True
    )
    units = list(Unit.objects.all())
    # By name first, so that a code wins where a unit is named like another's code.
    found = {unit.name: unit for unit in units} | {unit.code: unit for unit in units}
    return Known({kind.code: kind for kind in kinds}, found, crs, _grid_finder())


def _grid_finder() -> Callable[[float, float], str]:
    try:
        ground = locator()
    except Refused:  # no city is set up, so there is no outside either
        return lambda _lon, _lat: ""
    return lambda lon, lat: ground.at(lon, lat).unit_grid


def _read(table: Iterable[tuple[int, list[str]]], names: list[str], known: Known) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for number, cells in table:
        found = rules.read(number, names, cells, known)
        if isinstance(found, Draft):
            first = seen.setdefault(found.code, number)
            if first != number:
                reason = _("与第 %(row)s 行的代码重复，只收先出现的一行") % {"row": first}
                found = [Fault(number, rules.COLUMNS["code"][1], found.code, reason)]
        yield number, found


@transaction.atomic
def _take(census: Census, chunk: list[Row], act: Act) -> Census:
    done = census.row_count
    census = Census.objects.select_for_update(no_key=True).get(pk=census.pk)
    if census.row_count != done:
        raise Refused("census_running", _("同一份普查表正由他人导入，请等其完成"), field="file")
    drafts = [found for _row, found in chunk if isinstance(found, Draft)]
    present = {each.code: each for each in _locked().filter(code__in=[d.code for d in drafts])}
    at = ledger.legal_time(act)
    fresh = [_fresh(draft, census, at) for draft in drafts if draft.code not in present]
    Component.everything.bulk_create(fresh)
    changed = 0
    for draft in drafts:
        if draft.code in present:
            changed += _change(present[draft.code], draft, census, act)
    census.rows_digest = _extended(census.rows_digest, drafts)
    census.row_count += len(chunk)
    census.created_count += len(fresh)
    census.changed_count += changed
    census.unchanged_count += len(drafts) - len(fresh) - changed
    census.refused_count += len(chunk) - len(drafts)
    census.save()
    return census


def _locked() -> QuerySet[Component]:
    rows = Component.everything.select_for_update(of=("self",), no_key=True)
    return rows.select_related("head", *rules.UNITS)


def _fresh(draft: Draft, census: Census, at: datetime) -> Component:
    return Component(code=draft.code, census=census, updated_at=at, **_values(draft))


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "lon": draft.lon,
        "lat": draft.lat,
        "state": draft.state,
        "subcategory": draft.subcategory,
        "unit_grid_code": draft.unit_grid_code,
        "attributes": dict(draft.attributes),
        **draft.units,
    }


def _change(component: Component, draft: Draft, census: Census, act: Act) -> bool:
    before = _told(component)
    for name, value in _values(draft).items():
        setattr(component, name, value)
    if _told(component) == before:
        return False
    component.census = census
    _record(
        component, "survey", act.derive(f"survey/{component.code}"), before, census=census.digest
    )
    component.save()
    return True


def _record(component: Component, verb: str, act: Act, before: dict[str, Any], **more: str) -> None:
    """One entry: what was, what is now; only the fields that differ."""
    after = _told(component)
    differing = [name for name in after if after[name] != before[name]]
    body = {
        "before": {name: before[name] for name in differing},
        "after": {name: after[name] for name in differing},
        **more,
    }
    at = ledger.legal_time(act, component.head)
    component.head = ledger.append(
        stream=component.stream, verb=verb, act=act, body=body, head=component.head, at=at
    )
    component.updated_at = at


def _told(component: Component) -> dict[str, Any]:
    """A component as an entry tells it: codes for rows, decimal strings for degrees."""
    units = {name: getattr(component, name) for name in rules.UNITS}
    return {
        "name": component.name,
        "lon": f"{component.lon:.{rules.PLACES}f}",
        "lat": f"{component.lat:.{rules.PLACES}f}",
        "state": component.state,
        "unit_grid": component.unit_grid_code,
        "attributes": component.attributes,
        **{name: unit.code if unit else None for name, unit in units.items()},
    }


def _extended(digest: str, drafts: list[Draft]) -> str:
    told = sha256(bytes.fromhex(digest))
    for draft in drafts:
        row = {**_told(Component(**_values(draft))), "code": draft.code}
        told.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return told.hexdigest()


@transaction.atomic
def _finish(census: Census, act: Act) -> Census:
    census = Census.objects.select_for_update(no_key=True).get(pk=census.pk)
    if census.finished_at is not None:
        return census
    at = ledger.legal_time(act)
    body = {
        "file": {"name": census.name, "sha256": census.digest},
        "rows": census.row_count,
        "created": census.created_count,
        "changed": census.changed_count,
        "unchanged": census.unchanged_count,
        "refused": census.refused_count,
        "rows_sha256": census.rows_digest,
    }
    ledger.append(stream=census.stream, verb="import_census", act=act, body=body, head=None, at=at)
    census.finished_at = at
    census.save(update_fields=["finished_at"])
    return census
