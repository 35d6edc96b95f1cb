"""The unit on the street: a camera guided by the photo before, and a squad with a code."""

import io

import pytest
from PIL import Image, ImageDraw

from changxiao.cases import actions
from changxiao.cases.actions import Problem, Shown
from changxiao.cases.models import Case
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.ledger.media import actions as media
from changxiao.orgs.posts import Post
from tests.stories import basics
from tests.stories.cast import PASSWORD, cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def dispatched(running_server):
    """道路破损 with a photo before, in the hands of 赵处置's unit."""
    with scope.viewing(scope.system("test")):
        roads = cast()
        criterion = FilingCriterion.objects.get()
        photo = media.store(
            street(), declared_type="image/jpeg", name="a.jpg", act=act("photo", "wang")
        )
        problem = Problem(
            channel="collector",
            subcategory=criterion.subcategory,
            lon=116.703,
            lat=23.365,
            description="人行道有坑，雨天积水",
            address="金砂东路与龙眼南路交叉口",
            photos=[Shown(photo, "before")],
        )
        case = actions.report(problem, act=act("report", "wang", Post.COLLECTOR))
        case = actions.accept(case, act=act("accept", "chen", Post.INTAKE))
        case = actions.file(case, criterion=criterion, act=act("file", "lin", Post.SHIFT_LEADER))
        return actions.dispatch(case, to=roads, act=act("dispatch", "li", Post.DISPATCHER))


def act(verb, who, post=""):
    return Act(actor=who, post=post, key=f"story-{verb}-0001")


def street():
    picture = Image.new("RGB", (640, 480), "#8a8d90")
    ImageDraw.Draw(picture).ellipse((220, 180, 420, 330), fill="#2b2622")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def phone(browser):
    """A phone with a camera that films a test picture, standing where the case is."""
    context = browser.new_context(
        viewport=PHONE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        permissions=["camera", "geolocation"],
        geolocation={"longitude": 116.7031, "latitude": 23.3651, "accuracy": 12},
    )
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    context.close()
    assert not troubles, troubles


# The page asked first, so it knows too where it is.
PLACED = "() => new Promise((done) => navigator.geolocation.getCurrentPosition(() => done()))"


def shoot(page):
    """Open the camera, see the photo before over the picture, press the shutter, wait for it."""
    page.click("[data-open-camera]")
    page.wait_for_selector("[data-camera][open] [data-shoot]:enabled")
    page.wait_for_function("() => document.querySelector('[data-ghost]').naturalWidth > 0")
    page.evaluate(PLACED)
    page.click("[data-shoot]")
    page.wait_for_selector("input[data-shot]", state="attached")


def test_a_handler_feeds_back_by_thumb_with_the_photo_before_as_guide(
    running_server, phone, dispatched
):
    page = phone
    page.goto(running_server.url + "/")
    page.fill("[name=login]", "zhao")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("form[action*=login] button[type=submit]")
    page.goto(running_server.url + "/cases/mine/")
    basics.check(page)
    with page.expect_navigation():
        page.click('.mine-do a[href$="/feedback/"]')
    basics.check(page)
    small = page.locator(".guide-form .btn:visible").evaluate_all(
        "all => all.filter(e => e.getBoundingClientRect().height < 48).map(e => e.textContent)"
    )
    shoot(page)
    basics.check(page)
    page.fill("[name=note]", "已修补路面")
    page.click(".guide-send button")
    page.wait_for_url("**/cases/mine/")

    assert small == []
    case = Case.everything.get(pk=dispatched.pk)
    row = case.photos.get(role="after")
    assert (case.stage, case.handled_by) == ("handled", "zhao")
    assert (round(row.lon, 4), row.accuracy) == (116.7031, 12)


def test_a_squad_scans_a_code_and_feeds_back_without_an_account(running_server, phone, dispatched):
    with scope.viewing(scope.system("test")):
        lend = act("issue_link", "zhao", Post.HANDLER)
        link, token = actions.issue_link(dispatched, squad="抢修一班", act=lend)
    page = phone
    page.goto(f"{running_server.url}/s/{token}/")
    basics.check(page)
    shoot(page)
    page.fill("[name=note]", "坑已填平")
    page.click(".guide-send button")
    page.wait_for_selector("text=反馈已收到")
    basics.check(page)

    case = Case.everything.get(pk=dispatched.pk)
    assert (case.stage, case.head.on_behalf) == ("handled", "抢修一班")
    assert case.photos.filter(role="after").count() == 1
    page.goto(f"{running_server.url}/s/{token}/")
    basics.check(page)
    assert "已用过一次" in page.content()
    link.refresh_from_db()
    assert link.opened_count == 1
