"""案卷地名: a case's place as a person says it; outlines come from the ground in memory."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import shapely

from changxiao.areas.locate import Locator
from changxiao.areas.names import choices as area_choices
from changxiao.areas.names import in_memory, words
from changxiao.areas.names import street_of as _street_of
from changxiao.cases.models import Case

__all__ = ["area_choices", "of_case", "outline_of", "street_of", "words"]


def of_case(case: Case) -> str:
    """案卷地名: by its community, else its district."""
    return words(case.community_code or case.district_code)


def street_of(case: Case) -> str:
    """案卷所在街道, for the few characters of a table's row."""
    return words(_street_of(case.community_code) or case.district_code)


def outline_of(case: Case) -> Any:
    """社区轮廓: a shapely geometry in WGS-84 degrees; None where the community is not known."""
    known = in_memory()
    return _outlines(known).get(case.community_code) if known else None


class _Outlines(dict[str, Any]):
    """Drawn when asked for: a city has a thousand communities and a page shows one."""

    def __init__(self, known: Locator) -> None:
        super().__init__()
        self._ground = known.ground
        self._numbers = {one.code: n for n, one in enumerate(known.ground.communities)}

    def get(self, code: str, default: Any = None) -> Any:
        if code not in self and code in self._numbers:
            self[code] = self._drawn(self._numbers[code])
        return super().get(code, default)

    def _drawn(self, number: int) -> Any:
        one, lattice = self._ground.communities[number], self._ground.lattice
        top, bottom, left, right = one.rect
        box = shapely.box(
            lattice.west + left * lattice.width,
            lattice.north - bottom * lattice.height,
            lattice.west + right * lattice.width,
            lattice.north - top * lattice.height,
        )
        return shapely.intersection(box, self._ground.districts[one.district].outline)


@lru_cache(4)
def _outlines(known: Locator) -> _Outlines:
    return _Outlines(known)
