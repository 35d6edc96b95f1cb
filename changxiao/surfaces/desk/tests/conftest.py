"""The known cast of the cases: their city, units, catalogue and the roads of one case."""

from changxiao.cases.tests.conftest import (
    _as_system,
    accepted,
    city,
    closed,
    damaged,
    dispatched,
    filed,
    handled,
    parks,
    problem,
    public_problem,
    reported,
    roads,
    squad,
    verified,
)

__all__ = [
    "_as_system",
    "accepted",
    "city",
    "closed",
    "damaged",
    "dispatched",
    "filed",
    "handled",
    "parks",
    "problem",
    "public_problem",
    "reported",
    "roads",
    "squad",
    "verified",
]
