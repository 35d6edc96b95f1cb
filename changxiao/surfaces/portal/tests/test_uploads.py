"""The hostile corpus (reliability.md A-12) in the residents' form: the same no
as everywhere, in a sentence, and neither report nor photo."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changxiao.cases.models import Case
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.refusals import refusal
from changxiao.ledger.media.tests import clips, corpus
from changxiao.surfaces.portal.tests.conftest import send

pytestmark = pytest.mark.django_db
FILES = list(corpus.corpus())
NAMES = {"NUL in the name", "line break in the name", "right-to-left override", "4096 byte name"}
REFUSED = [one for one in FILES if one.verdict != "ok" and one.label not in NAMES]
EMPTY = "所提交的是空文件"  # the form says it before the photo's own door is asked
# What the form alone can bring are names; pictures made harmless go through the phone's door.
PLAIN = {"x.jpg", "x.png", "x.webp"}
STRANGE = [one for one in FILES if one.verdict == "ok" and one.name not in PLAIN]


def test_every_hostile_file_meets_the_same_no_in_the_residents_form(phone):
    assert len(REFUSED) + len(NAMES) >= 60
    for hostile in REFUSED:
        file = SimpleUploadedFile(hostile.name, hostile.data, hostile.declared)

        answer = send(phone, photos_before=file)

        assert answer.status_code == 422, hostile.label
        told = EMPTY if hostile.verdict == "photo_empty" else refusal(hostile.verdict).sentence
        assert told in answer.content.decode(), hostile.label
    assert not Photo.objects.exists() and not Case.everything.exists()


def test_a_strange_name_of_a_good_picture_changes_nothing(phone):
    assert STRANGE
    for hostile in STRANGE:
        file = SimpleUploadedFile(hostile.name, hostile.data, hostile.declared)
        assert send(phone, photos_before=file).status_code == 302, hostile.label
    assert Photo.objects.get().sha256 == hashlib.sha256(STRANGE[0].data).hexdigest()


@pytest.mark.parametrize("label", sorted(NAMES))
def test_an_impossible_name_is_refused_or_left_out(phone, label):
    """What reads forms takes most of such a name away before we see it."""
    hostile = next(one for one in FILES if one.label == label)
    file = SimpleUploadedFile(hostile.name, hostile.data, hostile.declared)

    status = send(phone, photos_before=file).status_code

    assert status in {302, 422}
    assert (Photo.objects.count(), Case.everything.count()) == ((1, 1) if status == 302 else (0, 0))


def test_the_residents_form_takes_no_clip(phone):
    file = SimpleUploadedFile("a.webm", clips.webm(), "video/webm")

    answer = send(phone, photos_before=file)

    assert answer.status_code == 422
    assert not Photo.objects.exists() and not Case.everything.exists()
