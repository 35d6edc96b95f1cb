"""Pages and programs come by two doors; what is not theirs is not carried through them."""

import io
import json
from wsgiref.util import setup_testing_defaults

import pytest

from changxiao import wsgi

pytestmark = pytest.mark.django_db


def ask(path, **headers):
    """Through the entry that granian calls: status, headers, body."""
    environ = {"PATH_INFO": path, "wsgi.input": io.BytesIO(), **headers}
    setup_testing_defaults(environ)
    environ["HTTP_HOST"] = "127.0.0.1"
    answered = []
    body = b"".join(wsgi.application(environ, lambda *told: answered.extend(told[:2])))
    return int(answered[0].split()[0]), dict(answered[1]), body


def test_a_program_is_told_that_its_token_is_missing_and_gets_no_cookie():
    status, headers, body = ask("/api/v1/cases", HTTP_ACCEPT_LANGUAGE="en")

    assert (status, json.loads(body)["code"]) == (401, "not_signed_in")
    assert json.loads(body)["detail"].startswith("Sign in")
    assert headers["X-Content-Type-Options"] == "nosniff" and "Permissions-Policy" in headers
    assert "Set-Cookie" not in headers


def test_a_session_is_no_ticket_for_programs():
    status, _headers, _body = ask("/api/v1/cases", HTTP_COOKIE="cx_sid=whatever")

    assert status == 401


def test_an_unknown_address_below_the_api_is_a_problem_and_elsewhere_asks_to_sign_in():
    status, headers, body = ask("/api/v1/nothing")
    assert status == 404 and headers["Content-Type"].startswith("application/problem+json")
    assert json.loads(body)["code"] == "not_found"

    status, headers, _body = ask("/cases/")
    assert status == 302 and headers["Location"].startswith("/accounts/login/")
    assert "Content-Security-Policy" in headers
