"""The known cast of the cases: their city, units, catalogue and the roads of one case."""

from changxiao.cases.tests.conftest import (
    _as_system,
    accepted,
    city,
    damaged,
    filed,
    problem,
    reported,
    roads,
)

__all__ = [
    "_as_system",
    "accepted",
    "city",
    "damaged",
    "filed",
    "problem",
    "reported",
    "roads",
]
