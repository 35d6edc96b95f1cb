"""办案设置: who may take a step, which reports are confirmed first, how many cases are touched."""

import pytest
import time_machine

from changxiao.cases import actions, flow
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.models import StepRule
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog import timetable
from changxiao.catalog.models import ConfirmRule
from changxiao.catalog.tests.browsing import edit, undone
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

STEPS = "/settings/cases/steps/"
CONFIRM = "/settings/cases/confirm/"


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield
    forget_catalog()


@pytest.fixture
def admin(city):
    return signed_in("admin")


def test_a_city_gives_a_step_to_another_post_at_once(admin, filed):
    edit(admin, f"{STEPS}dispatch/", posts=["dispatcher", "shift_leader"])

    assert flow_in_force().step("dispatch").posts == {Post.DISPATCHER, Post.SHIFT_LEADER}
    assert Entry.objects.get(stream="step_rule:dispatch").data["was"] == {"posts": ["dispatcher"]}
    page = admin.get(STEPS).content.decode()
    assert "默认：派遣员" in page

    undone(admin, "/settings/cases/undo/step/dispatch/?n=1")
    assert flow_in_force().step("dispatch").posts == {Post.DISPATCHER}


JUDGING = ["confirm", "refute", "verify", "rework", "close", "force_close"]


@pytest.mark.parametrize("verb", [step.verb for step in flow.STEPS if step.posts])
@pytest.mark.parametrize(
    "posts", [[], ["nobody"], ["city_admin"], ["auditor", "dispatcher"], ["handler"]]
)
def test_no_step_goes_to_whom_it_may_not(db, verb, posts):
    allowed = posts == ["handler"] and verb not in JUDGING
    doing = act("dispatch", post=Post.CITY_ADMIN)
    if allowed:
        actions.set_step_rule(verb, posts=posts, act=doing)
        assert flow_in_force().step(verb).posts == {Post.HANDLER}
        return
    with pytest.raises(Refused) as refused:
        actions.set_step_rule(verb, posts=posts, act=doing)
    assert refused.value.code in {"posts_missing", "posts_unfit"}
    assert not StepRule.objects.exists()


@pytest.mark.parametrize("verb", ["wake", "hold", "release"])
def test_what_the_system_does_is_given_to_nobody(db, verb):
    with pytest.raises(Refused, match="系统自动办理"):
        actions.set_step_rule(verb, posts=["dispatcher"], act=act("x", post=Post.CITY_ADMIN))


@pytest.mark.parametrize("post", [Post.LEADER, Post.DISPATCHER, Post.SECURITY_ADMIN, ""])
def test_other_posts_give_no_step_away(db, post):
    with pytest.raises(Refused, match="须由"):
        actions.set_step_rule("dispatch", posts=["intake"], act=act("x", post=post))
    assert not StepRule.objects.exists()


def test_a_channel_is_confirmed_or_not_and_goes_back_to_its_default(admin):
    edit(admin, f"{CONFIRM}hotline/", needed="0")
    assert not timetable.needs_confirmation("hotline")
    edit(admin, f"{CONFIRM}hotline/", needed="")
    assert timetable.needs_confirmation("hotline")
    undone(admin, "/settings/cases/undo/confirm/hotline:/?n=2")
    assert not timetable.needs_confirmation("hotline")
    undone(admin, "/settings/cases/undo/confirm/hotline:/?n=3")
    assert not ConfirmRule.objects.exists()


def test_a_subcategory_has_a_rule_of_its_own(admin, damaged):
    key = damaged.subcategory.key
    told = {"channel": "collector", "subcategory": key}
    address = admin.get(f"{CONFIRM}pick/", told)["Location"]
    edit(admin, address, needed="1")

    assert timetable.needs_confirmation("collector", damaged.subcategory_id)
    assert not timetable.needs_confirmation("collector")
    assert damaged.subcategory.label in admin.get(CONFIRM).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *("steps/nope/", "steps/wake/", "confirm/pigeon/", "confirm/hotline/?subcategory=e7777"),
        *("confirm/pick/?channel=x", "history/step/nope/", "undo/step/dispatch/?n=1e3"),
    ],
)
def test_what_is_not_there_is_not_found(admin, path):
    assert admin.get(f"/settings/cases/{path}").status_code == 404


def test_the_preview_of_a_criterion_counts_its_cases(admin, filed, damaged):
    page = admin.get("/settings/cases/touched/", {"criterion": damaged.code})

    assert (page.context["running"], page.context["lately"]) == (1, 1)
    assert filed.number not in page.content.decode()
