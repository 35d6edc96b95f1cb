"""问题 problems: columns that every analysis of lasting effect starts from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.object_]


def rows_by(codes: Codes) -> list[tuple[str, NDArray[np.intp]]]:
    """按值分行: each value with the places of its rows, in the order of the values."""
    if not len(codes):
        return []
    known = pa.array(codes, pa.string()).dictionary_encode()
    which = known.indices.to_numpy()
    rows = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which))
    found = zip(known.dictionary.to_pylist(), np.split(rows, ends[:-1]), strict=True)
    return sorted(found, key=lambda one: str(one[0]))


@dataclass(frozen=True, slots=True)
class Problems:
    """问题: one row a case, all columns of one length.

    `kind` sub-category and `group` (what is compared), texts; `x`, `y` metres on a plane; `found`
    and `closed` days (floats, from any one origin), `closed` NaN while it is open; `counts` whether
    a find of this channel may count as a recurrence. Refused `columns_uneven`.
    """

    kind: Codes
    group: Codes
    x: Floats
    y: Floats
    found: Floats
    closed: Floats
    counts: Flags

    def __post_init__(self) -> None:
        lengths = {one.name: len(getattr(self, one.name)) for one in fields(self)}
        if len(set(lengths.values())) > 1:
            told = "、".join(f"{name} {length}" for name, length in lengths.items())
            raise Refused("columns_uneven", _("各列长短不一：%(columns)s。") % {"columns": told})

    def __len__(self) -> int:
        return len(self.kind)

    def only(self, rows: NDArray[Any]) -> Self:
        """挑出: those rows, by flags or by places."""
        return type(self)(*(getattr(self, one.name)[rows] for one in fields(self)))
