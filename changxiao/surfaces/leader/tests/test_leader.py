"""`/leader/`: who may open it, what it answers for, 督办 by the second tap."""

import uuid
from datetime import date

import pytest
import time_machine

from changxiao.cases import actions
from changxiao.cases.models import Case, SupervisionOrder
from changxiao.cases.tests.pages import person, signed_in
from changxiao.ledger.models import Entry
from changxiao.orgs import actions as orgs
from changxiao.orgs.access import answers_for, viewer_for
from changxiao.orgs.models import Unit, UnitRole
from changxiao.orgs.posts import Post
from changxiao.orgs.rules import LEADING
from changxiao.surfaces.leader.answering import answering
from tests.support.budgets import budget
from tests.support.cast import act, at

DAY = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(at(3, 8), tick=False):
        yield


@pytest.mark.parametrize("post", sorted(Post))
def test_only_who_leads_may_open_it(roads, post):
    unit = roads if post in {Post.UNIT_LEAD, Post.HANDLER} else None
    client = signed_in("somebody", post=post, unit=unit)
    expected = 200 if post in LEADING else 403

    assert client.get("/leader/").status_code == expected
    assert client.post("/leader/supervise/202603020001/").status_code in {404, 403}


def roles(staff, *held):
    for unit, role, line in held:
        UnitRole.objects.create(
            unit=unit, role=role, line=line, staff=staff, since_date=date(2020, 1, 1)
        )


def paths(staff):
    return answering(staff, viewer_for(staff, at(3, 8)), DAY).paths


def test_a_head_and_a_deputy_answer_for_their_units(roads, parks, squad):
    zhang = person("zhang")
    roles(zhang, (roads, "deputy", "桥梁"), (roads, "deputy", "道路"), (squad, "head", ""))
    roles(person("huang"), (parks, "liaison", ""))

    assert paths(zhang) == (roads.path,)
    assert paths(person("huang")) == ("",)  # a liaison answers for nothing: the post's reach counts


def test_the_head_of_an_office_answers_for_the_city(city, roads):
    office = Unit.objects.create(
        code="CITY", name="城管委", kind="office", path="0001.", since_date=date(2020, 1, 1)
    )
    zhang = person("zhang")
    roles(zhang, (office, "head", ""), (roads, "deputy", "道路"))

    assert paths(zhang) == ("",)


def test_a_unit_lead_without_a_role_answers_for_the_own_unit(roads, parks):
    assert paths(person("qian", post=Post.UNIT_LEAD, unit=parks)) == (parks.path,)


def test_what_ended_counts_no_more(roads):
    zhang = person("zhang")
    roles(zhang, (roads, "head", ""))
    UnitRole.objects.update(until_date=DAY)

    assert paths(zhang) == ("",)


def press(client, case, **more):
    form = {"key": str(uuid.uuid4()), "note": "请即办理"} | more
    return client.post(f"/leader/supervise/{case.number}/", form, follow=True)


def test_the_second_tap_orders_and_the_unit_is_listed_as_waiting(zhang, dispatched):
    client = signed_in("zhang")
    page = client.get("/leader/").content.decode()
    assert f"/leader/supervise/{dispatched.number}/" in page

    page = press(client, dispatched).content.decode()

    order = SupervisionOrder.objects.get()
    assert (order.kind, order.ordered_by, order.note) == ("overdue", "zhang", "请即办理")
    assert "等待市政道路处答复" in page and "已督办，未答复" in page
    assert f"/leader/supervise/{dispatched.number}/" not in page


def test_before_the_limit_it_is_an_order_by_the_leader(zhang, dispatched):
    with time_machine.travel(at(2, 9, 30), tick=False):
        press(signed_in("zhang"), dispatched)

    assert SupervisionOrder.objects.get().kind == "leader"


def test_pressed_twice_it_is_ordered_once(zhang, dispatched):
    client, key = signed_in("zhang"), str(uuid.uuid4())
    press(client, dispatched, key=key)
    page = press(client, dispatched, key=key).content.decode()

    assert SupervisionOrder.objects.count() == 1
    assert "没有重复记录" in page


