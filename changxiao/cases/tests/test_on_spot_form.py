"""自处置 at a desk: the box on the report form, where a post and the city's row allow it."""

import pytest

from changxiao.cases.models import Case
from changxiao.cases.tests.pages import signed_in
from changxiao.cases.tests.test_report_views import ADDRESS, _monday, photo, send  # noqa: F401
from changxiao.catalog.actions import set_policy
from tests.support.cast import act


@pytest.fixture
def small(damaged):
    set_policy("on_spot_kinds", value="e9799", act=act("wake"))
    return damaged


def mine(small, **more):
    nobody = {"channel": "collector", "reporter_name": "", "reporter_phone": ""}
    sides = {"photos_before": photo("#884422"), "photos_after": photo("#99ccee")}
    return send(signed_in("wang"), small, on_spot="on", **nobody, **sides, **more)


def test_a_collector_at_a_desk_reports_what_he_put_right(small):
    answer = mine(small)

    case = Case.everything.get()
    assert (answer.status_code, case.stage, case.photos.count()) == (302, "on_spot", 2)


def test_a_number_used_up_is_said_above_the_form_and_nothing_is_kept(small):
    set_policy("on_spot_daily", value="1", act=act("wake"))
    mine(small)

    answer = mine(small)

    assert answer.status_code == 422
    assert "每人每天的上限" in answer.content.decode()
    assert Case.everything.count() == 1


def test_whoever_is_no_collector_has_no_such_box(small):
    assert b'name="on_spot"' in signed_in("wang").get(ADDRESS).content
    assert b'name="on_spot"' not in signed_in("chen").get(ADDRESS).content
    assert "photos_after" not in signed_in("chen").get(ADDRESS).content.decode()
