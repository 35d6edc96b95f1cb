"""A clip is kept as it came, after its container was read; whatever is not one is refused whole."""

import hashlib

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger import audit_media
from changxiao.ledger.media import actions, files, gates, recording, views
from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import clips
from changxiao.ledger.media.tests.test_actions import kept
from changxiao.ledger.media.tests.test_views import MEMBER, STRANGER, WANG
from changxiao.ledger.models import Entry

BAD = {one.label: one for one in clips.BAD}
CODES = {"ok", "recording_type", "recording_broken", "recording_codec", "recording_mixed"}
CODES |= {"recording_long", "recording_costly"}


@pytest.fixture
def keep(db, own_home, act):
    def put(data, declared, label="clip", also=actions.CLIPS):
        name = f"x.{recording.EXTENSIONS[declared]}"
        return actions.store(data, declared_type=declared, name=name, act=act(label), also=also)

    return put


@pytest.mark.parametrize("label", clips.GOOD)
def test_what_a_recorder_writes_is_read(label):
    kind, data, told = clips.GOOD[label]

    clip = recording.parse(data)

    assert (clip.type, (clip.duration_ms, clip.sound, clip.width, clip.height)) == (kind, told)


@pytest.mark.parametrize("label", BAD)
def test_each_bad_file_gets_its_sentence_and_leaves_nothing(keep, own_home, label):
    bad = BAD[label]

    with pytest.raises(Refused) as no:
        keep(bad.data, bad.declared)

    assert (no.value.code, no.value.field) == (bad.verdict, "photo")
    assert no.value.sentence.startswith("录音录像")
    assert not Photo.objects.exists() and not Entry.objects.exists() and kept(own_home) == []


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([data for _kind, data, _told in clips.GOOD.values()]),
    st.lists(st.tuples(st.integers(0, 900), st.binary(min_size=1, max_size=9)), max_size=5),
    st.integers(0, 3000),
)
def test_the_reader_answers_or_refuses_and_never_falls_over(base, patches, cut):
    data = bytearray(base)
    for at, patch in patches:
        data[at : at + len(patch)] = patch
    try:
        recording.parse(bytes(data[: len(data) - cut]))
        said = "ok"
    except BadPicture as no:
        said = no.code
    assert said in CODES


def test_a_clip_lies_in_the_vault_and_nowhere_else(keep, own_home):
    data = clips.webm(clips.VP8, clips.OPUS)

    row = keep(data, "video/webm")

    assert (row.duration_ms, row.sound, row.is_picture, row.rendition_sha256) == (
        3000,
        True,
        False,
        "",
    )
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert [name for name in kept(own_home) if not name.endswith(files.CLAIM)] == [row.sha256]
    assert b"webm" not in files.original_path(row.sha256).read_bytes()
    assert '"duration_ms":3000' in row.head.body
    assert list(audit_media.check()) == []
    assert keep(data, "video/webm", "again") == row


@pytest.mark.parametrize("also", [actions.PHOTOS_ONLY, actions.PAPERS])
def test_a_door_for_photos_and_papers_takes_no_clip(keep, own_home, also):
    with pytest.raises(Refused) as no:
        keep(clips.webm(), "video/webm", also=also)

    assert no.value.code in {"photo_type", "document_type"}
    assert not Photo.objects.exists() and kept(own_home) == []


def ask(row, stretch="", user=MEMBER, viewer=WANG):
    told = {"HTTP_RANGE": stretch} if stretch else {}
    request = RequestFactory().get(row.url, **told)
    request.user = user
    with scope.viewing(viewer):
        return views.clip(request, row.sha256)


@pytest.fixture
def played(keep, monkeypatch):
    monkeypatch.setattr(gates, "WIRED", "changxiao.ledger.media.tests.test_views.GATES")
    return keep(clips.webm(clips.OPUS), "audio/webm")


def test_a_clip_is_handed_out_with_the_walls_around_it(played):
    whole = ask(played)

    assert whole.content == clips.webm(clips.OPUS)
    assert whole["Content-Type"] == "audio/webm"
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert whole["Cache-Control"] == "private, no-store"
    assert whole["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("stretch", "status", "told", "length"),
    [
        ("bytes=0-", 206, "bytes 0-{last}/{all}", None),
        ("bytes=10-19", 206, "bytes 10-19/{all}", 10),
        ("bytes=10-999999999", 206, "bytes 10-{last}/{all}", None),
        ("bytes=-5", 206, "bytes {five}-{last}/{all}", 5),
        ("bytes=999999999-", 416, "bytes */{all}", 0),
        ("bytes=-0", 416, "bytes */{all}", 0),
        ("bytes=5-2", 416, "bytes */{all}", 0),
        ("bytes=-", 200, None, None),
        ("bytes=0-1,3-4", 200, None, None),
        ("cats=0-1", 200, None, None),
    ],
)
def test_a_player_may_ask_for_a_stretch(played, stretch, status, told, length):
    answer = ask(played, stretch)

    size = played.bytes
    wanted = told and told.format(all=size, last=size - 1, five=size - 5)
    assert (answer.status_code, answer.get("Content-Range")) == (status, wanted)
    assert length is None or len(answer.content) == length


def test_who_may_not_see_it_is_told_that_there_is_nothing(played):
    other = scope.Viewer("staff", "li", (scope.Grant("handler", ""),))
    for asked in ({"user": STRANGER}, {"viewer": other}):
        with pytest.raises(Http404):
            ask(played, **asked)
    played.sha256 = "0" * 64
    with pytest.raises(Http404):
        ask(played)