@pytest.mark.parametrize("bad", [{"note": "  "}, {"key": "no-key"}, {"key": ""}])
def test_a_bad_order_changes_nothing(zhang, dispatched, bad):
    before = Entry.objects.count()
    press(signed_in("zhang"), dispatched, **bad)

    assert not SupervisionOrder.objects.exists()
    assert Entry.objects.count() == before


def test_a_foreign_case_is_not_found(zhang, dispatched):
    client = signed_in("far", post=Post.LEADER, area="440507")

    assert press(client, dispatched).status_code == 404
    assert Case.everything.get().order_count == 0


def test_an_answered_order_waits_no_more(zhang, dispatched):
    press(signed_in("zhang"), dispatched)
    case = Case.everything.get()
    actions.answer_order(case, act=act("answer_order", at(3, 8, 30), note="今天修好"))

    page = signed_in("zhang").get("/leader/")
    assert page.context["sheet"].orders == []
    assert page.context["sheet"].total.tally.silent == 0


def test_the_page_keeps_its_budget(zhang, dispatched):
    client = signed_in("zhang")
    client.get("/leader/")
    with budget("page:leader"):
        client.get("/leader/")


@pytest.fixture
def lights(roads):
    """路灯班, the second squad of 市政道路处."""
    return Unit.objects.create(
        code="SZ-DL-02",
        name="路灯班",
        kind=Unit.Kind.SQUAD,
        path="9001.0002.",
        parent=roads,
        since_date=date(2020, 1, 1),
    )


# Who sits where (seat → the units its line names; gone: a squad that ended), asked for which unit:
# who answers, by seat.
SEATED = [
    ("its line names it", {"head": [], "灯": ["lights"]}, "lights", "灯"),
    ("another line names another", {"head": [], "灯": ["lights"]}, "squad", "head"),
    ("a line that names none is no squad's own", {"head": [], "灯": []}, "lights", "head"),
    ("each squad has its line", {"灯": ["lights"], "路": ["squad"]}, "squad", "路"),
    ("nobody is named and nobody heads", {"灯": ["lights"]}, "squad", ""),
    ("of the top body itself, its head", {"head": [], "灯": ["lights"]}, "roads", "head"),
]


@pytest.mark.parametrize(("why", "seats", "asked", "who"), SEATED)
def test_who_answers_for_a_unit_is_whose_line_names_it_else_the_head(
    request, roads, squad, lights, why, seats, asked, who
):
    units = {"roads": roads, "squad": squad, "lights": lights}
    for seat, named in seats.items():
        role = "head" if seat == "head" else "deputy"
        line = "" if seat == "head" else seat
        orgs.set_role(
            roads,
            role=role,
            line=line,
            staff=person(f"p{len(seats)}{seat}", post=Post.UNIT_LEAD, unit=roads),
            covers=[units[one] for one in named],
            act=act("assign", at(2)),
        )
    found = answers_for(units[asked], DAY)
    assert (found and (found.line or found.role)) == (who or None), why


def test_who_answered_is_told_by_date_and_an_ended_unit_is_nobodys_line(roads, squad, lights):
    head, old, new = (
        person(name, post=Post.UNIT_LEAD, unit=roads) for name in ("head", "old", "new")
    )
    roles(head, (roads, "head", ""))
    with time_machine.travel(at(2, 8), tick=False):
        orgs.set_role(
            roads, role="deputy", line="灯", staff=old, covers=[lights], act=act("assign", at(2))
        )
    orgs.set_role(roads, role="deputy", line="灯", staff=new, act=act("assign", at(3)))

    assert answers_for(lights, date(2026, 3, 1)).staff == head
    assert answers_for(lights, date(2026, 3, 2)).staff == old
    assert answers_for(lights, DAY).staff == new  # what the line is made of stays with it
    assert paths(new) == (lights.path,)
    Unit.objects.filter(pk=lights.pk).update(until_date=DAY)
    assert paths(new) == ()
    assert paths(head) == (roads.path,)
