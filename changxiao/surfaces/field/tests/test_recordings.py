"""A video or voice note of the collector: taken once, kept apart, heard by the supervision side."""

import hashlib

import pytest
from django.urls import reverse

from changxiao.cases import access, actions, flagging, story
from changxiao.cases.actions import Declared, Shown
from changxiao.cases.dossier import telling
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import AwaitedPhoto, EvidenceFlag
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing.actions import (
    await_look,
    hide_clip,
    put_back_photo,
    release_photo,
    show_clip,
)
from changxiao.cases.showing.telling import with_hidden
from changxiao.cases.tests.pages import signed_in
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.media import incoming
from changxiao.ledger.media.files import original_path
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.recording import EXTENSIONS
from changxiao.ledger.media.tests import clips
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.surfaces.field.tests.phones import jpeg, put, report_of, send, sha
from tests.support.budgets import budget
from tests.support.cast import act, at

VOICE, FILM = clips.webm(clips.OPUS, seconds=5), clips.webm(seconds=4)
LOUD = clips.webm(clips.VP8, clips.OPUS)
# Where a bad file is told of: at once by its size, else once it is whole.
DECLARED = [one for one in clips.BAD if one.data and len(one.data) < 15 * 1024 * 1024]


def clip(data, kind="audio/webm", role="recording"):
    return {"sha256": sha(data), "role": role, "bytes": len(data), "type": kind}


def lay(phone, data, kind, **more):
    told = f"bytes {more.get('start', 0)}-0/{more.get('total', len(data))}"
    path = f"/field/sync/media/{sha(data)}"
    return phone.put(path, data[more.get("start", 0) :], kind, HTTP_CONTENT_RANGE=told)


@pytest.fixture
def spoken(phone, damaged):
    """A reported case with a photo, a silent video and a voice note."""
    body = report_of(damaged, jpeg())
    body["photos"] += [clip(FILM, "video/webm"), clip(VOICE)]
    for _turn in range(2):
        send(phone, body)
        put(phone, jpeg())
        lay(phone, FILM, "video/webm")
        lay(phone, VOICE, "audio/webm")
    assert send(phone, body).json()["missing"] == []
    return Case.everything.get()


def test_clips_come_once_in_the_story_and_in_the_dossier(spoken):
    rows = spoken.photos.select_related("photo").order_by("id")
    assert [(row.role, row.photo.type) for row in rows] == [
        ("before", "image/jpeg"),
        ("recording", "video/webm"),
        ("recording", "audio/webm"),
    ]
    lines = story.story(spoken, scope.system("test"))
    facts = [fact for line in lines for fact in line.facts]
    assert (lines[0].photo_count, [line.verb for line in lines]) == (
        1,
        ["report", *["complete_photo"] * 3],
    )
    assert ("录像", f"校验值 {sha(FILM)}") in facts
    assert ("录音", f"校验值 {sha(VOICE)}") in facts
    data, pictures = telling.dossier(spoken)
    assert [one["hash"] for one in data["recordings"]] == [sha(FILM), sha(VOICE)]
    assert [one["told"].split("　")[:2] for one in data["recordings"]] == [
        ["录像-1.webm", "4 秒"],
        ["录音-2.weba", "5 秒"],
    ]
    assert len(data["photos"]) == 1 and "photo-1.jpg" not in pictures


def test_no_clip_is_ever_asked_to_be_public_or_looked_at_for_likeness(spoken):
    assert await_look(spoken) == 1
    assert [row.photo.type for row in PublicPhoto.everything.all()] == ["image/jpeg"]
    for row in spoken.photos.filter(role="recording"):
        with pytest.raises(Refused) as no:
            released(spoken, row.photo)
        assert no.value.code == "photo_document"
    for entry in spoken.entries:
        flagging.flag(entry)
    assert not EvidenceFlag.everything.exclude(kind="far").exists()


def released(case, photo):
    return release_photo(case, photo, boxes=[], act=act("release", by="lin", post="shift_leader"))


