"""The page of finds and the cameras' settings: decided, and the next is there; edited, undone."""

import re
from dataclasses import replace

import pytest

from changxiao.cases.finds.actions import affirm_find
from changxiao.cases.finds.models import Camera, Find
from changxiao.cases.finds.tests.conftest import by, policies
from changxiao.cases.models import Case
from changxiao.cases.samples import pictures
from changxiao.cases.showing.actions import hide_photo
from changxiao.cases.tests.pages import signed_in
from changxiao.catalog.tests.browsing import changes, confirmed, edit, opened, previewed, undone
from changxiao.kernel.act import Act
from changxiao.ledger.media import actions as vault
from changxiao.ledger.models import Entry
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db
FINDS, CAMERAS = "/cases/finds/", "/settings/cases/cameras/"
HTMX = {"headers": {"HX-Request": "true"}}


def page(client, address=FINDS, **more):
    answer = client.get(address, **more)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_an_empty_queue_says_what_to_do(camera):
    assert "没有等人看的发现" in page(signed_in("chen"))
    assert "没有这样的发现" in page(signed_in("chen"), f"{FINDS}?state=rejected&camera=x")


def test_yes_and_no_lead_to_the_next_without_a_reload(see):
    first, second = see(), see(metres=200)
    client = signed_in("chen")
    assert f'id="find-{first.pk}" ' in page(client) and "2" in page(client)

    answer = client.post(f"{FINDS}{first.pk}/yes?state=waiting", **HTMX)
    shown = answer.content.decode()
    assert answer["HX-Replace-Url"].endswith(f"?state=waiting&find={second.pk}")
    assert "<html" not in shown and f"/{second.pk}/no" in shown and "toast" in answer["HX-Trigger"]
    assert Case.everything.get().channel == "machine"

    answer = client.post(f"{FINDS}{second.pk}/no", {"reason": "unclear"}, **HTMX)
    assert "没有等人看的发现" in answer.content.decode()
    assert [f.state for f in Find.everything.order_by("pk")] == ["affirmed", "rejected"]
    assert client.post(f"{FINDS}{second.pk}/no").status_code == 422
    assert "已有人判定" in client.post(f"{FINDS}{second.pk}/yes").content.decode()


def test_the_picture_is_shown_with_its_box_to_those_who_may(see, camera):
    photo = vault.store(
        pictures.drawn("pothole", "before"),
        declared_type="image/png",
        name="a.png",
        act=Act(actor="box-1", key="photo-0001"),
    )
    find = see(photo=photo, frame=[0.25, 0.5, 0.125, 0.25])
    shown = page(signed_in("chen"))

    rect = re.search(r'<rect class="find-frame" ([^>]*)/>', shown)[1]
    assert rect == 'x="25.0" y="50.0" width="12.5" height="25.0"'
    elsewhere = signed_in("fern", post="intake", area="440507")
    for client, status in ((signed_in("chen"), 200), (signed_in("li"), 404), (elsewhere, 404)):
        answer = client.get(photo.url)
        assert answer.status_code == status
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert elsewhere.post(f"{FINDS}{find.pk}/yes").status_code == 404
    assert str(find.pk) not in re.findall(r'id="find-(\d+)"', page(elsewhere))


def test_a_picture_that_was_hidden_in_its_case_is_hidden_among_the_finds_too(see):
    photo = vault.store(
        pictures.drawn("pothole", "before"),
        declared_type="image/png",
        name="a.png",
        act=Act(actor="box-1", key="photo-0002"),
    )
    case = affirm_find(see(photo=photo), act=by()).case
    shown = signed_in("chen").get(photo.thumbnail_url)
    assert shown.status_code == 200 and b"".join(shown.streaming_content)

    hide_photo(case, photo, act=replace(by(), note="辱骂照片"))
    assert signed_in("chen").get(photo.thumbnail_url).status_code == 404


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "admin", "zhang"])
def test_others_have_no_such_page(see, who):
    find = see()
    client = signed_in(who)
    assert client.get(FINDS).status_code == 403
    assert client.post(f"{FINDS}{find.pk}/yes").status_code == 403
    assert Find.everything.get().state == "waiting"


def test_a_camera_is_previewed_set_renamed_and_that_undone(camera):
    client = signed_in("admin")
    told = {"code": "K2", "name": "东湖", "box": "box-1", "classes": "pothole e9799\n\ncrack=e9799"}
    shown = previewed(client, f"{CAMERAS}new/", opened(client, f"{CAMERAS}new/"), **told)
    assert ("识别类别", "", "crack → 道路破损 9799、pothole → 道路破损 9799") in changes(shown)
    assert Camera.objects.count() == 1
    confirmed(client, f"{CAMERAS}new/", opened(client, f"{CAMERAS}new/"), **told)
    edit(client, f"{CAMERAS}K2/", name="东湖路口")
    assert Camera.objects.get(code="K2").name == "东湖路口"
    undone(client, "/settings/cases/undo/camera/K2/?n=2")
    assert Camera.objects.get(code="K2").name == "东湖"
    assert "东湖路口" in page(client, "/settings/cases/history/camera/K2/")
    edit(client, f"{CAMERAS}K2/drop/")
    assert Camera.objects.count() == 1
    told["code"] = camera.code
    refused = previewed(client, f"{CAMERAS}new/", opened(client, f"{CAMERAS}new/"), **told)
    assert refused.status_code == 422 and "已有编号" in refused.content.decode()


def test_the_list_shows_rates_and_mutes_by_a_button(camera, see):
    policies(find_least=2)
    client, desk = signed_in("admin"), signed_in("chen")
    for metres in (0, 200):
        desk.post(f"{FINDS}{see(metres=metres).pk}/no", {"reason": "nothing"})
    shown = page(client, CAMERAS)
    assert "0 / 2" in shown and "静默至" in shown and "取消静默" in shown
    trust = f"{CAMERAS}{camera.code}/trust/"
    client.post(f"{trust}unmute/", {"kind": "pothole"})
    assert "静默至" not in page(client, CAMERAS)
    client.post(f"{trust}mute/", {"kind": "crack"})
    assert Entry.objects.filter(verb="mute_source").count() == 2
    assert page(client, f"{CAMERAS}?q=没有").count("没有这样的摄像机") == 1
    assert "机器发现的静默" in page(client, "/changes/")


def test_a_page_of_finds_keeps_its_budget(see):
    for n in range(6):
        see(metres=200 * n)
    client = signed_in("chen")
    client.get(FINDS)

    with budget("page:finds"):
        page = client.get(FINDS).content.decode()
    assert page.count('class="find-row') + page.count("find-row ") >= 6
