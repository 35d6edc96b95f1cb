"""Home and the plain lists: numbers that are links, places by post, pages of an empty house."""

import re

import pytest
import time_machine

from changxiao.cases import actions
from changxiao.cases.flow import DEFAULT
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.orgs.posts import Post
from changxiao.surfaces.desk import menu, todo
from tests.support.budgets import budget
from tests.support.cast import act, at

LISTS = ("/", "/catalog/", "/units/", "/areas/", "/ledger/", "/cases/", "/components/")


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


@pytest.mark.parametrize("post", sorted(Post))
@pytest.mark.parametrize("path", LISTS)
def test_every_post_opens_every_list(city, post, path):
    assert signed_in("somebody", post=post).get(path).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_a_visitor_is_sent_to_sign_in(client, db, path):
    assert client.get(path)["Location"].startswith("/accounts/login/")


def test_each_number_of_home_opens_the_list_behind_it(filed, roads):
    client = signed_in("li")
    page = client.get("/").content.decode()

    assert 'href="/cases/?stage=filed"' in page
    assert filed.number in client.get("/cases/?stage=filed").content.decode()


def test_overdue_cases_are_counted_with_a_link(problem):
    actions.report(problem, act=act("report", at(2, 8, 30)))
    client = signed_in("chen")
    page = client.get("/")

    assert page.context["late"] == 1
    address = re.search(r'href="(/cases/\?stage=[^"]+overdue=1)"', page.content.decode())
    assert client.get(address[1].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("post", [Post.CITY_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR])
def test_administrators_get_links_and_no_numbers(reported, post):
    page = signed_in("admin", post=post).get("/")

    assert page.context["rows"] == []
    assert "/ledger/" in page.content.decode()


def test_home_of_somebody_without_posts_says_whom_to_ask(city, client):
    from changxiao.orgs.models import Staff

    client.force_login(
        Staff.objects.create(username="new", name="新人"),
        "django.contrib.auth.backends.ModelBackend",
    )

    assert "您现在没有任职" in client.get("/").content.decode()


def test_what_waits_for_a_post_is_read_off_the_flow():
    assert list(todo.stages(DEFAULT, [Post.SHIFT_LEADER])) == ["accepted", "verified"]
    assert list(todo.stages(DEFAULT, [Post.HANDLER])) == ["dispatched"]
    assert todo.stages(DEFAULT, [Post.AUDITOR]) == {}


def test_the_menu_says_where_we_are():
    here = [row.url for row in menu.rows([Post.INTAKE], "/cases/202603020001/") if row.here]

    assert here == ["/cases/"]


def test_home_keeps_its_budget(reported):
    client = signed_in("chen")
    client.get("/")

    with budget("page:home"):
        client.get("/")


def test_pages_tell_time_by_the_city_s_clock(reported):
    from changxiao.catalog import stamp
    from changxiao.catalog.models import CityPolicy

    CityPolicy.objects.create(key="timezone", value="America/Chicago")
    stamp.bump()

    page = signed_in("li").get("/cases/?stage=reported").content.decode()
    assert "2026-03-01T19:15:00-06:00" in page  # due 15 minutes after 09:00 in Shantou
