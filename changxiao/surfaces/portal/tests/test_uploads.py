"""Representatives of the hostile corpus (reliability.md A-12) in the residents' form: the same no
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
CHOSEN = (
    *("svg as png", "html as jpeg", "heic renamed", "truncated", "animated png"),
    *("900 megapixel bomb", "png declared jpeg", "trailing html"),
)
FILES = {one.label: one for one in corpus.corpus() if one.label in CHOSEN}


@pytest.mark.parametrize("label", CHOSEN)
def test_a_hostile_file_meets_the_same_no_in_the_residents_form(phone, label):
    hostile = FILES[label]
    file = SimpleUploadedFile(hostile.name, hostile.data, hostile.declared)

    answer = send(phone, photos_before=file)

    if hostile.verdict == "ok":
        assert answer.status_code == 302
        assert Photo.objects.get().sha256 == hashlib.sha256(hostile.data).hexdigest()
        return
    assert answer.status_code == 422
    assert refusal(hostile.verdict).sentence in answer.content.decode()
    assert not Photo.objects.exists() and not Case.everything.exists()


def test_the_residents_form_takes_no_clip(phone):
    file = SimpleUploadedFile("a.webm", clips.webm(), "video/webm")

    answer = send(phone, photos_before=file)

    assert answer.status_code == 422
    assert not Photo.objects.exists() and not Case.everything.exists()