HEARS = {Post.COLLECTOR, Post.INTAKE, Post.SHIFT_LEADER, Post.CENTER_DIRECTOR, Post.AUDITOR}


@pytest.mark.parametrize("post", sorted(Post))
def test_sound_is_for_the_supervision_side_and_pictures_for_whoever_sees_the_case(spoken, post):
    area = "" if post.endswith("admin") or post == Post.AUDITOR else "4405"
    who = signed_in("wang" if post == Post.COLLECTOR else "somebody", post=post, area=area)
    with scope.viewing(scope.Viewer("staff", "somebody", (scope.Grant(post, area),))):
        sees = Case.objects.filter(pk=spoken.pk).exists()
    voice, film = (
        who.get(Photo.objects.get(sha256=sha(data)).url).status_code for data in (VOICE, FILM)
    )

    assert film == (200 if sees else 404)
    assert voice == (200 if sees and post in HEARS else 404)
    if sees:
        page = who.get(f"/cases/{spoken.number}/").content.decode()
        assert ("<audio" in page) == (post in HEARS)
        assert ("有声音，只有监督中心可以播放" in page) == (post not in HEARS)
        assert "<video" in page


def test_the_unit_that_handles_watches_the_silent_video_and_hears_nothing(dispatched, phone, roads):
    with scope.viewing(scope.system("test")):
        stored = [stored_clip(data, kind) for data, kind in CLIPS]
        shown = [Shown(one, "recording") for one in stored]
        actions.add_photo(dispatched, photos=shown, act=act("add_photo", at(2, 11)))
    handler = signed_in("zhao", post=Post.HANDLER, unit=roads)

    codes = [handler.get(one.url).status_code for one in stored]

    assert codes == [200, 404, 404]
    assert [signed_in("chen", post=Post.INTAKE).get(one.url).status_code for one in stored] == [
        200,
        200,
        200,
    ]


CLIPS = ((FILM, "video/webm"), (LOUD, "video/webm"), (VOICE, "audio/webm"))


def stored_clip(data, kind):
    key = f"clip-{hashlib.sha256(data).hexdigest()[:20]}"
    told = {"declared_type": kind, "name": f"x.{EXTENSIONS[kind]}", "also": media.CLIPS}
    return media.store(data, act=Act(actor="wang", key=key), **told)


@pytest.mark.parametrize("bad", DECLARED, ids=lambda one: one.label)
def test_a_bad_clip_parks_with_its_sentence_and_is_stored_nowhere(phone, damaged, bad):
    body = report_of(damaged)
    body["photos"] = [clip(bad.data, bad.declared)]
    number = send(phone, body).json()["number"]
    # Another test of this process may have kept the same bytes for a paper of its own.
    original_path(sha(bad.data)).unlink(missing_ok=True)

    said = lay(phone, bad.data, bad.declared).json()

    (missing,) = said["missing"]
    assert (missing["code"], missing["why"][:4]) == (bad.verdict, "录音录像")
    assert not Photo.objects.exists() and Case.everything.get(number=number).photos.count() == 0
    assert not original_path(sha(bad.data)).exists()
    assert AwaitedPhoto.objects.get().why == bad.verdict
    assert incoming.held("wang", sha(bad.data)) == 0


@pytest.mark.parametrize(
    ("total", "code", "status"),
    [(0, "recording_empty", 422), (200 * 1024 * 1024, "recording_too_large", 413)],
)
def test_nothing_and_two_hundred_megabytes_are_refused_before_a_byte_is_kept(
    phone, damaged, total, code, status
):
    said = lay(phone, b"x", "video/webm", total=total)

    assert (said.status_code, said.json()["code"]) == (status, code)
    assert "录音录像" in said.json()["detail"]
    assert list(folder("incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (clip(VOICE, role="before"), "photo_role"),
        (clip(jpeg(), "image/jpeg"), "photo_role"),
        (clip(VOICE, "video/quicktime"), "input_unreadable"),
        (clip(VOICE) | {"bytes": 16 * 1024 * 1024}, "input_unreadable"),
    ],
)
def test_a_manifest_that_names_it_wrongly_reports_nothing(phone, damaged, item, code):
    no = send(phone, report_of(damaged) | {"photos": [item]})

    assert no.json()["code"] == code
    assert not Case.everything.exists() and not AwaitedPhoto.objects.exists()


