"""评价方案 schemes: what is scored, for whom, how, and what follows; read from a TOML file. Pure.

A scheme is published before its period and changed by a new version; `differences` tells two
versions apart in words. Ready ones stand in `examples/`.
"""

from changxiao.evaluation.schemes.differences import differences
from changxiao.evaluation.schemes.model import (
    Adjustment,
    Grade,
    Honor,
    Item,
    Known,
    Library,
    Scheme,
    Tie,
)
from changxiao.evaluation.schemes.outside import OutsideItem
from changxiao.evaluation.schemes.reading import EXAMPLES, canonical, read_scheme

__all__ = [
    "EXAMPLES",
    "Adjustment",
    "Grade",
    "Honor",
    "Item",
    "Known",
    "Library",
    "OutsideItem",
    "Scheme",
    "Tie",
    "canonical",
    "differences",
    "read_scheme",
]
