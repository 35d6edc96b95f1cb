"""The frame over HTTP: health, headers, languages, colours, errors."""

import pytest
from django.db import OperationalError
from django.http import Http404
from django.test import RequestFactory

from changxiao.ui import errors

pytestmark = pytest.mark.django_db


def test_health_answers_without_signing_in(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_nothing_inline_and_nothing_from_elsewhere_may_run(client):
    response = client.get("/accounts/login/")
    policy = response["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self)" in response["Permissions-Policy"]


def test_the_sign_in_page_is_in_the_reader_s_language(client):
    assert "登录" in client.get("/accounts/login/").content.decode()

    client.post("/preferences/language", {"language": "en", "next": "/accounts/login/"})
    english = client.get("/accounts/login/").content.decode()

    assert "Sign in" in english
    assert 'lang="en"' in english


def test_the_reader_s_colours_are_in_the_first_byte(client):
    client.post("/preferences/theme", {"theme": "dark", "next": "/accounts/login/"})

    assert 'data-bs-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_an_unknown_colour_changes_nothing_and_another_site_is_not_returned_to(client):
    response = client.post("/preferences/theme", {"theme": "pink", "next": "https://evil.example/"})

    assert response["Location"] == "/"
    assert "cx_theme" not in response.cookies


def test_what_is_not_there_says_what_to_do_next(client):
    response = client.get("/no/such/page")

    assert response.status_code in {302, 404}
    page = errors.not_found(RequestFactory().get("/x"), Http404())
    assert "请核对受理号" in page.content.decode()


@pytest.mark.parametrize("status", sorted(errors.TROUBLES))
def test_each_error_page_says_what_happened(status):
    page = errors.page(RequestFactory().get("/x"), status)

    assert page.status_code == status
    assert str(errors.TROUBLES[status].title) in page.content.decode()


def test_a_busy_system_says_when_to_come_back():
    page = errors.page(RequestFactory().get("/x"), 503)

    assert page["Retry-After"] == "5"


def test_a_store_that_is_away_before_the_view_is_busy_and_not_broken(client, monkeypatch):
    def away(self: object, request: object) -> None:
        raise OperationalError("database is locked")

    client.raise_request_exception = False
    monkeypatch.setattr("changxiao.orgs.middleware.SessionRulesMiddleware.__call__", away)

    response = client.get("/accounts/login/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "系统正忙" in response.content.decode()