def test_a_second_look_needs_a_photo_and_not_only_a_voice(damaged):
    assert Shown(Declared(sha(jpeg()), 9, "image/jpeg"), "verify").is_picture
    assert not Shown(Declared(sha(VOICE), 9, "audio/webm"), "recording").is_picture


def director(number, post=Post.CENTER_DIRECTOR, **more):
    return Act(actor="huang", post=post, key=f"clip-{number:04d}", **more)


def seen_by(case, data):
    """Whether the clip is played to each post over the whole city."""
    one = Photo.objects.get(sha256=sha(data))
    posts = (Post.INTAKE, Post.HANDLER, Post.CENTER_DIRECTOR)
    viewers = [scope.Viewer("staff", "a", (scope.Grant(post, "4405"),)) for post in posts]
    return [access.may_see_photo(viewer, one) for viewer in viewers]


def test_a_hidden_clip_plays_for_the_centre_director_alone_until_it_comes_back(spoken):
    data, before = VOICE, [True, False, True]
    one = Photo.objects.get(sha256=sha(data))
    assert seen_by(spoken, data) == before

    with scope.viewing(scope.system("test")):
        hide_clip(spoken, one, act=director(1, note="点名骂人"))
    assert seen_by(spoken, data) == [False, False, True]
    told = telling.dossier(spoken)[0]["recordings"]
    assert [row["hash"] for row in told] == [sha(FILM)]
    assert PublicPhoto.everything.get().searched, "nobody looks for faces in it"

    with scope.viewing(scope.system("test")):
        show_clip(spoken, one, act=director(2, note="查无此事"))
    assert seen_by(spoken, data) == before
    verbs = Entry.objects.filter(stream__startswith="public_photo:").order_by("n")
    assert [entry.verb for entry in verbs] == ["hide_clip", "show_clip"]


def test_the_page_of_a_clip_keeps_its_budget_and_hides_it(spoken):
    one = Photo.objects.get(sha256=sha(FILM))
    page = reverse("case_clip", args=[spoken.number, one.pk])
    client = signed_in("huang", post=Post.CENTER_DIRECTOR)
    with budget("page:clip"):
        told = client.get(page)
    assert one.url in told.content.decode()
    sent = {"key": told.context["key"], "verb": "hide_clip", "reason": "点名骂人"}
    assert client.post(page, sent | {"reason": ""}).status_code == 422
    assert client.post(page, sent).status_code == 302
    with budget("page:clip"):
        client.get(page)
    assert PublicPhoto.everything.get().state == PublicPhoto.State.HIDDEN


@pytest.mark.parametrize(
    ("verb", "more", "code"),
    [
        (hide_clip, {}, "note_missing"),
        (hide_clip, {"post": Post.HANDLER, "note": "不当"}, "not_yours"),
        (show_clip, {"post": Post.INTAKE, "note": "不当"}, "not_yours"),
        (show_clip, {"note": "没有隐去过"}, "nothing_changed"),
        (put_back_photo, {}, "photo_document"),
    ],
)
def test_a_clip_is_hidden_only_with_a_reason_and_by_who_may(spoken, verb, more, code):
    one = Photo.objects.get(sha256=sha(FILM))
    with scope.viewing(scope.system("test")), pytest.raises(Refused) as no:
        verb(spoken, one, act=director(1, **more))
    assert no.value.code == code
    assert not PublicPhoto.everything.exists()


def test_a_clip_of_another_case_cannot_be_hidden_here(spoken, reported):
    one = Photo.objects.get(sha256=sha(FILM))
    with scope.viewing(scope.system("test")), pytest.raises(Refused, match="没有这段"):
        hide_clip(reported, one, act=director(1, note="不当"))
    assert not PublicPhoto.everything.exists()


