"""What all stories share, and those of the collector's phone; other phones stand in their own
files."""

import pytest
from playwright.sync_api import expect

from changxiao.kernel import scope
from tests.stories.cast import cast
from tests.stories.field import Phone, controlled, ready

# As patient as every other wait of Playwright: five seconds are little where others work too.
expect.set_options(timeout=30_000)


@pytest.fixture
def phone(running_server, browser, tmp_path):
    with scope.viewing(scope.system("test")):
        cast()
    one = Phone(browser, tmp_path / "profile", running_server.url)
    one.open(as_whom="wang")
    ready(one.page)
    controlled(one.page)
    yield one
    one.context.close()
    assert not one.troubles
