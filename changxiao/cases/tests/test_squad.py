"""A squad's link: one case, one step, once, until it expires; whatever else is tried is refused."""

import hashlib
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image

from changxiao.cases import actions
from changxiao.cases.actions import Shown
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import SquadLink
from changxiao.cases.tests.pages import person, signed_in
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

NOW = at(2, 10)
KEYS = iter(f"3f1c3c1e-0000-4000-8000-{n:012d}" for n in range(1, 10_000))


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lent(dispatched, roads):
    """赵处置 of 市政道路处 lends 抢修一班 the case: the link and its token."""
    person("zhao", unit=roads)
    return actions.issue_link(
        dispatched, squad="抢修一班", act=act("feed_back", at(2, 9, 30), origin="test")
    )


def page(token, client=None, method="get", **told):
    client = client or Client()
    url = reverse("squad", args=[token])
    return getattr(client, method)(url, told or None)


def sent(token, client=None, **told):
    return page(token, client, "post", **({"note": "已修补", "key": next(KEYS)} | told))


def stage(case):
    return Case.everything.get(pk=case.pk).stage


def jpeg(colour="gray"):
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return file.getvalue()


def test_the_token_is_random_and_nowhere_stored(lent, dispatched):
    link, token = lent
    _other, second = actions.issue_link(dispatched, squad="抢修二班", act=act("x", at(2, 9, 40)))
    bodies = "".join(Entry.objects.values_list("body", flat=True))

    assert len(token) == 43
    assert token != second
    assert link.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in bodies
    assert link.digest not in bodies
    assert link.expires_at == at(3, 9, 30)


def test_the_squad_opens_it_and_feeds_back_once(lent, dispatched):
    link, token = lent
    opened = page(token)
    done = sent(token, outcome="restored")
    again, late = page(token), sent(token)

    assert (opened.status_code, done.status_code) == (200, 200)
    assert (again.status_code, late.status_code) == (410, 410)
    case = Case.everything.get(pk=dispatched.pk)
    assert (case.stage, case.handled_by, case.outcome) == ("handled", "zhao", "restored")
    assert (case.head.actor, case.head.on_behalf) == ("zhao", "抢修一班")
    link.refresh_from_db()
    assert (link.opened_count, link.used_at) == (1, case.handled_at)
    opening = Entry.objects.get(stream=link.stream)
    assert (opening.verb, opening.actor, opening.on_behalf) == ("open_link", "zhao", "抢修一班")


def test_whoever_lent_it_cannot_verify_what_the_squad_did(lent, dispatched):
    sent(lent[1])
    with pytest.raises(Refused, match="不能核查自己"):
        actions.verify(dispatched, act=act("verify", at(2, 10, 30), by="zhao"))


def test_it_stays_out_of_every_cache_and_index(lent):
    for answer in (page(lent[1]), page("x" * 43)):
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]


def test_it_says_nothing_of_residents_and_of_no_other_case(
    public_problem, damaged, roads, dispatched
):
    person("zhao", unit=roads)
    from dataclasses import replace

    told = replace(public_problem, description="有坑，电13912345678", address="金砂路1号")
    case = actions.report(told, act=act("report", at(2, 9), by="wang"))
    actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 1)))
    actions.confirm(case, act=act("confirm", at(2, 9, 2), note="王监督到场"))
    actions.accept(case, act=act("accept", at(2, 9, 3)))
    actions.file(case, criterion=damaged, act=act("file", at(2, 9, 4)))
    case = actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 5)))
    _link, token = actions.issue_link(case, squad="抢修一班", act=act("x", at(2, 9, 6)))
    text = page(token).content.decode()

    assert "金砂路1号" in text
    planted = ("陈大文", "13800138000", "13912345678", "王监督", "wang", dispatched.number, "zhao")
    assert [word for word in planted if word in text] == []


def over(answer, dispatched, link=None, opened=0):
    assert answer.status_code in {404, 410, 429}
    assert dispatched.number not in answer.content.decode()
    assert stage(dispatched) == "dispatched"
    if link:
        link.refresh_from_db()
        assert (link.opened_count, link.used_at) == (opened, None)


@pytest.mark.parametrize("how", [page, sent])
def test_an_expired_link_opens_nothing(lent, dispatched, how):
    with time_machine.travel(at(3, 9, 30), tick=False):
        over(how(lent[1]), dispatched, lent[0])


@pytest.mark.parametrize("how", [page, sent])
def test_a_revoked_link_opens_nothing_from_the_next_request_on(lent, dispatched, how):
    link, token = lent
    assert page(token).status_code == 200
    actions.revoke_link(dispatched, link=link.code, act=act("x", NOW))
    over(how(token), dispatched, link, opened=1)
    with pytest.raises(Refused, match="已被收回"):
        actions.revoke_link(dispatched, link=link.code, act=act("x", NOW))


@pytest.mark.parametrize("how", [page, sent])
def test_a_lender_who_left_lends_nothing(lent, dispatched, how):
    Appointment.objects.filter(staff__username="zhao").update(until_date=at(1).date())
    over(how(lent[1]), dispatched, lent[0])


@pytest.mark.parametrize("how", [page, sent])
def test_a_case_that_moved_on_is_no_longer_lent(lent, dispatched, parks, how):
    fang = act("rule_ownership", at(2, 9, 45), note="归园林")
    actions.rule_ownership(dispatched, to=parks, act=fang)
    over(how(lent[1]), dispatched, lent[0])


