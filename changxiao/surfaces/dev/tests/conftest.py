"""The known cast of the cases, to be asked about."""

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
    "verified",
]
