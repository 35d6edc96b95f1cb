"""交接班: signed by two, each by the own account, and never changed again."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from changxiao.cases import actions, jobs
from changxiao.cases.handover import actions as shifts
from changxiao.cases.handover.access import DESKS
from changxiao.cases.handover.models import ShiftHandover
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.cases.tests.test_flags import photo, shown
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.access import viewer_for
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

EVENING = at(2, 18)


@pytest.fixture(autouse=True)
def _evening():
    forget_catalog()
    with time_machine.travel(EVENING, tick=False):
        yield


def as_(staff):
    return scope.viewing(viewer_for(staff, EVENING))


def told(staff, post=Post.DISPATCHER, **more):
    return Act(actor=staff.username, post=post, key=str(uuid.uuid4()), **more)


def hand(staff, *, area="", **more):
    with as_(staff):
        return shifts.hand_shift(area=area, act=told(staff, **more))


def take(row, staff, **more):
    with as_(staff):
        return shifts.take_shift(row, act=told(staff, **more))


@pytest.fixture
def li(city):
    return person("li")


@pytest.fixture
def sun(city):
    return person("sun", post=Post.DISPATCHER)


@pytest.fixture
def flag(problem):
    """A photo that an editor was told to have touched."""
    edited = photo("e", evidence={"software": "GIMP 2.10"})
    case = actions.report(replace(problem, photos=shown(edited)), act=act("report"))
    jobs.flag_evidence(case.head)
    return EvidenceFlag.everything.get()


def numbers(row, part):
    return [line["number"] for line in row.sheet["parts"][part]["rows"]]


def test_two_people_sign_and_each_signature_is_an_entry(li, sun, dispatched):
    row = hand(li, note="三号车在维修")
    row = take(row, sun, note="已知悉")

    assert (row.outgoing, row.notes, row.incoming, row.remark) == (
        "li",
        "三号车在维修",
        "sun",
        "已知悉",
    )
    entries = Entry.objects.filter(stream="shift:dispatcher:city").order_by("n")
    assert [(e.verb, e.actor) for e in entries] == [("hand_shift", "li"), ("take_shift", "sun")]
    assert {e.data["sheet"] for e in entries} == {shifts.digest_of(row.sheet)}


def test_the_sheet_tells_what_is_late_promised_and_odd(li, filed, roads):
    with time_machine.travel(at(2, 9, 15), tick=False):
        case = actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 15)))
        actions.supervise(case, kind="leader", act=act("supervise", at(2, 9, 30), note="快办"))
        case = actions.ask_extend(case, act=act("ask_extend", at(2, 10), note="等材料"))
        actions.refuse_request(case, act=act("refuse_request", at(2, 10, 30), note="不同意"))

    row = hand(li)

    # four working hours from 09:15 ended in the afternoon
    assert numbers(row, "late") == numbers(row, "order") == [case.number]
    assert numbers(row, "refused") == [case.number]
    assert numbers(row, "request") == numbers(row, "ending") == numbers(row, "rework") == []
    assert row.sheet["stages"] == [{"stage": "dispatched", "count": 1, "late": 1}]


def test_a_suspension_that_ends_in_the_next_shift_is_promised(li, dispatched):
    case = actions.ask_suspend(
        dispatched, until=at(3, 4), act=act("ask_suspend", at(2, 10), note="夜间施工")
    )
    actions.suspend(case, act=act("suspend", at(2, 10, 30)))

    assert numbers(hand(li), "ending") == [case.number]


def test_a_resident_who_waits_is_promised_and_what_failed_is_odd(
    li, public_problem, damaged, roads
):
    case = actions.report(public_problem, act=act("report"))
    for verb, more in (("ask_to_confirm", {"collector": "wang"}), ("confirm", {}), ("accept", {})):
        case = getattr(actions, verb)(case, **more, act=act(verb, at(2, 9, 5)))
    case = actions.file(case, criterion=damaged, act=act("file", at(2, 9, 10)))
    case = actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 15)))
    case = actions.feed_back(case, act=act("feed_back", at(2, 10), note="已修"))
    case = actions.rework(case, act=act("rework", at(2, 10, 30), note="没修好"))
    case = actions.feed_back(case, act=act("feed_back", at(2, 11), note="又修"))
    actions.verify(case, act=act("verify", at(2, 11, 30)))

    row = hand(li)
    assert numbers(row, "answer") == numbers(row, "rework") == [case.number]
    assert "陈大文" not in str(row.sheet) and "13800138000" not in str(row.sheet)


def test_the_next_sheet_begins_where_the_last_one_ended(li, sun, closed):
    take(hand(li), sun)
    with time_machine.travel(EVENING + timedelta(hours=8), tick=False):
        row = hand(sun)

    assert (row.since_at, row.previous.outgoing) == (EVENING, "li")


@pytest.mark.parametrize("post", sorted(set(Post) - set(DESKS)))
def test_only_the_desks_hand_over(city, post):
    somebody = person("somebody", post=post)

    with pytest.raises(Refused) as no:
        hand(somebody, post=post)

    assert no.value.code == "not_yours"
    assert not ShiftHandover.everything.exists() and not Entry.objects.exists()


def nothing_changed(row, entries):
    kept = ShiftHandover.everything.get(pk=row.pk)
    return kept.taken_at is None and kept.incoming == "" and Entry.objects.count() == entries


def test_nobody_takes_over_from_oneself(li):
    row = hand(li)
    entries = Entry.objects.count()

    with pytest.raises(Refused, match="自己接班"):
        take(row, li)
    assert nothing_changed(row, entries)


def test_another_desk_does_not_take_it(li):
    row = hand(li)
    entries = Entry.objects.count()

    with pytest.raises(Refused):
        take(row, person("chen"), post=Post.INTAKE)
    assert nothing_changed(row, entries)


def test_another_district_s_desk_does_not_sign_for_the_city(city):
    far = person("far", post=Post.DISPATCHER, area="440507")

    with pytest.raises(Refused, match="交接班须由"):
        hand(far)
    assert not ShiftHandover.everything.exists()


def test_a_second_sheet_waits_for_the_first_to_be_taken(li, sun):
    row = hand(li)
    entries = Entry.objects.count()

    with pytest.raises(Refused, match="还没有人接班"):
        hand(sun)
    assert nothing_changed(row, entries) and ShiftHandover.everything.count() == 1


def test_the_slower_of_two_comes_too_late(li, sun):
    row = take(hand(li), sun)
    entries = Entry.objects.count()

    with pytest.raises(Refused, match="已有人接班"):
        take(row, person("qian", post=Post.DISPATCHER))
    assert Entry.objects.count() == entries
    assert ShiftHandover.everything.get().incoming == "sun"


def test_sent_twice_it_is_signed_once(li):
    once = told(li)
    with as_(li):
        shifts.hand_shift(area="", act=once)
        with pytest.raises(Replayed):
            shifts.hand_shift(area="", act=once)
    assert ShiftHandover.everything.count() == 1


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_touch_what_both_have_signed(li, sun, change):
    row = take(hand(li), sun)
    rows = ShiftHandover.everything.filter(pk=row.pk)

    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        if change == "update":
            rows.update(notes="另一种说法")
        else:
            rows.delete()
    assert ShiftHandover.everything.get().notes == ""


def test_the_database_wants_two_people(li):
    row = hand(li)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_shifthandover SET incoming = outgoing, taken_at = signed_at"
            " WHERE id = %s",
            [row.pk],
        )


def test_signed_on_screen_by_both(li, sun, dispatched):
    mine, theirs = signed_in("li"), signed_in("sun", post=Post.DISPATCHER)
    page = mine.get("/cases/handover/")
    mine.post("/cases/handover/hand", {"key": page.context["key"], "note": "三号车在维修"})
    assert "等待接班" in mine.get("/cases/handover/").content.decode()

    page = theirs.get("/cases/handover/")
    row = page.context["waiting"]
    assert "三号车在维修" in page.content.decode()
    done = theirs.post(
        f"/cases/handover/{row.pk}/take", {"key": page.context["key"], "note": ""}, follow=True
    )

    said = done.content.decode()
    assert "李派遣" in said and "sun" in said and dispatched.number in said
    assert "上一班" in mine.get("/cases/handover/").content.decode()


@pytest.mark.parametrize("post", sorted(Post))
def test_the_page_opens_for_the_desks_only(city, post):
    expected = 200 if post in DESKS else 403
    assert signed_in("somebody", post=post).get("/cases/handover/").status_code == expected


SEES = {
    "dispatcher": ("dispatcher", "", True),
    "command director": ("command_director", "", True),
    "auditor": ("auditor", "", True),
    "own district only": ("dispatcher", "440511", False),
    "another desk": ("intake", "", False),
    "centre director": ("center_director", "", False),
    "handler": ("handler", "", False),
    "administrator": ("city_admin", "", False),
}


@pytest.mark.parametrize("name", SEES)
def test_a_sheet_is_read_at_its_desk_and_above(li, name):
    post, area, sees = SEES[name]
    row = hand(li)
    client = signed_in("reader", post=post, area=area)

    assert client.get(f"/cases/handover/{row.pk}/").status_code == (200 if sees else 404)
    assert client.get(f"/cases/handover/{row.pk + 1}/").status_code == 404


def test_what_was_joined_in_this_shift_is_counted(li, filed, problem):
    second = actions.report(problem, act=act("report", at(2, 9, 20)))
    actions.join(second, to=filed, act=act("join", at(2, 9, 30)))

    assert numbers(hand(li), "joined") == [second.number]


def test_open_flags_are_handed_over_at_the_desk_that_weighs_evidence(li, flag):
    lin = person("lin")
    row = hand(lin, post=Post.SHIFT_LEADER)
    assert numbers(row, "flag") == [flag.case.number]
    assert "证据疑点待定" in signed_in("lin").get("/cases/handover/").content.decode()

    assert "flag" not in hand(li).sheet["parts"]
    assert "证据疑点待定" not in signed_in("li").get("/cases/handover/").content.decode()


def test_a_sheet_of_before_is_read_without_the_parts_that_came_later(li, dispatched):
    row = hand(li)
    sheet = dict(row.sheet, parts={k: v for k, v in row.sheet["parts"].items() if k != "joined"})
    ShiftHandover.everything.filter(pk=row.pk).update(sheet=sheet)

    assert signed_in("li").get("/cases/handover/").status_code == 200
