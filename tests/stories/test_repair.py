"""Walks 3 and 4 by keyboard: three steps in one, taken back by one key; many rows at once."""

import os
from pathlib import Path

import pytest

from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.models import Case
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post
from tests.stories.cast import SINCE, cast
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = (1440, "zh-hans", "light")


def reported(count):
    """So many reports that intake may accept at once."""
    criterion = FilingCriterion.objects.select_related("subcategory").get()
    found = []
    with scope.viewing(scope.system("tests")):
        for n in range(count):
            problem = Problem(
                channel="collector",
                subcategory=criterion.subcategory,
                criterion=criterion,
                lon=116.703,
                lat=23.365,
                description=f"路面有坑 {n}",
                address=f"金砂东路{n + 1}号",
            )
            act = Act(actor="wang", post=Post.COLLECTOR, key=f"repair-{n:04d}")
            found.append(actions.report(problem, act=act).number)
    return found


def night_shift():
    """陈受理 sits at three desks tonight."""
    staff = Staff.objects.get(username="chen")
    for post in (Post.SHIFT_LEADER, Post.DISPATCHER):
        Appointment.objects.create(staff=staff, post=post, since_date=SINCE)


def row(number):
    return Case.everything.get(number=number)


def shot(page, name):
    if folder := os.environ.get("CHANGXIAO_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_one_person_at_night_takes_three_steps_by_one_key_and_takes_them_back(
    running_server, browser
):
    cast()
    night_shift()
    first, *others = reported(3)
    walk = Walk(browser, running_server, DESK)

    with walk.person("chen") as page:
        page.goto(f"{walk.url}/cases/{first}/")
        walk.look()
        page.keyboard.press("g")
        page.wait_for_selector("form.act-form [name=unit]")
        walk.look()
        page.focus("form.act-form [name=note]")
        page.keyboard.type("请尽快")
        page.focus("form.act-form button[type=submit]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".toast-note button.btn")
        assert row(first).stage == "dispatched"
        shot(page, "repair-undo")
        page.keyboard.press("z")
        page.wait_for_selector(f'#case[data-number="{first}"][data-n="5"]')
        assert (row(first).stage, row(first).n) == ("reported", 5)

        page.goto(f"{walk.url}/cases/?stage=reported")
        for number in others:
            page.focus(f'input[name=number][value="{number}"]')
            page.keyboard.press("Space")
        page.wait_for_selector(".many-bar--shown")
        walk.look()
        page.focus("#many button[value=accept]")
        page.keyboard.press("Enter")
        page.wait_for_selector("#many-run form")
        walk.look()
        page.focus("#many-run button[type=submit]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".many-list")
        walk.look()
    assert {row(number).stage for number in others} == {"accepted"}
