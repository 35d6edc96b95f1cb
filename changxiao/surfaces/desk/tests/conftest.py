"""The cast of the cases' tests, as the pages of the desk see it."""

import pytest

from changxiao.cases.tests.conftest import (
    accepted,
    city,
    closed,
    damaged,
    dispatched,
    filed,
    handled,
    parks,
    problem,
    reported,
    roads,
    verified,
)
from changxiao.kernel import scope

__all__ = [
    "accepted",
    "city",
    "closed",
    "damaged",
    "dispatched",
    "filed",
    "handled",
    "parks",
    "problem",
    "reported",
    "roads",
    "verified",
]


@pytest.fixture(autouse=True)
def _set_up_as_system():
    """Fixtures act as the system; a request names its own viewer."""
    with scope.viewing(scope.system("test")):
        yield