def test_guesses_are_answered_alike_and_soon_not_at_all(lent, dispatched):
    client = Client(REMOTE_ADDR="203.0.113.7")
    guesses = [page(f"{n:043d}", client) for n in range(21)]

    assert {answer.status_code for answer in guesses[:20]} == {404}
    assert guesses[20].status_code in {404, 429}
    blocked = page(lent[1], client)
    assert (blocked.status_code, "Retry-After" in blocked) == (429, True)
    assert page(lent[1], Client(REMOTE_ADDR="203.0.113.8")).status_code == 200
    near = lent[1][:-1] + ("A" if lent[1][-1] != "A" else "B")
    over(page(near), dispatched)


@pytest.mark.parametrize("verb", ["verify", "close", "receive", "do/feed_back", "entries"])
def test_the_token_opens_no_other_step_and_no_other_page(lent, dispatched, verb):
    client = Client()
    page(lent[1], client)
    tries = [
        client.get(f"/cases/{dispatched.number}/"),
        client.post(f"/cases/{dispatched.number}/do/{verb}/", {"key": next(KEYS)}),
        client.post(f"/s/{lent[1]}/{verb}/", {"note": "x"}),
        client.post(
            f"/api/v1/cases/{dispatched.number}/{verb}",
            "{}",
            content_type="application/json",
            headers={"Authorization": f"Bearer {lent[1]}"},
        ),
    ]
    assert {answer.status_code for answer in tries} <= {302, 401, 404, 405}
    assert stage(dispatched) == "dispatched"


@pytest.fixture
def stored(dispatched):
    """A photo before of this case, and one of nobody's."""
    rows = []
    for colour in ("red", "blue"):
        done = Act(actor="system:test", key=f"photo-{colour}-0001")
        rows.append(media.store(jpeg(colour), declared_type="image/jpeg", name="a.jpg", act=done))
    done = act("add_photo", at(2, 9, 20))
    actions.add_photo(dispatched, photos=[Shown(rows[0], "before")], act=done)
    return rows


def test_only_the_photos_before_of_this_very_case_are_shown(stored, lent):
    urls = [reverse("squad_photo", args=[lent[1], row.rendition_sha256]) for row in stored]
    mine, other = (Client().get(url) for url in urls)
    assert b"".join(mine).startswith(b"\xff\xd8")
    mine.close()
    assert (mine.status_code, mine["Content-Type"]) == (200, "image/jpeg")
    assert other.status_code == 404


def test_a_photo_is_sent_by_its_hash_and_again_without_harm(lent, dispatched):
    data = jpeg("green")
    sha256 = hashlib.sha256(data).hexdigest()
    url = reverse("squad_upload", args=[lent[1], sha256])
    first, again = (Client().put(url, data, content_type="image/jpeg") for _ in range(2))
    wrong = Client().put(url, jpeg("black"), content_type="image/jpeg")
    pdf = Client().put(url, b"%PDF-1.7", content_type="application/pdf")
    sent(lent[1], note="", kept=f"after:{sha256}@116.7030000,23.3650000,12")

    assert [a.status_code for a in (first, again, wrong, pdf)] == [200, 200, 409, 409]
    row = dispatched.photos.get()
    assert (row.role, row.photo.uploaded_by, row.lon, row.accuracy) == (
        "after",
        "zhao",
        116.703,
        12,
    )
    media_told = json.loads(row.entry.body)["media"][0]
    assert len(media_told["place"]) == 64
    assert "116.703" not in row.entry.body


def test_a_refusal_keeps_text_photos_and_the_link(lent, dispatched):
    kept = f"after:{'0' * 64}"
    answer = sent(lent[1], note="一段话", kept=kept)

    assert answer.status_code == 422
    assert "一段话" in answer.content.decode()
    assert kept in answer.content.decode()
    over(page("z" * 43), dispatched, lent[0], opened=0)


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_a_link_is_lent_to_a_squad_with_a_name(dispatched, name):
    with pytest.raises(Refused):
        actions.issue_link(dispatched, squad=name, act=act("x", NOW))
    assert not SquadLink.objects.exists()
    assert dispatched.entries.count() == 4


@pytest.mark.parametrize("post", sorted(set(Post) - {Post.HANDLER, Post.UNIT_LEAD}))
def test_nobody_but_the_unit_lends_or_takes_back(lent, dispatched, post):
    for verb, more in (("issue_link", {"squad": "x"}), ("revoke_link", {"link": lent[0].code})):
        with pytest.raises(Refused, match="须由"):
            getattr(actions, verb)(dispatched, act=act("x", NOW, post=post), **more)
    assert SquadLink.objects.get().revoked_at is None


def test_the_desk_shows_a_new_link_once_with_its_code_and_takes_it_back(dispatched, roads):
    client = signed_in("zhao", unit=roads)
    url = reverse("case_squad", args=[dispatched.number])
    with scope.viewing(scope.system("test")):
        shown = client.post(url, {"squad": "抢修一班", "key": next(KEYS)})
    link = SquadLink.objects.get()
    token = shown.context["url"].rstrip("/").rpartition("/")[2]
    later = client.get(url)

    assert hashlib.sha256(token.encode()).hexdigest() == link.digest
    assert shown.context["code"].startswith("data:image/svg+xml")
    assert token not in later.content.decode()
    client.post(url, {"link": link.code, "key": next(KEYS)})
    assert page(token).status_code == 410


def test_a_link_lives_as_long_as_the_city_says(dispatched, roads):
    link, _token = actions.issue_link(dispatched, squad="一班", act=act("x", NOW))
    assert link.expires_at - link.issued_at == timedelta(hours=24)
