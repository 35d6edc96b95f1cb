"""Serving: the cleaned picture, to whom a room's gate lets through, and to nobody else."""

from contextlib import closing
from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory

from changxiao.kernel import scope
from changxiao.ledger.media import gates, views

WANG = scope.Viewer("staff", "wang", (scope.Grant("collector", "440511"),))
MEMBER = SimpleNamespace(is_authenticated=True)
STRANGER = SimpleNamespace(is_authenticated=False)


def yes(viewer, photo):
    return viewer.name == "wang" and bool(photo.sha256)


def no(viewer, photo):
    return False


@pytest.fixture
def open_gate(monkeypatch):
    monkeypatch.setattr(gates, "WIRED", f"{__name__}.GATES")


GATES = (f"{__name__}.no", f"{__name__}.yes")


def ask(sha256, viewer=WANG, user=MEMBER, query="", method="get"):
    request = getattr(RequestFactory(), method)(f"/media/{sha256}.jpg{query}")
    request.user = user
    with scope.viewing(viewer):
        return views.photo(request, sha256)


def body(response):
    with closing(response):
        return b"".join(response.streaming_content)


@pytest.mark.parametrize(("query", "thumbnail"), [("", False), ("?size=thumb", True)])
def test_a_member_of_the_case_sees_the_rendition_and_its_thumbnail(
    store, open_gate, query, thumbnail
):
    photo = store()
    response = ask(photo.rendition_sha256, query=query)

    assert body(response) == photo.file(thumbnail=thumbnail).read_bytes()
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["Content-Disposition"].startswith("inline;")
    assert photo.sha256[:12] not in str(response.headers)


@pytest.mark.parametrize(
    "options",
    [
        {"viewer": scope.Viewer("staff", "li")},
        {"viewer": scope.PUBLIC},
        {"user": STRANGER},
        {"query": "?size=original"},
    ],
    ids=["another", "public", "signed out", "unknown size"],
)
def test_nobody_else_learns_that_it_exists(store, open_gate, options):
    photo = store()
    with pytest.raises(Http404):
        ask(photo.rendition_sha256, **options)


def test_the_hash_of_the_original_opens_nothing(store, open_gate):
    photo = store()
    with pytest.raises(Http404):
        ask(photo.sha256)


def test_nothing_is_posted_here(store, open_gate):
    assert ask(store().rendition_sha256, method="post").status_code == 405


def test_a_photos_address_is_that_of_its_rendition(store):
    photo = store()

    assert photo.url == f"/media/{photo.rendition_sha256}.jpg"
    assert photo.thumbnail_url == f"/media/{photo.rendition_sha256}.jpg?size=thumb"
