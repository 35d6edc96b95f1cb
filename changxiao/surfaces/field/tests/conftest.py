"""A collector's phone: signed in, with nothing half sent of another test's."""

import pytest

from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.kernel.home import folder


@pytest.fixture(autouse=True)
def _fresh(city):
    forget_catalog()
    # The home outlives a test's rows: what one left half sent is no other's.
    for path in folder("incoming").iterdir():
        path.unlink()


@pytest.fixture
def phone(damaged):
    return signed_in("wang", area="440511")


@pytest.fixture
def sent_to_look(handled):
    """A case that waits for 王监督 to verify it."""
    return handled
