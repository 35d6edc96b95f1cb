"""抽查: the lot can be recomputed by anybody, delays nobody, and is done by another collector."""

from datetime import date
from hashlib import sha256

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.cases import actions, lots, rechecks, replay
from changxiao.cases.actions import Shown
from changxiao.cases.jobs import draw_rechecks, redraw_rechecks
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_recheck import Recheck
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.catalog.actions import set_policy
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment
from tests.support.cast import act, at

hashes = st.text("0123456789abcdef", min_size=64, max_size=64)


# -- the lot, pure ---------------------------------------------------------------------------------


def test_the_lot_is_what_the_manual_says_it_is():
    told = b"changxiao-lot-v1\nseed\nhash\nwu"
    assert lots.number("seed", "hash", "wu") == int(sha256(told).hexdigest()[:16], 16)


@settings(deadline=None)
@given(hashes, hashes, st.integers(0, 99))
def test_a_larger_share_draws_all_that_a_smaller_one_drew(seed, entry, percent):
    assert not lots.is_drawn(seed, entry, percent=0)
    assert lots.is_drawn(seed, entry, percent=100)
    if lots.is_drawn(seed, entry, percent=percent):
        assert lots.is_drawn(seed, entry, percent=percent + 1)


@settings(deadline=None)
@given(hashes, hashes, st.lists(st.sampled_from("abcdef"), unique=True))
def test_somebody_of_those_who_may_is_picked_whatever_their_order(seed, entry, names):
    found = lots.pick(seed, entry, names)

    assert found in names if names else found == ""
    assert lots.pick(seed, entry, reversed(names)) == found


