"""The cast of the cases' tests, asked for over HTTP."""

import pytest

from changxiao.cases.tests.conftest import city, damaged, problem, roads
from changxiao.catalog import known
from changxiao.surfaces.protocols.rest import VIEWERS

__all__ = ["city", "damaged", "problem", "roads"]


@pytest.fixture(autouse=True)
def _as_system(settings):
    """Over HTTP nobody is the system: the token says who looks. Memories go between tests, and
    programs come by their own door (`changxiao.wsgi`)."""
    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
    VIEWERS.clear()
    known.known.clear()
