"""装入地域 load: a city's areas from its data into the tables; the second time changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction

from changxiao.areas import generate, lattice, outlines, partition, units
from changxiao.areas.generate import Ground, Piece, ground
from changxiao.areas.home import settle
from changxiao.areas.models import (
    Area,
    Community,
    District,
    DutyGrid,
    Scheme,
    Subdistrict,
    UnitGrid,
)
from changxiao.kernel.act import Act
from changxiao.kernel.city import City
from changxiao.ledger.actions import append

_FILES = ("city.toml", "districts.json", "streets.csv", "communities.csv")
_KNIVES = (generate, lattice, outlines, partition, units)
_BATCH = 500


@transaction.atomic
def load(city: City) -> dict[str, int]:
    """装入地域: counts of what was added. Refused `home_taken` for a second city.

    One entry on stream `city:CODE` says from which data; new data of the same city replace
    outlines and names, and a code that they no longer have stays, for rows may point at it.
    """
    row, digest, before = settle(city), digest_of(city), counts()
    if row.digest != digest:
        _write(ground(city.folder.name))
        row.digest = digest
        row.save(update_fields=["digest"])
        body = {"city": city.code, "digest": digest, **counts()}
        append(stream=f"city:{city.code}", verb="load", act=Act.system("init"), body=body)
    return {name: count - before[name] for name, count in counts().items()}


def counts() -> dict[str, int]:
    """数量: rows of each level."""
    tables = {
        "districts": District,
        "subdistricts": Subdistrict,
        "communities": Community,
        "duty_grids": DutyGrid,
        "unit_grids": UnitGrid,
    }
    return {name: table._default_manager.count() for name, table in tables.items()}


def digest_of(city: City) -> str:
    """数据校验值: of the city's files and of the code that draws what they do not tell."""
    data = hashlib.sha256()
    paths = [city.folder / name for name in _FILES]
    for path in [*paths, *(Path(str(knife.__file__)) for knife in _KNIVES)]:
        data.update(path.read_bytes() + b"\0")
    return data.hexdigest()


def _write(base: Ground) -> None:
    districts = _upsert(
        District,
        (
            District(
                name_en=tract.name_en,
                **_facts(base, tract.code, tract.name, tract.outline, generated=tract.generated),
            )
            for tract in base.districts
        ),
    )
    streets = _upsert(
        Subdistrict,
        (
            Subdistrict(
                district_id=districts[base.districts[piece.district].code],
                **_piece(base, piece, outline),
            )
            for piece, outline in _drawn(base, base.streets)
        ),
    )
    communities = _upsert(
        Community,
        (
            Community(
                subdistrict_id=streets[base.streets[base.street_of[number]].code],
                **_piece(base, piece, outline),
            )
            for number, (piece, outline) in enumerate(_drawn(base, base.communities))
        ),
    )
    _write_grids(base, [communities[piece.code] for piece in base.communities])


def _write_grids(base: Ground, communities: Sequence[int]) -> None:
    told, drawn = base.units, outlines.unit_grids(base)
    duty_drawn = outlines.duty_grids(base, drawn)
    duties = _upsert(
        DutyGrid,
        (
            DutyGrid(community_id=communities[owner], **_grid(base, code, code[-3:], outline))
            for code, owner, outline in zip(
                told.duty_codes, told.duty_community, duty_drawn, strict=True
            )
        ),
    )
    keys = [duties[code] for code in told.duty_codes]
    _upsert(
        UnitGrid,
        (
            UnitGrid(
                community_id=communities[told.community[number]],
                duty_grid_id=keys[told.duty[number]],
                **_grid(base, code, code[-base.city.grid["sequence"] :], drawn[number]),
            )
            for number, code in enumerate(told.codes)
        ),
    )


def _drawn(base: Ground, pieces: Sequence[Piece]) -> Iterable[tuple[Piece, Any]]:
    return zip(pieces, outlines.pieces(base, pieces), strict=True)


def _piece(base: Ground, piece: Piece, outline: Any) -> dict[str, Any]:
    return _facts(base, piece.code, piece.name, outline)


def _grid(base: Ground, code: str, name: str, outline: Any) -> dict[str, Any]:
    return _facts(base, code, name, outline) | {"scheme": Scheme.GENERATED}


def _facts(
    base: Ground, code: str, name: str, outline: Any, *, generated: bool = True
) -> dict[str, Any]:
    west, south, east, north = shapely.bounds(outline).tolist()
    return {
        "code": code,
        "name": name,
        "scheme": base.scheme,
        "generated": generated,
        "outline": outlines.as_text(outline),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def _upsert(table: type[Area], rows: Iterable[Area]) -> dict[str, int]:
    """Write rows by code and tell their keys."""
    names = [
        field.name for field in table._meta.concrete_fields if field.name not in {"id", "code"}
    ]
    table._default_manager.bulk_create(
        list(rows),
        batch_size=_BATCH,
        update_conflicts=True,
        update_fields=names,
        unique_fields=["code"],
    )
    return dict(table._default_manager.values_list("code", "pk"))
