"""Photos over HTTP: uploaded once by their hash, named by the one who uploaded them."""

import hashlib
import io

import pytest
from PIL import Image

from changxiao.cases.models import CasePhoto
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import papers
from changxiao.surfaces.protocols.tests.test_cases_api import CASES, ask, body, people

__all__ = ["ask", "body", "people"]


@pytest.fixture
def picture():
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(made, "JPEG")
    return made.getvalue()


def put(ask, who, data):
    sha = hashlib.sha256(data).hexdigest()
    headers = {"Authorization": f"Bearer token-{who}"}
    answer = ask.client.put(f"/api/v1/media/{sha}", data, "image/jpeg", headers=headers)
    return sha, answer


def test_a_photo_is_uploaded_by_its_hash_and_named_in_a_report(ask, body, picture):
    sha, stored = put(ask, "wang", picture)
    sent = body | {"photos": [{"sha256": sha, "role": "before"}]}

    assert stored.status_code == 200, stored.content
    assert ask("wang", "POST", CASES, sent).status_code == 201
    assert CasePhoto.objects.get().photo.sha256 == sha


def test_another_s_photo_is_not_to_be_had_for_its_hash(ask, body, picture):
    sha, _stored = put(ask, "wang", picture)
    sent = body | {"photos": [{"sha256": sha, "role": "before"}]}

    answer = ask("zhao", "POST", CASES, sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_unknown")
    assert not CasePhoto.objects.exists()


def test_a_body_that_is_not_what_its_hash_says_is_refused(ask, picture):
    headers = {"Authorization": "Bearer token-wang"}
    answer = ask.client.put(f"/api/v1/media/{'0' * 64}", picture, "image/jpeg", headers=headers)
    assert answer.status_code in {409, 422}
    assert answer.json()["code"] == "photo_digest"


def put_pdf(ask, data):
    sha = hashlib.sha256(data).hexdigest()
    headers = {"Authorization": "Bearer token-wang"}
    return sha, ask.client.put(f"/api/v1/media/{sha}", data, papers.PDF, headers=headers)


def test_a_pdf_is_uploaded_by_its_hash_and_named_as_a_document_only(ask, body):
    sha, stored = put_pdf(ask, papers.pdf(pages=2))
    told = stored.json()
    assert (stored.status_code, told["type"], told["pages"]) == (200, papers.PDF, 2)
    assert told["width"] is None

    before = ask("wang", "POST", CASES, body | {"photos": [{"sha256": sha, "role": "before"}]})
    assert (before.status_code, before.json()["code"]) == (422, "photo_role")
    assert not CasePhoto.objects.exists()
    named = ask("wang", "POST", CASES, body | {"photos": [{"sha256": sha, "role": "document"}]})
    assert named.status_code == 201
    assert CasePhoto.objects.get().photo.sha256 == sha


@pytest.mark.parametrize("label", ["truncated", "password", "script", "archive inside", "no pages"])
def test_a_pdf_that_is_refused_is_stored_nowhere(ask, label):
    paper = next(paper for paper in papers.papers() if paper.label == label)
    _sha, answer = put_pdf(ask, paper.made())

    assert answer.status_code in {409, 422}
    assert answer.json()["code"] == paper.verdict
    assert "PDF" in answer.json()["detail"]
    assert not Photo.objects.exists()