def test_the_desk_hides_a_clip_on_its_page_and_the_case_page_says_so(spoken):
    one = Photo.objects.get(sha256=sha(FILM))
    page = f"/cases/{spoken.number}/clips/{one.pk}/"
    intake, director_ = signed_in("chen"), signed_in("huang")
    assert "录像-1.webm" in intake.get(page).content.decode()
    assert intake.post(page, {"verb": "hide_clip"}).status_code == 422

    answer = intake.post(page, {"verb": "hide_clip", "reason": "拍到室内", "key": "clip-desk-1"})

    assert answer.status_code == 302
    assert "已隐去，只有监督中心主任可以播放" in intake.get(answer.url).content.decode()
    assert intake.get(page).status_code == intake.get(one.url).status_code == 404
    told = director_.get(page).content.decode()
    assert "拍到室内" in told and "恢复" in told and director_.get(one.url).status_code == 200
    director_.post(page, {"verb": "show_clip", "reason": "无关紧要", "key": "clip-desk-2"})
    assert intake.get(one.url).status_code == 200


def told_to(case, post):
    """The lines of the case's story about what was hidden, as the page and the paper have them."""
    viewer = scope.Viewer("staff", "a", (scope.Grant(post, "4405"),))
    with scope.viewing(viewer):
        own = story.story(case, viewer)
        lines = with_hidden(case, viewer, own, story.media_of(case))
    assert [line for line in lines if line.n] == own and lines[: len(own)] == own
    return [line for line in lines if not line.n]


def test_the_story_says_who_hid_a_clip_and_why_to_the_supervision_side_alone(spoken):
    one = Photo.objects.get(sha256=sha(VOICE))
    reason = "来电人陈阿婆 13800001234 的声音"
    with scope.viewing(scope.system("test")):
        hide_clip(spoken, one, act=director(1, note=reason))
        show_clip(spoken, one, act=director(2, note="来电人同意"))

    hid, back = told_to(spoken, Post.INTAKE)
    assert (hid.title, back.title) == ("隐去录音录像", "恢复录音录像")
    assert (hid.actor, hid.note, back.note) == ("huang", reason, "来电人同意")
    assert hid.facts == (("录音", f"录音-2.weba，校验值 {sha(VOICE)}"),)
    assert hid.hash and hid.at <= back.at
    for post in (Post.HANDLER, Post.UNIT_LEAD, Post.DISPATCHER):
        for line in told_to(spoken, post):
            assert line.title in {"隐去录音录像", "恢复录音录像"} and line.at
            assert line.who.startswith("监督中心主任（网格") and line.post == "监督中心主任"
            assert (line.actor, line.note) == ("", "")


def test_the_case_page_and_the_paper_tell_it_within_their_budget(spoken, damaged):
    client = signed_in("huang", post=Post.CENTER_DIRECTOR)
    client.get(f"/cases/{spoken.number}/")  # what a process reads once is read
    one = Photo.objects.get(sha256=sha(VOICE))
    with scope.viewing(scope.system("test")):
        hide_clip(spoken, one, act=director(1, note="点名骂人"))

    with budget("page:case"):
        page = client.get(f"/cases/{spoken.number}/").content.decode()

    assert "隐去录音录像" in page and "点名骂人" in page and "照片和录音录像的记录" in page
    paper = telling.dossier(spoken)[0]
    assert "隐去录音录像" in [row["title"] for row in paper["story"]]
    assert "点名骂人" not in str(paper) and "huang" not in str(paper)
    printed = client.get(f"/cases/{spoken.number}/print/").content.decode()
    assert "隐去录音录像" in printed and "点名骂人" not in printed


def test_may_hear_asks_for_the_post_over_this_very_case(reported):
    there, elsewhere = (
        scope.Viewer("staff", "a", (scope.Grant(Post.INTAKE, area),)) for area in ("4405", "4401")
    )
    assert access.may_hear(there, reported) and not access.may_hear(elsewhere, reported)
