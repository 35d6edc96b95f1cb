"""Exactly once over HTTP (reliability.md §6.2): any order, any number of times, one report."""

import json
from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from django.utils import timezone

from changxiao.cases import actions, awaiting
from changxiao.cases.actions import Declared, Problem, Shown
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.cases.tests.pages import person, signed_in
from changxiao.ledger.media import incoming
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.surfaces.field.tests.phones import KEY, jpeg, put, report_of, send, sha
from tests.support.cast import JINPING, act, at


def test_a_report_sent_three_times_is_one_and_answers_alike(phone, damaged):
    first = send(phone, report_of(damaged))
    again = [send(phone, report_of(damaged)) for _turn in range(2)]

    assert (first.status_code, [a.status_code for a in again]) == (201, [200, 200])
    assert all(a.json() == first.json() for a in again)
    assert {a["Idempotent-Replayed"] for a in again} == {"true"}
    assert Case.everything.count() == 1


@pytest.mark.parametrize("order", sorted(set(permutations("wwpp"))), ids="".join)
def test_words_and_photo_in_any_order_are_one_case_with_one_photo(phone, damaged, order):
    picture = jpeg()
    for what in order:
        said = send(phone, report_of(damaged, picture)) if what == "w" else put(phone, picture)
        assert said.status_code in {200, 201}

    case = Case.everything.get()
    assert [row.photo.sha256 for row in case.photos.all()] == [sha(picture)]
    assert send(phone, report_of(damaged, picture)).json()["missing"] == []
    assert incoming.held("wang", sha(picture)) == 0


def test_a_photo_comes_in_pieces_and_goes_on_where_the_line_broke(phone, damaged):
    picture = jpeg()
    send(phone, report_of(damaged, picture))

    first = put(phone, picture, end=100)
    gap = put(phone, picture, start=200)
    there = phone.head(f"/field/sync/media/{sha(picture)}")
    last = put(phone, picture, start=50)

    assert first.json()["whole"] is False
    assert (gap.status_code, gap.json()["code"], gap.json()["held"]) == (409, "piece_gap", 100)
    assert there["Upload-Offset"] == "100"
    assert (last.json()["whole"], last.json()["missing"]) == (True, [])
    assert Case.everything.get().photos.count() == 1


def test_bytes_that_are_not_what_their_hash_says_leave_nothing(phone, damaged):
    picture = jpeg()
    send(phone, report_of(damaged, picture))

    no = put(phone, jpeg("#000000"), name=sha(picture))

    assert no.json()["code"] == "photo_digest"
    assert phone.head(f"/field/sync/media/{sha(picture)}")["Upload-Offset"] == "0"
    assert Photo.objects.count() == 0


def test_a_photo_that_nobody_declared_is_no_photo(phone, damaged):
    put(phone, jpeg())

    assert Photo.objects.count() == 0
    assert incoming.held("wang", sha(jpeg())) == len(jpeg())


def test_a_broken_picture_holds_up_neither_words_nor_its_neighbour(phone, damaged):
    good, bad = jpeg(), jpeg("#112233")[:200]

    said = send(phone, report_of(damaged, good, bad))
    put(phone, good)
    told = put(phone, bad).json()["missing"]

    assert said.status_code == 201
    assert [one["sha256"] for one in said.json()["missing"]] == [sha(good), sha(bad)]
    assert (told[0]["code"], told[0]["sha256"]) == ("photo_broken", sha(bad))
    assert "重拍" in told[0]["why"]
    assert Case.everything.get().photos.count() == 1


def test_the_same_photo_in_two_reports_is_sent_once(phone, damaged):
    picture = jpeg()
    send(phone, report_of(damaged, picture), key=KEY)
    send(phone, report_of(damaged, picture, description="另一处"), key=KEY[:-1] + "2")

    put(phone, picture)

    assert [case.photos.count() for case in Case.everything.order_by("id")] == [1, 1]
    third = send(phone, report_of(damaged, picture, description="第三处"), key=KEY[:-1] + "3")
    assert third.json()["missing"] == []


def test_a_key_with_other_content_is_refused_and_nothing_is_stored(phone, damaged):
    first = send(phone, report_of(damaged)).json()

    no = send(phone, report_of(damaged, jpeg(), description="改了"))

    assert (no.status_code, no.json()["code"]) == (409, "key_reused")
    assert send(phone, report_of(damaged)).json() == first
    assert (Case.everything.count(), AwaitedPhoto.objects.count()) == (1, 0)


def test_somebody_else_s_key_is_refused_without_a_word_about_it(phone, damaged):
    number = send(phone, report_of(damaged)).json()["number"]

    no = send(signed_in("wu", post=Post.COLLECTOR, area="440511"), report_of(damaged))

    assert (no.status_code, no.json()["code"]) == (409, "key_reused")
    assert number not in no.content.decode()


