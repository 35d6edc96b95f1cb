"""The test house itself: real databases, a running server, a browser."""

import threading
import urllib.request

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone


def _write_one() -> None:
    Session.objects.create(session_key="x", session_data="", expire_date=timezone.now())
    connection.close()


@pytest.mark.parametrize("round_", [1, 2])
def test_a_real_database_commits_across_threads_and_starts_empty_each_time(real_database, round_):
    assert Session.objects.count() == 0

    writer = threading.Thread(target=_write_one)
    writer.start()
    writer.join()

    assert Session.objects.count() == 1


def test_the_running_server_sees_the_same_database(running_server):
    with urllib.request.urlopen(f"{running_server.url}/accounts/login/") as answer:
        assert answer.status == 200


@pytest.mark.browser
def test_the_sign_in_page_draws_without_a_refused_script_or_style(running_server, page):
    page.goto(f"{running_server.url}/accounts/login/")

    assert page.locator("h1").inner_text() == "登录"
    assert page.evaluate("getComputedStyle(document.body).fontVariantNumeric") == "tabular-nums"
    assert page.evaluate("window.htmx !== undefined")
