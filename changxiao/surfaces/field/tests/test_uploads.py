"""Representatives of the hostile corpus (reliability.md A-12) at the phone's door: the same no as
everywhere, told with the place that still waits, and nothing stored."""

import hashlib

import pytest

from changxiao.cases.models import Case
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.ledger.media import incoming
from changxiao.ledger.media.files import original_path
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import corpus
from changxiao.surfaces.field.tests.phones import report_of, send

CHOSEN = (
    *("svg as png", "html as jpeg", "heic renamed", "truncated", "animated png"),
    *("900 megapixel bomb", "png declared jpeg", "trailing html"),
)
FILES = {one.label: one for one in corpus.corpus() if one.label in CHOSEN}


@pytest.mark.parametrize("label", CHOSEN)
def test_a_hostile_file_meets_the_same_no_at_the_phones_door(phone, damaged, label):
    hostile = FILES[label]
    sha256 = hashlib.sha256(hostile.data).hexdigest()
    item = {"sha256": sha256, "role": "before", "bytes": len(hostile.data)}
    body = report_of(damaged) | {"photos": [item | {"type": hostile.declared}]}
    assert send(phone, body).status_code == 201

    path = f"/field/sync/media/{sha256}"
    said = phone.put(path, hostile.data, content_type=hostile.declared).json()

    if hostile.verdict == "ok":
        assert said["missing"] == []
        assert [row.photo.sha256 for row in Case.everything.get().photos.all()] == [sha256]
        return
    assert [one["code"] for one in said["missing"]] == [hostile.verdict]
    assert said["missing"][0]["why"].startswith("照片")
    assert not Photo.objects.exists() and not original_path(sha256).exists()
    assert AwaitedPhoto.objects.get().state == "waiting"
    assert incoming.held("wang", sha256) == 0
