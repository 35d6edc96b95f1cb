"""演示数据 data: a city's `demo.toml` as plain values. No database."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from changxiao.kernel.city import City
from changxiao.kernel.city import city as read_city
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

ORIGIN = "demo"  # on every act, so on every case and in every entry
BASE = 600  # the counts of [fates] are for so many cases


@dataclass(frozen=True, slots=True)
class Kind:
    """问题类型: a filing criterion with the words and the scene of it."""

    criterion: str
    weight: int
    scene: str
    words: tuple[str, ...]
    done: tuple[str, ...]
    component: bool = False
    contract: bool = False

    @property
    def subject(self) -> str:
        """小类键: "c0102" of criterion C0102-01."""
        return self.criterion.partition("-")[0].lower()


@dataclass(frozen=True, slots=True)
class Invented:
    """演示数据: everything that the demo invents of one city."""

    city: City
    kinds: tuple[Kind, ...]
    told: Mapping[str, Any]

    @property
    def notes(self) -> Mapping[str, Sequence[str]]:
        """各步骤的备注."""
        notes: Mapping[str, Sequence[str]] = self.told["notes"]
        return notes

    def fates(self, cases: int) -> list[str]:
        """去向: one for each case; what the table does not name is closed in time."""
        wanted = self.told["fates"]
        found = [name for name, count in wanted.items() for _n in range(_share(count, cases))]
        return found[:cases] + ["closed"] * (cases - len(found))


def _share(count: int, cases: int) -> int:
    # A demo of half the size shows every way too; a very small one only the frequent ones.
    part = count * cases / BASE
    return max(round(part), 1 if cases >= BASE // 4 else 0)


@cache
def invented(code: str) -> Invented:
    """演示数据: of a city by code or name. Refused("demo_unknown") where it has none."""
    place = read_city(code)
    path = place.folder / "demo.toml"
    if not path.is_file():
        sentence = _("%(city)s没有演示数据（demo.toml）；演示城市可用440500") % {"city": place.name}
        raise Refused("demo_unknown", sentence, field="city")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = tuple(
        Kind(**{**row, "words": tuple(row["words"]), "done": tuple(row["done"])})
        for row in told["kinds"]
    )
    return Invented(place, kinds, told)
