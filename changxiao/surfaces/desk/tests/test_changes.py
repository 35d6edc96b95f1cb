"""近期修改: every edit of the configuration in words; by kind, person, day; for two posts."""

import uuid
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changxiao.cases import actions as cases
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog import actions as catalog
from changxiao.kernel.act import Act
from changxiao.orgs import actions as orgs
from changxiao.orgs.posts import Post
from changxiao.surfaces.desk import changes
from tests.support.cast import at


@pytest.fixture(autouse=True)
def _tuesday():
    forget_catalog()
    with time_machine.travel(at(3, 9), tick=False):
        yield


def by(username, post):
    return Act(actor=username, post=post, key=str(uuid.uuid4()), note="市里决定")


@pytest.fixture
def edited(city):
    """Three edits by two people."""
    signed_in("admin")
    signed_in("huang")
    unit = orgs.create_unit(
        code="XX", name="新处", kind="department", act=by("admin", "city_admin")
    )
    orgs.rename_unit(unit, name="更新处", act=by("admin", "city_admin"))
    catalog.set_policy("extension_most", value="3", act=by("huang", "center_director"))


def listed(query=""):
    return signed_in("admin").get(f"/changes/{query}").context["rows"]


def test_edits_are_told_in_words_the_newest_first(edited):
    rows = listed()

    assert [str(row.sort.title) for row in rows] == ["政策取值", "机构", "机构"]
    assert [(c.before, c.after) for c in rows[0].changes] == [("2", "3")]
    assert [(c.label, c.before, c.after) for c in rows[1].changes] == [("名称", "新处", "更新处")]
    assert (rows[1].subject, rows[1].who) == ("更新处", "吴管理")
    assert all(signed_in("admin").get(row.history).status_code == 200 for row in rows)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?kind=unit", 2),
        ("?kind=policy", 1),
        ("?who=黄主任", 1),
        ("?who=admin", 2),
        ("?who=nobody", 0),
        ("?day=2026-03-03", 3),
        ("?day=2026-03-02", 0),
        ("?kind=unit&who=黄", 0),
    ],
)
def test_edits_are_filtered(edited, query, count):
    assert len(listed(query)) == count


@pytest.mark.parametrize("query", ["?kind=weather", "?day=2026-02-31", "?day=x", "?cursor=x"])
def test_a_filter_that_is_none_is_not_found(edited, query):
    assert signed_in("admin").get(f"/changes/{query}").status_code == 404


@pytest.mark.parametrize("post", sorted(set(Post)))
def test_changes_are_for_the_administrator_and_the_auditor(city, post):
    status = signed_in("one", post=post).get("/changes/").status_code

    assert status == (200 if post in {Post.CITY_ADMIN, Post.AUDITOR} else 403)


def test_each_kind_of_row_is_told_in_words(city):
    act = by("admin", "city_admin")
    signed_in("admin")
    catalog.set_calendar_day(date(2027, 1, 1), is_workday=False, name="元旦", source="x", act=act)
    (row,) = listed("?kind=calendar")

    assert [c.after for c in row.changes] == ["节假日", "元旦", "x"]
    assert set(changes.SORTS) >= {"unit", "staff", "criterion", "emergency", "window", "overlay"}


def test_who_may_take_a_step_is_a_change_like_any_other(city):
    signed_in("admin")
    cases.set_step_rule("dispatch", posts=["dispatcher", "intake"], act=by("admin", "city_admin"))

    (row,) = listed("?kind=step_rule")

    assert (str(row.sort.title), row.subject) == ("步骤岗位", "派遣")
    assert [(c.before, c.after) for c in row.changes] == [("派遣员", "受理员、派遣员")]
    assert signed_in("admin").get(row.history).status_code == 200


def test_the_page_reads_past_no_entry_of_a_case(edited, closed):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a few entries alone would not be worth an index
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as told:
        page = signed_in("fu", post=Post.AUDITOR).get("/changes/?kind=unit")
    asked = next(one["sql"] for one in told if "substr(" in one["sql"])

    assert len(page.context["rows"]) == 2
    with connection.cursor() as cursor:
        how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(how + asked.replace("%", "%%"), ())
        assert "entry_beside_cases" in str(cursor.fetchall())