def test_of_many_about_the_share_is_drawn():
    drawn = sum(
        lots.is_drawn("s", sha256(bytes([n // 256, n % 256])).hexdigest(), percent=5)
        for n in range(4000)
    )
    assert 150 <= drawn <= 250


# -- a day and the night after it ------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fresh(city):
    forget_catalog()
    for username in ("wang", "wu", "zheng"):
        person(username, post="collector", area="440511")
    person("zhao", post="collector", area="440511")
    person("zhou", post="collector", area="440507")


def share(percent):
    set_policy("recheck_percent", value=str(percent), act=act("assign", at(1)))


@pytest.fixture
def photo(db):
    sizes = {"bytes": 9, "width": 4, "height": 3, "rendition_bytes": 9}
    names = {name: "a" * 64 for name in ("sha256", "rendition_sha256", "thumbnail_sha256")}
    more = {"type": "image/jpeg", "pipeline": "1", "phash": "0" * 16, "evidence": {}}
    photo = Photo.objects.create(**sizes, **names, **more, uploaded_by="wu", created_at=at())
    return Shown(photo, CasePhoto.Role.VERIFY)


@pytest.fixture
def drawn(request):
    """A case that was closed on Monday and drawn in the night to Tuesday."""
    share(100)
    draw_rechecks(at(2, 0, 10))
    case = request.getfixturevalue("closed")
    assert draw_rechecks(at(3, 0, 10)) == 1
    return Case.everything.get(pk=case.pk)


def test_anybody_can_recompute_the_draw_from_the_entries_alone(drawn):
    told = drawn.head.data
    committed, opened = Entry.objects.filter(stream=told["lot"]).order_by("n")
    verified = Entry.objects.get(hash=told["entry"])
    seed, salt = opened.data["seed"], opened.data["salt"]

    assert sha256(bytes.fromhex(salt) + seed.encode()).hexdigest() == committed.data["commit"]
    assert lots.commitment(salt, seed) == committed.data["commit"]
    assert committed.pk < verified.pk < opened.pk and verified.verb == "verify"

    def number(what):
        text = f"changxiao-lot-v1\n{seed}\n{verified.hash}\n{what}"
        return int(sha256(text.encode()).hexdigest()[:16], 16)

    assert number("") * 100 < committed.data["percent"] * 2**64
    assert told["among"] == ["wu", "zheng"]  # of the place; neither verified nor fed back
    assert told["collector"] == min(told["among"], key=number)
    assert Recheck.everything.get().collector == told["collector"]
    assert list(replay.check()) == []


def test_a_second_sweep_draws_nothing_again_and_leaves_no_entry(drawn):
    count = Entry.objects.count()

    assert draw_rechecks(at(3, 0, 15)) == 0 == draw_rechecks(at(3, 23))
    assert Entry.objects.count() == count


def test_the_share_that_counts_is_the_one_in_force_when_the_seed_was_committed(request):
    share(0)
    draw_rechecks(at(2, 0, 10))
    request.getfixturevalue("closed")
    share(100)

    assert draw_rechecks(at(3, 0, 10)) == 0
    assert not Recheck.everything.exists()


def test_what_was_checked_before_the_seed_was_committed_is_in_no_lot(closed):
    share(100)
    draw_rechecks(at(2, 12))

    assert draw_rechecks(at(3, 0, 10)) == 0


def test_nobody_can_draw_what_the_lot_did_not_fall_on(request):
    share(0)
    draw_rechecks(at(2, 0, 10))
    case = request.getfixturevalue("closed")
    draw_rechecks(at(3, 0, 10))
    seed, verified = (
        Entry.objects.get(verb="open_seed", stream="lot:2026-03-02"),
        Entry.objects.get(verb="verify"),
    )

    with pytest.raises(Refused) as no:
        actions.draw_recheck(
            case, verified, seed=seed, among=["wu"], act=act("draw_recheck", at(3))
        )
    assert no.value.code == "not_drawn"
    assert Case.everything.get(pk=case.pk).n == case.n


def test_one_check_is_drawn_once(drawn, photo):
    told = drawn.head.data
    verified = Entry.objects.get(hash=told["entry"])
    seed = Entry.objects.get(stream=told["lot"], verb="open_seed")
    for again in (drawn, look(drawn, "recheck", [photo])):
        with pytest.raises(Refused) as no:
            actions.draw_recheck(
                again, verified, seed=seed, among=["wu"], act=act("draw_recheck", at(3, 11))
            )
        assert no.value.code == "drawn_already"
    assert Recheck.everything.get().state == "agrees"


# -- the second look -------------------------------------------------------------------------------


def look(case, verb, photo, by="", when=None, **more):
    by = by or Recheck.everything.get(case=case).collector
    note = more.pop("note", "坑还在" if verb == "dispute_check" else "")
    return getattr(actions, verb)(
        case, photos=photo, act=act(verb, when or at(3, 10), by=by, note=note)
    )


def test_a_second_look_that_agrees_leaves_the_case_as_it_is(drawn, photo):
    case = look(drawn, "recheck", [photo])

    assert (case.stage, case.answer, case.head.verb) == ("closed", drawn.answer, "recheck")
    assert Recheck.everything.get().state == "agrees"
    assert case.photos.filter(entry=case.head).count() == 1
    assert [(r.name, r.looked, r.wrong) for r in rechecks.rates(at(4))] == [("王监督", 1, 0)]


@pytest.mark.parametrize(
    ("by", "shown", "code"),
    [
        ("wang", 1, "same_person"),
        ("zhao", 1, "same_person"),
        ("other", 1, "not_yours"),
        ("", 0, "photos_missing"),
    ],
)
def test_the_wrong_person_and_a_look_without_photo_are_refused(drawn, photo, by, shown, code):
    if by == "other":
        by = ({"wu", "zheng"} - {Recheck.everything.get().collector}).pop()

    with pytest.raises(Refused) as no:
        look(drawn, "recheck", [photo] * shown, by=by)
    assert no.value.code == code
    assert Recheck.everything.get().state == "open"
    assert Case.everything.get(pk=drawn.pk).n == drawn.n


def test_what_is_not_fixed_is_reported_anew_and_counts_for_the_first_checker(drawn, photo):
    case = look(drawn, "dispute_check", [photo])
    new = actions.follow_up(case, act=act("follow_up", at(3, 11), note="派原单位"))

    assert (new.stage, new.subcategory, new.community_code) == (
        "reported",
        case.subcategory,
        case.community_code,
    )
    assert drawn.code in new.description and new.number != case.number
    row = Recheck.everything.get()
    assert (row.state, row.follow_up) == ("followed", new)
    assert Case.everything.get(pk=case.pk).stage == "closed"
    assert [(r.looked, r.wrong) for r in rechecks.rates(at(4))] == [(1, 1)]
    assert list(replay.check()) == []


def test_what_came_after_the_check_does_not_count(drawn, photo):
    case = look(drawn, "dispute_check", [photo])
    with pytest.raises(Refused, match="理由"):
        actions.excuse_check(case, act=act("excuse_check", at(3, 11)))

    actions.excuse_check(case, act=act("excuse_check", at(3, 11), note="昨夜新挖"))

    assert [(r.looked, r.wrong) for r in rechecks.rates(at(4))] == [(1, 0)]


@pytest.mark.parametrize("verb", ["recheck", "dispute_check", "follow_up", "excuse_check"])
def test_without_a_lot_nobody_looks_again(closed, photo, verb):
    more = {"photos": [photo]} if verb in {"recheck", "dispute_check"} else {}
    with pytest.raises(Refused) as no:
        getattr(actions, verb)(closed, act=act(verb, at(3), note="说明"), **more)
    assert no.value.code == "no_recheck"
    assert Case.everything.get(pk=closed.pk).n == closed.n


# -- pages -----------------------------------------------------------------------------------------


def test_the_collector_finds_it_among_his_tasks_and_no_other_one_does(drawn):
    mine = Recheck.everything.get().collector
    other = ({"wu", "zheng"} - {mine}).pop()
    address = f"/cases/{drawn.number}/do/recheck/"

    page = signed_in(mine, post="collector", area="440511").get("/cases/tasks/").content.decode()
    assert drawn.number in page and address in page
    elsewhere = signed_in(other, post="collector", area="440511")
    assert drawn.number not in elsewhere.get("/cases/tasks/").content.decode()
    assert signed_in("chen").get("/cases/tasks/").status_code == 403
    assert (
        "photos_verify"
        in signed_in(mine, post="collector", area="440511").get(address).content.decode()
    )


@time_machine.travel(at(4), tick=False)
def test_the_centre_sees_the_rates_and_the_shift_leader_decides(drawn, photo):
    case = look(drawn, "dispute_check", [photo])
    lin = signed_in("lin")

    page = lin.get("/cases/rechecks/?state=differs")
    assert [row.recheck.case for row in page.context["rows"]] == [case]
    assert [(rate.name, rate.percent) for rate in page.context["rates"]] == [("王监督", 100)]
    told = lin.get(f"/cases/{case.number}/").content.decode()
    assert "抽查：不符，待值班长处理" in told and f"/cases/{case.number}/do/follow_up/" in told
    assert lin.get("/cases/rechecks/?state=moon").status_code == 400
    assert signed_in("li").get("/cases/rechecks/").status_code == 403


# -- a task from beside ----------------------------------------------------------------------------


def test_a_collector_of_the_neighbouring_grid_sees_and_does_what_he_was_given(reported):
    asked = actions.ask_to_confirm(reported, act=act("ask_to_confirm", at(2, 9, 5)))
    browser = signed_in("zhou", post="collector", area="440507")
    address = f"/cases/{asked.number}/"
    assert browser.get(address).status_code == 404

    actions.assign(asked, collector="zhou", why="neighbour", act=act("assign", at(2, 9, 6)))

    form = browser.get(f"{address}do/confirm/").context["form"]
    done = browser.post(
        f"{address}do/confirm/", {"key": form["key"].initial, "base_n": 2}, follow=True
    )
    assert done.redirect_chain[-1][0] == "/cases/tasks/"
    assert Case.everything.get(pk=asked.pk).confirmation == "real"
    assert browser.get(address).status_code == 404


# -- somebody leaves, somebody is late, somebody closes all the same -------------------------------


def test_whom_the_lot_named_and_who_left_is_replaced_by_the_same_lot(drawn):
    before, told = Recheck.everything.get(), drawn.head.data
    leaver = before.collector
    Appointment.objects.filter(staff__username=leaver).update(until_date=date(2026, 3, 4))
    assert redraw_rechecks(at(3, 12)) == 0

    assert redraw_rechecks(at(4, 9)) == 1 and redraw_rechecks(at(4, 10)) == 0
    row, entry = Recheck.everything.get(), Case.everything.get(pk=drawn.pk).head.data
    other = ({"wu", "zheng"} - {leaver}).pop()
    assert (row.collector, entry["collector"], entry["leaver"]) == (other, other, leaver)
    assert (entry["lot"], entry["entry"], entry["among"]) == (told["lot"], told["entry"], [other])
    assert row.due_at > before.due_at
    assert list(replay.check()) == []


def test_with_nobody_else_of_the_place_any_may_look(drawn, photo):
    Appointment.objects.filter(staff__username__in=["wu", "zheng"]).update(
        until_date=date(2026, 3, 4)
    )
    assert redraw_rechecks(at(4, 9)) == 1
    assert Recheck.everything.get().collector == ""
    look(drawn, "recheck", [photo], by="sun", when=at(4, 10))
    assert Recheck.everything.get().done_by == "sun"


def test_a_leaver_is_not_drawn_again_and_a_task_done_meanwhile_is_nobodys(drawn, photo):
    leaver = Recheck.everything.get().collector
    redraw = {"leaver": leaver, "act": act("redraw_recheck", at(3, 11))}
    with pytest.raises(Refused, match="不能抽查"):
        actions.redraw_recheck(drawn, among=[leaver], **redraw)
    case = look(drawn, "recheck", [photo])
    with pytest.raises(Refused) as no:
        actions.redraw_recheck(case, among=["sun"], **redraw)
    assert no.value.code == "no_recheck"
    assert Case.everything.get(pk=drawn.pk).n == case.n


def test_a_second_look_that_waits_too_long_is_overdue_on_the_centres_page(drawn):
    assert Recheck.everything.get().due_at == at(4, 18)  # two working days from Tuesday's night
    for when, late in ((at(4, 17), 0), (at(5, 9), 1)):
        with time_machine.travel(when, tick=False):
            page = signed_in("lin").get("/cases/rechecks/?state=late")
            assert len(page.context["rows"]) == late
            assert ("late", "待抽查，已超期", late) in page.context["states"]
            assert [row.late for row in page.context["rows"]] == [True] * late
    assert Case.everything.get(pk=drawn.pk).due_at == drawn.due_at


@time_machine.travel(at(3, 10), tick=False)
def test_closing_over_a_disputed_check_asks_first_and_does_not_block(request, photo):
    share(100)
    draw_rechecks(at(2, 0, 10))
    case = request.getfixturevalue("verified")
    draw_rechecks(at(3, 0, 10))
    lin = signed_in("lin")
    address = f"/cases/{case.number}/do/close/"
    assert "data-confirm" not in lin.get(address).content.decode()

    look(case, "dispute_check", [photo])
    page = lin.get(address).content.decode()
    assert 'data-confirm="' in page and "抽查不符，尚未重新上报，也未判定不计。仍要结案吗？" in page
    fields = lin.get(address).context["form"]
    lin.post(address, {"key": fields["key"].initial, "base_n": fields["base_n"].initial})
    assert Case.everything.get(pk=case.pk).stage == "closed"
    assert Recheck.everything.get().state == "differs"


@pytest.fixture
def checked(request):
    """A case that waits to be closed, and drawn in the night to Tuesday."""
    share(100)
    draw_rechecks(at(2, 0, 10))
    case = request.getfixturevalue("verified")
    assert draw_rechecks(at(3, 0, 10)) == 1
    return Case.everything.get(pk=case.pk)


@time_machine.travel(at(3, 10), tick=False)
def test_closing_many_asks_about_each_disputed_check_as_closing_one_does(checked, photo):
    look(checked, "dispute_check", [photo])
    lin = signed_in("lin")

    page = lin.post("/cases/many/", {"verb": "close", "number": checked.number}).content.decode()
    assert (
        'data-confirm="1 件抽查不符' in page and "尚未重新上报，也未判定不计。仍要结案吗？" in page
    )
    page = lin.post("/cases/many/", {"verb": "accept", "number": checked.number}).content.decode()
    assert "抽查不符" not in page


def test_a_second_look_that_nobody_took_lapses_with_the_case_and_comes_back_with_it(checked):
    case = actions.void(checked, act=act("void", at(3, 10), note="重复上报"))
    row = Recheck.everything.get()
    assert (row.state, row.done_at, row.done_by) == ("lapsed", at(3, 10), "")
    assert case.entries.order_by("n").last().data["recheck_lapsed"] is True

    actions.recall(case, act=act("void", at(3, 10, 5)))
    row.refresh_from_db()
    assert (row.state, row.done_at) == ("open", None)
    assert list(replay.check()) == []
