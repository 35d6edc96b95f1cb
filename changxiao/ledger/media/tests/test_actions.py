"""Storing a photo and opening its original: what is kept, what is told, what is refused."""

import hashlib
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions, files, formats
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import corpus
from changxiao.ledger.media.tests.conftest import MONDAY
from changxiao.ledger.models import Entry


def kept(home):
    return sorted(p.name for p in home.rglob("*") if p.is_file() and p.parent.name != "keys")


def test_a_photo_is_its_content_and_its_files_are_there(store):
    photo = store()

    assert photo.sha256 == hashlib.sha256(corpus.with_exif(corpus.exif_block())).hexdigest()
    for thumbnail, digest in [(False, photo.rendition_sha256), (True, photo.thumbnail_sha256)]:
        assert hashlib.sha256(photo.file(thumbnail=thumbnail).read_bytes()).hexdigest() == digest
    assert files.original_path(photo.sha256).is_file()
    assert not list(folder("tmp").glob("*.part"))


def test_the_same_bytes_again_are_the_same_photo(store):
    first = store(label="first")
    again = store(label="second")

    assert again == first
    assert Photo.objects.count() == 1
    assert Entry.objects.filter(stream=first.stream).count() == 1


def test_what_the_camera_says_becomes_typed_evidence(store):
    photo = Photo.objects.get(pk=store().pk)

    assert photo.position == (Decimal("116.6750000"), Decimal("23.3534278"))
    assert photo.taken_at == MONDAY
    assert photo.evidence["accuracy"] == "4.8"
    assert photo.evidence["software"] == "Snapseed2"


def test_a_camera_without_offset_shows_the_citys_time(store):
    block = corpus.exif_block().replace(b"+08:00", b"\0\0\0\0\0\0")
    photo = store(corpus.with_exif(block))

    assert photo.taken_at == MONDAY
    assert photo.evidence["offset"] == ""


def test_the_rendition_stands_upright_and_carries_nothing(store):
    photo = store()
    clean = photo.file().read_bytes()

    assert formats.is_clean(clean)
    assert Image.open(BytesIO(clean)).size == (240, 320)  # orientation 6: a quarter turn
    thumbnail = photo.file(thumbnail=True).read_bytes()
    assert formats.is_clean(thumbnail) and max(Image.open(BytesIO(thumbnail)).size) <= 480


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_as_pillow_would_turn_it(store, orientation):
    data = corpus.with_exif(corpus.exif_block(orientation))
    from PIL import ImageOps

    wanted = ImageOps.exif_transpose(Image.open(BytesIO(data))).convert("L").resize((8, 8))
    with Image.open(store(data).file()) as picture:
        found = picture.convert("L").resize((8, 8))

    pairs = zip(wanted.tobytes(), found.tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) < 12


def test_the_log_names_each_file_and_hides_where_the_phone_was(store):
    photo = store()
    body = photo.head.body

    assert all(
        digest in body for digest in (photo.sha256, photo.rendition_sha256, photo.thumbnail_sha256)
    )
    assert "116.67" not in body and "HUAWEI" not in body


def test_the_vault_holds_no_plain_byte_of_the_original(store):
    data = corpus.with_exif(corpus.exif_block())
    photo = store(data)
    sealed = files.original_path(photo.sha256).read_bytes()

    assert b"HUAWEI" not in sealed and data[200:264] not in sealed


def test_opening_the_original_is_an_entry_with_its_reason(store, act):
    photo = store()
    original = actions.open_original(
        photo, act("open", post="auditor", actor="chen"), "申诉核对现场原图"
    )

    assert original == corpus.with_exif(corpus.exif_block())
    entry = Entry.objects.get(stream=photo.stream, n=2)
    assert (entry.verb, entry.actor) == ("open_original", "chen")
    assert "申诉核对现场原图" in entry.body


@pytest.mark.parametrize(
    ("post", "reason", "code"),
    [("collector", "申诉核对现场原图", "not_yours"), ("auditor", "  看 ", "photo_reason")],
)
def test_an_original_is_not_opened_without_post_and_reason(store, act, post, reason, code):
    photo = store()
    with pytest.raises(Refused) as refused:
        actions.open_original(photo, act("open", post=post), reason)

    assert refused.value.code == code
    assert Entry.objects.filter(stream=photo.stream).count() == 1


def test_without_its_months_key_an_original_is_gone_and_no_new_key_is_made(store, act):
    photo = store()
    key = folder("keys") / "vault-2026-03"
    key.unlink()
    with pytest.raises(Refused) as refused:
        actions.open_original(photo, act("open", post="auditor"), "申诉核对现场原图")

    assert refused.value.code == "photo_destroyed"
    assert not key.exists()


def test_an_altered_original_is_noticed(store, act):
    photo = store()
    path = files.original_path(photo.sha256)
    sealed = bytearray(path.read_bytes())
    sealed[-20] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(Refused) as refused:
        actions.open_original(photo, act("open", post="auditor"), "申诉核对现场原图")

    assert refused.value.code == "photo_damaged"


def test_a_refused_photo_leaves_nothing(store, own_home):
    with pytest.raises(Refused) as refused:
        store(corpus.street()[:500])

    assert refused.value.code == "photo_broken"
    assert Photo.objects.count() == Entry.objects.count() == 0
    assert kept(own_home) == []


def test_a_day_has_its_quota_and_repeats_do_not_count(store, act):
    store(label="one", quota=1)
    store(label="one again", quota=1)
    with pytest.raises(Refused) as refused:
        store(corpus.street(), label="two", quota=1)

    assert refused.value.code == "photo_quota"
    later = act("next day", at=MONDAY + timedelta(days=1, seconds=1))
    options = {"declared_type": "image/jpeg", "name": "x.jpg", "quota": 1}
    assert actions.store(corpus.street(), act=later, **options).pk


def test_a_near_copy_is_near_and_another_picture_is_far(store):
    first = store(corpus.street(640, 480))
    copy = store(corpus.saved("JPEG", Image.open(BytesIO(corpus.street(640, 480))), quality=40))
    noise = store(corpus.saved("JPEG", Image.effect_noise((640, 480), 90).convert("RGB")))

    assert first.distance(copy) <= 6 < first.distance(noise)


def test_bytes_that_differ_from_the_manifest_are_refused():
    with pytest.raises(Refused) as refused:
        actions.check_digest(b"other", hashlib.sha256(b"these").hexdigest())
    assert refused.value.code == "photo_digest"


def test_the_web_process_never_imports_a_decoder(own_home, tmp_path):
    picture = tmp_path / "x.jpg"
    picture.write_bytes(corpus.street())
    program = (
        "import sys, django; django.setup();"
        "from changxiao.ledger.media import actions, jobs, sandbox, urls;"
        f"data = open({str(picture)!r}, 'rb').read();"
        "actions.check(data, declared_type='image/jpeg', name='x.jpg');"
        "sandbox.clean(data); assert 'PIL' not in sys.modules"
    )
    import os

    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "changxiao.settings"}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
