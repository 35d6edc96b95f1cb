"""The hostile corpus (reliability.md A-12) at the phone's door: the same no as
everywhere, told with the place that still waits, and nothing stored."""

import hashlib

from changxiao.cases.models import Case
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.ledger.media import incoming
from changxiao.ledger.media.files import original_path
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import corpus
from changxiao.surfaces.field.tests.phones import report_of, send

# A phone sends no name; what is costly to decode is decoded in the ledger's own tests.
PLAIN = {"plain png", "plain webp"}  # sent before under a wrong type, by a case that still waits
BY_NAME = {"no extension", "double extension", "dot file", "jpeg with png extension"}
FILES = [
    one
    for one in corpus.corpus()
    if one.verdict != "photo_name" and one.label not in BY_NAME | PLAIN
    if one.verdict != "ok" or one.name in {"x.jpg", "x.png", "x.webp"}
    if one.verdict != "ok" or "megapixel" not in one.label
]
# What the report itself is refused for, before a byte of the file is sent.
AT_ONCE = {"photo_type", "photo_empty", "photo_too_large"}


def test_every_hostile_file_meets_the_same_no_at_the_phones_door(phone, damaged):
    assert len(FILES) >= 60
    for number, hostile in enumerate(FILES):
        _sent(phone, damaged, hostile, f"0190a000-0000-7000-8000-{number:012d}")


def _sent(phone, damaged, hostile, key):
    sha256 = hashlib.sha256(hostile.data).hexdigest()
    item = {"sha256": sha256, "role": "before", "bytes": len(hostile.data)}
    body = report_of(damaged) | {"photos": [item | {"type": hostile.declared}]}
    before = original_path(sha256).exists()
    taken = send(phone, body, key=key)
    if taken.status_code == 422 and hostile.verdict in AT_ONCE:
        return
    assert taken.status_code == 201, hostile.label
    case = Case.everything.order_by("-pk")[0]

    path = f"/field/sync/media/{sha256}"
    said = phone.put(path, hostile.data, content_type=hostile.declared).json()

    codes = [one["code"] for one in said["missing"]]
    assert codes == [code for code in [hostile.verdict] if code != "ok"], hostile.label
    if hostile.verdict == "ok":
        assert [row.photo.sha256 for row in case.photos.all()] == [sha256]
        return
    assert said["missing"][0]["why"].startswith("照片")
    assert not Photo.objects.filter(sha256=sha256).exists()
    assert original_path(sha256).exists() == before  # another test may have kept the same bytes
    assert AwaitedPhoto.objects.get(case=case).state == "waiting"
    assert incoming.held("wang", sha256) == 0
