"""The cast of the cases' tests, asked for over HTTP."""

import pytest

from changxiao.catalog import known
from changxiao.surfaces.protocols.rest import METER, VIEWERS


@pytest.fixture
def as_system():
    """Over HTTP nobody is the system: the token says who looks."""


@pytest.fixture(autouse=True)
def _by_their_own_door(settings):
    """Programs come by `changxiao.wsgi`'s second door; memories go between tests."""
    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
    VIEWERS.clear()
    METER.forget()
    known.known.clear()
