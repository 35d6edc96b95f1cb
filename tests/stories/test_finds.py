"""Machine finds by keyboard; and what strangers write, on every channel, stays words on a page."""

import uuid

import pytest
from playwright.sync_api import expect

from changxiao.cases import actions
from changxiao.cases.actions import Problem, Reporter
from changxiao.cases.finds import actions as finds
from changxiao.cases.finds.actions import Sighting
from changxiao.cases.finds.cameras import CameraDraft, set_camera
from changxiao.cases.finds.models import Find
from changxiao.cases.models import Case
from changxiao.catalog.actions import set_public_rule
from changxiao.catalog.models import FilingCriterion
from changxiao.catalog.questions import Answered
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from tests.stories import basics
from tests.stories.cast import cast
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BAD = (
    "<img src=x onerror=window.__x=1>",
    '"><script>window.__x=1</script>',
    "'-window.__x=1-'",
    "{{constructor.constructor('window.__x=1')()}}",
    "</textarea><svg/onload=window.__x=1>",
)
WORST = " ".join(BAD)
SPOT = (116.703, 23.365)
CHANNELS = ("wechat", "open311", "machine", "public", "hotline")


def camera():
    Staff.objects.create(username="box-1", name="盒子")
    draft = CameraDraft(
        name=BAD[0][:60],
        box="box-1",
        lon=SPOT[0],
        lat=SPOT[1],
        address=WORST[:200],
        classes={"pothole": "e9799"},
    )
    return set_camera("K1", draft, act=Act.system("test"))


def seen(row, metres):
    place = {"lon": SPOT[0], "lat": SPOT[1] + metres / 111_000}
    act = Act(actor="box-1", key=str(uuid.uuid4()))
    return finds.take_find(Sighting(camera=row, kind="pothole", confidence=0.8, **place), act=act)


def reported(channel):
    subject = FilingCriterion.objects.get().subcategory
    problem = Problem(
        channel=channel,
        subcategory=subject,
        lon=SPOT[0],
        lat=SPOT[1] - 0.003,
        description=WORST,
        address=BAD[1],
        reporter=Reporter(BAD[0], "13800138000", "a@b.c", BAD[2]),
        details=[Answered("q", BAD[0], (BAD[1],), WORST)],
    )
    case = actions.report(problem, act=Act.system("test", str(uuid.uuid4())))
    for verb, who, post in (
        ("ask_to_confirm", "chen", Post.INTAKE),
        ("confirm", "wang", Post.COLLECTOR),
        ("accept", "chen", Post.INTAKE),
    ):
        case = getattr(actions, verb)(case, act=Act(actor=who, post=post, key=str(uuid.uuid4())))
    by = Act(actor="chen", post=Post.INTAKE, key=str(uuid.uuid4()))
    return actions.publish(case, text=WORST, address=BAD[1], act=by).number


def test_finds_by_keyboard_and_hostile_words_of_every_channel(running_server, browser):
    with scope.viewing(scope.system("test")):
        cast()
        row = camera()
        for metres in (0, 200, 400):
            seen(row, metres)
        subject = FilingCriterion.objects.get().subcategory
        set_public_rule(subject, view="live", place="exact", act=Act.system("test"))
        numbers = [reported(channel) for channel in CHANNELS]
    walk = Walk(browser, running_server, (1440, "zh-hans", "light"))
    with walk.person("chen") as page:
        page.on("dialog", lambda said: pytest.fail(said.message))
        page.goto(f"{walk.url}/cases/finds/")
        basics.check(page)
        _by_keyboard(page)
        paths = ["/cases/", f"/map/?q=&case={numbers[0]}", "/p/near/", "/search/?q=13800138000"]
        paths += [f"/cases/{n}/" for n in numbers] + [f"/cases/{numbers[0]}/print/"]
        paths += ["/cases/finds/?state=affirmed"]
        for path in paths:
            page.goto(f"{walk.url}{path}")
            assert page.evaluate("window.__x") is None, path
            assert not page.locator("img[onerror], svg[onload]").count(), path
    assert Case.everything.filter(channel="machine").count() == 2


def _by_keyboard(page):
    first = page.locator(".find-row[aria-current]").get_attribute("id")
    page.keyboard.press("j")
    page.wait_for_function(
        "id => !document.getElementById(id).hasAttribute('aria-current')", arg=first
    )
    page.keyboard.press("k")
    page.wait_for_function(
        "id => document.getElementById(id).hasAttribute('aria-current')", arg=first
    )
    page.keyboard.press("n")
    expect(page.locator(".find-row")).to_have_count(2)
    page.keyboard.press("y")
    expect(page.locator(".find-row")).to_have_count(1)
    assert sorted(Find.everything.values_list("state", flat=True)) == [
        "affirmed",
        "rejected",
        "waiting",
    ]
