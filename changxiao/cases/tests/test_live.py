"""Tickets, changes in the log's order, and who hears of them."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing

from changxiao.cases import actions, live
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.kernel.scope import PUBLIC, Grant, Viewer
from changxiao.ledger import sequencer
from changxiao.orgs.models import Appointment
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import MONDAY, act, at

ELSEWHERE = Viewer("staff", "", (Grant(Post.INTAKE, "440507"),))
HERE = Viewer("staff", "", (Grant(Post.DISPATCHER, "440511"),))


@pytest.fixture(autouse=True)
def clock():
    forget_catalog()
    with time_machine.travel(MONDAY, tick=False) as now:
        yield now


@pytest.fixture
def told(problem):
    """A case with two entries in the order of the log; the changes, and how far they reach."""
    case = actions.report(problem, act=act("report"))
    actions.accept(case, act=act("accept"))
    sequencer.drain()
    return case, *live.after(-1)


def test_a_ticket_brings_the_rights_of_the_moment(city):
    staff = person("chen", area="440511")
    ticket = live.ticket(staff)
    Appointment.objects.create(staff=staff, post=Post.AUDITOR, since_date=MONDAY.date())

    assert live.bearer(ticket).posts() == {Post.INTAKE, Post.AUDITOR}


def test_a_ticket_is_good_for_a_minute(city, clock):
    ticket = live.ticket(person("chen"))
    clock.shift(timedelta(seconds=live.FRESH))
    assert live.bearer(ticket).name == "chen"

    clock.shift(timedelta(seconds=1))
    assert live.bearer(ticket) is None


def test_no_other_text_lets_in(city):
    staff = person("chen")
    good = live.ticket(staff)
    forged = [signing.dumps("chen", salt="other"), good[:-1], good.upper(), "chen", "", ":::"]
    assert [live.bearer(text) for text in forged] == [None] * len(forged)

    staff.is_active = False
    staff.save(update_fields=["is_active"])
    assert live.bearer(good) is None


def test_changes_come_in_order_and_once(told):
    case, position, changes = told

    assert [(c.number, c.verb, c.n) for c in changes] == [
        (case.number, "report", 1),
        (case.number, "accept", 2),
    ]
    assert [c.at for c in changes] == sorted({c.at for c in changes})
    assert live.after(position) == (position, [])
    assert position == live.top()


def test_entries_of_other_rooms_move_the_place_and_tell_nothing(told, damaged):
    _case, position, _changes = told
    from changxiao.kernel.act import Act
    from changxiao.ledger.actions import append

    append(stream="city:440500", verb="load", act=Act.system("init"), body={})
    sequencer.drain()

    assert live.after(position) == (position + 1, [])


def test_a_change_is_heard_within_reach_only(told):
    _case, _position, changes = told

    assert live.heard(HERE, changes) == changes
    assert live.heard(ELSEWHERE, changes) == [] == live.heard(PUBLIC, changes)


def test_a_look_and_a_question_of_reach_are_one_statement_each(told):
    _case, _position, changes = told
    with budget("live", limit=1):
        live.after(-1)
    with budget("live", limit=1):
        live.heard(HERE, changes)


def test_a_page_gets_a_ticket_for_its_own_person(city, settings):
    browser = signed_in("chen")
    assert browser.get("/cases/live/ticket").status_code == 404

    settings.LIVE_URL = "http://127.0.0.1:8001/live/"
    answer = browser.get("/cases/live/ticket")

    assert answer.json()["url"] == settings.LIVE_URL
    assert live.bearer(answer.json()["ticket"]).name == "chen"
    assert "no-store" in answer["Cache-Control"]


def test_what_a_page_asks_by_itself_keeps_no_session_awake(city, clock, settings):
    settings.LIVE_URL = "/live/"
    browser = signed_in("chen")
    browser.get("/cases/live/ticket")
    idle = settings.SESSION_RULES["console"][0]
    for _minutes in range(0, idle + 120, 120):
        clock.shift(timedelta(seconds=120))
        answer = browser.get("/cases/live/ticket", headers={"X-Background": "1"})

    assert answer.status_code == 302


def unit(name):
    return Viewer("staff", "", (Grant(Post.HANDLER, unit=name.path),))


def heard_of(case, viewer, *, before):
    """What a listener hears of the step after entry `before`."""
    sequencer.drain()
    _position, changes = live.after(-1)
    return [(c.verb, c.n) for c in live.heard(viewer, changes) if c.n > before]


def test_the_unit_that_loses_a_case_is_told_and_not_how(dispatched, roads, parks):
    done = act("rule_ownership", at(2, 11), note="归园林")
    actions.rule_ownership(dispatched, to=parks, act=done)
    n = dispatched.n

    assert heard_of(dispatched, unit(roads), before=n) == [(live.LEFT, n + 1)]
    assert heard_of(dispatched, unit(parks), before=n) == [("rule_ownership", n + 1)]
    assert heard_of(dispatched, HERE, before=n) == [("rule_ownership", n + 1)]
    assert heard_of(dispatched, ELSEWHERE, before=n) == []


def test_an_area_that_loses_a_case_is_told(reported):
    elsewhere = {"lon": 116.735, "lat": 23.362}  # within 龙湖区
    was = reported.district_code
    moved = actions.amend(
        reported, change=actions.Change(**elsewhere), act=act("amend", at(2, 10), note="定位错了")
    )
    assert moved.district_code != was

    old = Viewer("staff", "", (Grant(Post.INTAKE, was),))
    new = Viewer("staff", "", (Grant(Post.INTAKE, moved.district_code),))
    assert heard_of(moved, old, before=1) == [(live.LEFT, 2)]
    assert heard_of(moved, new, before=1) == [("amend", 2)]
    assert heard_of(moved, unit_of_nobody(), before=1) == []


def unit_of_nobody():
    return Viewer("staff", "", (Grant(Post.HANDLER), Grant(Post.CITY_ADMIN)))


def test_a_case_taken_back_leaves_the_unit_s_ears_too(dispatched, roads):
    actions.send_back(dispatched, act=act("send_back", at(2, 11), note="不归我们"))
    actions.take_back(dispatched, act=act("take_back", at(2, 12), note="同意"))
    n = dispatched.n

    assert heard_of(dispatched, unit(roads), before=n)[-1] == (live.LEFT, n + 2)
