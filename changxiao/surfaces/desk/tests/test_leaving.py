"""离岗交接页: everything a leaver holds is shown, and passes on in one act or not at all."""

import uuid

import pytest
import time_machine

from changxiao.cases import actions as cases
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.kernel.act import Act
from changxiao.ledger.models import Entry
from changxiao.orgs import access
from changxiao.orgs import actions as orgs
from changxiao.orgs.models import DutyRoster, UnitRole
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

ADDRESS = "/people/sun/leaving/"


def system():
    return Act.system("test", str(uuid.uuid4()))


@pytest.fixture(autouse=True)
def _tuesday():
    forget_catalog()
    with time_machine.travel(at(3, 9), tick=False):
        yield


@pytest.fixture
def sun(dispatched, roads):
    """孙班长 holds a post, a seat, a watch, a case and a token."""
    staff = orgs.hire(username="sun", name="孙班长", unit=roads, act=system())
    orgs.appoint(staff, post="handler", unit=roads, act=system())
    orgs.set_role(roads, role="deputy", line="道路", staff=staff, act=system())
    orgs.roster(roads, day=at(4).date(), shift="day", staff=staff, act=system())
    orgs.issue_token(staff, act=system())
    cases.forward(dispatched, to=roads, person=staff, act=act("forward", at(3, 8)))
    return staff


@pytest.fixture
def qian(roads):
    return orgs.hire(username="qian", name="钱接手", unit=roads, act=system())


def filled(client):
    form = client.get(ADDRESS).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {"base_n": last_n()}


def last_n():
    return Entry.objects.filter(stream="staff:sun").count()


def test_all_that_a_leaver_holds_is_listed(sun):
    form = signed_in("admin").get(ADDRESS).context["form"]

    assert [item.kind for item in form.items] == ["岗位", "责任", "值班", "案卷"]


def test_one_act_passes_all_of_it_on(sun, qian, dispatched, roads):
    client = signed_in("admin")
    told = {**filled(client), "to": "钱接手", "seen": ""}
    shown = client.post(ADDRESS, told)
    assert shown.context["preview"], shown.context["form"].errors
    assert UnitRole.objects.get(until_date=None).staff == sun
    client.post(ADDRESS, {**told, "seen": shown.context["preview"].seen})

    sun.refresh_from_db()
    dispatched.refresh_from_db()
    assert not sun.is_active and not sun.tokens.filter(revoked_at=None).exists()
    assert [row.post for row in access.posts_of(qian, at(3).date())] == ["handler"]
    assert UnitRole.objects.get(until_date=None).staff == qian
    assert DutyRoster.objects.get().staff == qian
    assert dispatched.handler == "qian"
    assert Entry.objects.get(stream="staff:sun", verb="hand_over").actor == "admin"
    assert dispatched.entries.last().verb == "pass_on"


def test_each_item_may_have_a_successor_of_its_own_and_the_rest_falls_vacant(
    sun, qian, dispatched, roads
):
    client = signed_in("admin")
    told = {**filled(client), "cases": "qian", "seen": ""}
    shown = client.post(ADDRESS, told)
    assert "空缺" in " ".join(shown.context["preview"].effects)
    client.post(ADDRESS, {**told, "seen": shown.context["preview"].seen})

    dispatched.refresh_from_db()
    assert dispatched.handler == "qian"
    assert (roads, "deputy", "道路") in access.vacancies(at(3).date())
    assert not DutyRoster.objects.exists()


def test_a_hand_over_that_is_refused_changes_nothing(sun, qian, dispatched):
    orgs.appoint(qian, post="auditor", act=system())
    client = signed_in("admin")
    shown = client.post(ADDRESS, {**filled(client), "to": "qian", "seen": ""})

    assert shown.status_code == 422
    sun.refresh_from_db()
    dispatched.refresh_from_db()
    assert sun.is_active and dispatched.handler == "sun"
    assert UnitRole.objects.get(until_date=None).staff == sun


@pytest.mark.parametrize("post", sorted(set(Post)))
def test_only_two_administrators_hand_over(sun, post):
    status = signed_in("one", post=post).get(ADDRESS).status_code

    assert status == (200 if post in {Post.CITY_ADMIN, Post.SECURITY_ADMIN} else 403)
