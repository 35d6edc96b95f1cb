"""应急令页: what would pause is told first, each case has its entry, extended, lifted, public."""

import pytest
import time_machine
from django.test import Client

from changxiao.cases import jobs
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog.models import Emergency
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.cast import at

POSTS = {Post.CITY_ADMIN, Post.COMMAND_DIRECTOR, Post.LEADER}
NEW = "/emergencies/new/"
NUMBER = "汕应急〔2026〕3号"
ORDER = {
    "order_number": NUMBER,
    "name": "台风“蝴蝶”防御",
    "from_at": "2026-03-03T09:00",
    "to_at": "",
    "area": "",
}


@pytest.fixture(autouse=True)
def _tuesday():
    forget_catalog()
    with time_machine.travel(at(3, 9), tick=False):
        yield


def hidden(client, address):
    form = client.get(address).context["form"]
    return {name: form[name].value() for name in ("key", "base_n")}


def sent(client, address, **told):
    filled = {**hidden(client, address), **told}
    shown = client.post(address, {**filled, "seen": ""})
    if shown.context and shown.context.get("preview"):
        client.post(address, {**filled, "seen": shown.context["preview"].seen})
    return shown


def test_an_order_tells_what_it_would_pause_and_pauses_it_with_an_entry_a_case(dispatched):
    client = signed_in("admin")
    shown = sent(client, NEW, **ORDER)
    assert "现在会暂停 1 件" in " ".join(shown.context["preview"].effects)
    assert "正在暂停" in client.get(f"/emergencies/{NUMBER}/progress/").content.decode()

    assert jobs.follow_emergencies(at(3, 9, 1)) == 1
    dispatched.refresh_from_db()
    assert dispatched.held_by == NUMBER
    assert dispatched.entries.last().verb == "hold"
    assert "已全部暂停" in client.get(f"/emergencies/{NUMBER}/progress/").content.decode()
    assert Entry.objects.get(stream=f"emergency:{NUMBER}").actor == "admin"


def test_another_district_s_order_and_an_urgent_case_pause_nothing(dispatched, damaged):
    client = signed_in("admin")
    shown = sent(client, NEW, **{**ORDER, "area": "440507"})
    assert "现在会暂停 0 件" in " ".join(shown.context["preview"].effects)

    damaged.urgent = True
    damaged.save()
    shown = sent(client, NEW, **{**ORDER, "order_number": "2号"})
    words = " ".join(shown.context["preview"].effects)
    assert "现在会暂停 0 件" in words and "在处置 1 件，涉及 1 条" in words


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"order_number": " "}, "order_number"),
        ({"order_number": "a/b"}, "不可用"),
        ({"to_at": "2026-03-03T08:00"}, "晚于开始"),
        ({"from_at": "2026-02-31T08:00"}, "from_at"),
        ({"from_at": "9999-01-01T08:00"}, "1900 至 2200"),
        ({"area": "月亮区"}, "area"),
    ],
)
def test_an_order_that_cannot_be_is_refused(dispatched, told, why):
    client = signed_in("admin")
    shown = sent(client, NEW, **{**ORDER, **told})

    assert shown.status_code == 422 and why in str(dict(shown.context["form"].errors))
    assert not Emergency.objects.exists()


def test_an_order_number_is_used_once(dispatched):
    client = signed_in("admin")
    sent(client, NEW, **ORDER)
    shown = sent(client, NEW, **ORDER)

    assert shown.status_code == 422 and Emergency.objects.count() == 1


def test_an_order_is_extended_and_lifted_early_with_its_story(dispatched):
    client = signed_in("admin")
    sent(client, NEW, **{**ORDER, "to_at": "2026-03-03T18:00"})
    base = f"/emergencies/{NUMBER}"
    shorter = sent(client, f"{base}/extend/", until="2026-03-03T12:00")
    assert "要提前结束请解除" in str(dict(shorter.context["form"].errors))
    sent(client, f"{base}/extend/", until="2026-03-04T18:00")
    assert Emergency.objects.get().to_at == at(4, 18)
    sent(client, f"{base}/lift/")

    assert Emergency.objects.get().lifted
    story = client.get(f"{base}/history/").content.decode()
    assert "2026-03-04 18:00" in story and "解除应急令" in story
    assert Entry.objects.filter(stream=f"emergency:{NUMBER}").count() == 3


def test_the_public_reads_the_order_and_no_button(dispatched):
    sent(signed_in("admin"), NEW, **ORDER)
    page = Client().get("/emergencies/").content.decode()

    assert NUMBER in page and "今天 09:00" in page
    assert "/lift/" not in page and "/emergencies/new/" not in page


@pytest.mark.parametrize("post", sorted(set(Post)))
def test_who_may_declare(city, post):
    status = signed_in("one", post=post).get(NEW).status_code

    assert status == (200 if post in POSTS else 403)


@pytest.mark.parametrize("path", ["extend/", "lift/", "history/", "progress/"])
def test_an_order_that_is_not_there_is_not_found(city, path):
    assert signed_in("admin").get(f"/emergencies/9号/{path}").status_code == 404


@pytest.mark.parametrize(("day", "status"), [("2026-03-04", 200), ("2026-02-31", 404), ("", 404)])
def test_the_cases_that_a_calendar_day_concerns_are_counted(dispatched, day, status):
    page = signed_in("admin").get(f"/settings/touched/calendar/?day={day}")

    assert page.status_code == status