def test_a_photo_of_another_is_no_ticket_and_his_bytes_are_not_mine(phone, damaged):
    picture = jpeg()
    other = signed_in("wu", post=Post.COLLECTOR, area="440512")
    put(phone, picture)
    said = send(other, report_of(damaged, picture), key=KEY[:-1] + "9")

    assert [one["sha256"] for one in said.json()["missing"]] == [sha(picture)]
    assert other.head(f"/field/sync/media/{sha(picture)}")["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [(None, 401, "not_signed_in"), ("chen", 403, "not_yours")],
)
def test_whoever_may_not_send_gets_a_problem_and_never_a_page(damaged, who, status, code):
    client = signed_in(who) if who else Client()

    for said in (
        send(client, report_of(damaged)),
        put(client, jpeg()),
        client.get("/field/sync/hello"),
    ):
        assert (said.status_code, said.json()["code"]) == (status, code)
    assert Case.everything.count() == 0


def test_nobody_sends_what_another_has_saved_on_this_phone(phone, damaged):
    said = send(phone, report_of(damaged), HTTP_X_FIELD_USER="wu")

    assert said.status_code == 401
    assert Case.everything.count() == 0


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_clock_wrong_by_a_day_is_kept_as_claimed_and_told(phone, damaged, days):
    wrong = timezone.now() + timedelta(days=days)
    body = report_of(damaged, occurred_at=wrong.isoformat())

    send(phone, body, HTTP_X_SENT_AT=wrong.isoformat())

    entry = Entry.objects.get(verb="report")
    assert abs(entry.act["skew"] - days * 86400) < 60
    assert entry.occurred_at == wrong
    assert abs(entry.at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lon": 999}, "lon"),
        ({"subcategory": "e0000"}, "subcategory"),
        ({"photos": [{"sha256": "x", "role": "before"}]}, "photos.0.sha256"),
        ({"photos": [{"sha256": "a" * 64, "role": "before"}]}, "photos"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_poison_item_is_named_and_the_next_one_goes_on(phone, damaged, change, field):
    no = send(phone, report_of(damaged) | change)
    yes = send(phone, report_of(damaged), key=KEY[:-1] + "2")

    assert (no.status_code, no.json()["field"]) == (422, field)
    assert yes.status_code == 201
    assert Case.everything.count() == 1


def verify(phone, case, key=KEY, **body):
    return send(phone, body, key=key, path=f"/field/sync/cases/{case.number}/verify")


def test_a_verification_of_what_the_phone_saw_is_done_once(phone, sent_to_look):
    said = [verify(phone, sent_to_look, base_n=sent_to_look.n) for _turn in range(3)]

    assert [s.status_code for s in said] == [201, 200, 200]
    assert {s.json()["stage"] for s in said} == {"verified"}
    assert Entry.objects.filter(verb="verify").count() == 1


def test_what_still_fits_a_case_that_moved_on_is_done_and_marked_late(phone, sent_to_look):
    said = verify(phone, sent_to_look, base_n=sent_to_look.n - 2)

    assert said.status_code == 201
    assert json.loads(Entry.objects.get(verb="verify").body)["late"] is True


def test_what_fits_no_longer_is_refused_with_what_happened_since(phone, sent_to_look):
    verify(phone, sent_to_look, base_n=sent_to_look.n)

    no = verify(phone, sent_to_look, key=KEY[:-1] + "2", base_n=sent_to_look.n)

    assert (no.status_code, no.json()["code"]) == (409, "not_now")
    assert [row["verb"] for row in no.json()["since"]] == ["verify"]
    assert Entry.objects.filter(verb="verify").count() == 1


def test_a_step_ahead_of_the_server_waits_and_is_judged_by_nobody(phone, sent_to_look):
    early = verify(phone, sent_to_look, base_n=sent_to_look.n + 3)

    assert (early.status_code, early.json()["code"]) == (425, "too_early")
    assert Entry.objects.filter(verb="verify").count() == 0


def test_the_desk_gives_up_a_photo_and_a_late_one_does_no_harm(phone, damaged):
    picture = jpeg()
    number = send(phone, report_of(damaged, picture)).json()["number"]

    said = send(
        signed_in("wang"),
        {"note": "手机丢失", "sha256": sha(picture)},
        key=KEY[:-1] + "5",
        path=f"/field/sync/cases/{number}/give_up_photo",
    )
    put(phone, picture)

    assert said.status_code == 201, said.content.decode()
    assert AwaitedPhoto.objects.get().state == "given_up"
    assert Photo.objects.count() == 0


def test_the_sweep_brings_together_what_a_crash_left_apart(phone, damaged):
    picture = jpeg()
    put(phone, picture)
    case = actions_report(damaged, picture)

    assert awaiting.sweep(timezone.now()) == 1
    assert awaiting.sweep(timezone.now()) == 0
    assert case.photos.count() == 1
    assert [e.verb for e in case.entries] == ["report", "complete_photo"]


def actions_report(damaged, picture):
    lon, lat = JINPING
    shown = Shown(Declared(sha(picture), len(picture), "image/jpeg"), "before")
    problem = Problem(
        channel="collector", subcategory=damaged.subcategory, lon=lon, lat=lat, photos=[shown]
    )
    person("wang")
    return actions.report(problem, act=act("report", at(2, 9)))
