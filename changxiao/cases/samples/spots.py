"""演示地点 spots: where cases happen and components stand: inside built-up unit grids. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from changxiao.areas.locate import Place, locator_of
from changxiao.cases.samples.data import Invented
from changxiao.kernel.codes import component_scheme

ASIDE = 0.00005  # degrees: a case about a component is reported some metres beside it


@dataclass(frozen=True, slots=True)
class Spot:
    """地点: WGS-84 degrees with an invented address, and the component that stands there."""

    lon: float
    lat: float
    address: str
    community: str
    component: str = ""

    @property
    def street(self) -> str:
        """所在街道代码."""
        return self.community[:9]

    @property
    def district(self) -> str:
        """所在区代码."""
        return self.community[:6]


@dataclass(frozen=True, slots=True)
class Piece:
    """部件: a row of the invented census."""

    code: str
    subject: str
    lon: float
    lat: float
    owner: str
    maintainer: str


class Streets:
    """街面: draws points in the built-up grids of the demo's districts."""

    def __init__(self, told: Invented) -> None:
        self.told = told
        self.locator = locator_of(told.city.folder.name)
        base = self.locator.ground
        self._cells: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for sheet, row, col in base.units.cells.tolist():
            self._cells[base.districts[sheet].code].append((row, col))

    def spot(self, rng: Random) -> Spot:
        """抽取地点: by the districts' shares."""
        shares = self.told.told["districts"]
        lon, lat, place = self.point(rng, rng.choices(list(shares), list(shares.values()))[0])
        return Spot(lon, lat, self.address(rng, place), place.community_code)

    def point(self, rng: Random, district: str) -> tuple[float, float, Place]:
        """抽取点位: in a whole grid of the district; what falls over its edge is drawn again."""
        lattice = self.locator.ground.lattice
        while True:
            row, col = rng.choice(self._cells[district])
            lon = round(lattice.lon(col + rng.uniform(0.1, 0.9)), 6)
            lat = round(lattice.lat(row + rng.uniform(0.1, 0.9)), 6)
            if self.locator.ground.whole[row, col] >= 0:
                place = self.locator.at(lon, lat)
                if place.unit_grid and place.district_code == district:
                    return lon, lat, place

    def address(self, rng: Random, place: Place) -> str:
        """虚构地址: district, street, a usual road name, a number and a side."""
        words: Mapping[str, Any] = self.told.told["spots"]
        parts = {
            "district": place.district,
            "street": place.street,
            "road": rng.choice(self.told.told["roads"][place.district_code]),
            "side": rng.choice(words["sides"]),
            "number": rng.randint(1, 180),
        }
        return str(words["address"] % parts)

    def beside(self, rng: Random, piece: Piece) -> Spot:
        """部件旁: the address of a component's place."""
        lon = round(piece.lon + rng.uniform(-ASIDE, ASIDE), 6)
        lat = round(piece.lat + rng.uniform(-ASIDE, ASIDE), 6)
        place = self.locator.at(lon, lat)
        return Spot(lon, lat, self.address(rng, place), place.community_code, piece.code)


def census(streets: Streets, rng: Random) -> list[Piece]:
    """虚构普查: components with codes of 16 digits, over the districts by their shares."""
    shares = streets.told.told["districts"]
    scheme, found = component_scheme(), []
    for row in streets.told.told["components"]:
        for number in range(1, row["count"] + 1):
            district = rng.choices(list(shares), list(shares.values()))[0]
            lon, lat, _place = streets.point(rng, district)
            kind = row["code"]
            code = scheme.format(
                district=district, category=kind[:2], subcategory=kind[2:], sequence=number
            )
            owner, maintainer = row["owner"], row.get("maintainer", "")
            found.append(Piece(code, f"c{kind}", lon, lat, owner, maintainer))
    return found


def as_table(pieces: Sequence[Piece]) -> str:
    """普查表: the CSV that the census import reads."""
    lines = ["code,lon,lat,owner_unit,maintainer"]
    lines += [f"{p.code},{p.lon:.6f},{p.lat:.6f},{p.owner},{p.maintainer}" for p in pieces]
    return "\n".join(lines) + "\n"
