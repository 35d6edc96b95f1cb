"""What all stories share, and those of the collector's phone; other phones stand in their own
files."""

import pytest
from playwright.sync_api import expect

from changxiao.kernel import scope
from tests.stories.basics import ASKED
from tests.stories.cast import cast
from tests.stories.field import Phone, controlled, ready
from tests.support.databases import shared_folder

# As patient as every other wait of Playwright: five seconds are little where others work too.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session", autouse=True)
def _asked(tmp_path_factory):
    ASKED.file = shared_folder(tmp_path_factory) / "asked.kinds"


@pytest.fixture
def phone(running_server, browser):
    """王监督's phone, ready for a shift."""
    yield from _begun(Phone(browser, running_server.url))


@pytest.fixture
def mortal(running_server, browser, tmp_path):
    """The same, with a browser of its own that may be killed."""
    yield from _begun(Phone(browser, running_server.url, tmp_path / "profile"))


def _begun(one):
    with scope.viewing(scope.system("test")):
        cast()
    one.open(as_whom="wang")
    ready(one.page)
    controlled(one.page)
    yield one
    one.context.close()
    assert not one.troubles
