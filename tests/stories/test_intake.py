"""The intake desk (walk 5): a resident's report, known already or not, of which kind and whose."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from changxiao.cases import actions
from changxiao.cases.actions import Problem, suggesting
from changxiao.cases.models import Case
from changxiao.cases.suggesting.tests.test_suggesting import SAID
from changxiao.catalog.actions import set_policy
from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post
from tests.stories import basics
from tests.stories.cast import SINCE, cast
from tests.stories.test_walks import READERS, Walk, photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SPOT = {"lon": 116.703, "lat": 23.365}
FAR = {"lon": 116.72, "lat": 23.38}
WORDS = "学校门口井盖又缺失了，晚上很危险"
WIDE = {
    "desk, Chinese, light": READERS["desk, Chinese, light"],
    "phone, Chinese, dark": (390, "zh-hans", "dark"),
}
_keys = itertools.count(1)


def by(username, post):
    return Act(actor=username, post=post, key=f"intake-{next(_keys)}")


def system():
    return Act.system("test", f"intake-{next(_keys)}")


def told(kind, text, **more):
    return Problem(channel="hotline", subcategory=kind, description=text, **more)


def learnt(roads, monkeypatch):
    """A version of suggestions, from ten closed cases of two kinds, in force; and what residents
    may choose: 占道 only, as if the city had named one kind too few."""
    monkeypatch.setattr(suggesting, "LEAST_CASES", 10)
    holes = FilingCriterion.objects.get()
    kind = Subcategory.objects.create(
        kind="event",
        edition="local",
        code="9798",
        category=holes.subcategory.category,
        name="占道经营",
        name_en="Street vending",
        status="local",
    )
    stalls = FilingCriterion.objects.create(
        code="E9798-01",
        subcategory=kind,
        condition="占用道路经营",
        amount=Decimal(4),
        unit="work_hour",
        since_date=SINCE,
    )
    streets = Unit.objects.create(
        code="CG-ZF",
        name="金平区城市管理局",
        kind=Unit.Kind.DEPARTMENT,
        path="9002.",
        since_date=date(2020, 1, 1),
    )
    for name, criterion, unit in (("井盖", holes, roads), ("占道", stalls, streets)):
        for text in SAID[name]:
            case = actions.report(told(criterion.subcategory, text, **FAR), act=system())
            # The whole road of ten cases would say nothing more about learning.
            Case.everything.filter(pk=case.pk).update(
                stage="closed", criterion=criterion, unit=unit, lead_unit=unit
            )
    version = suggesting.train_suggestions(act=system()).version
    set_policy("suggestion_version", value=str(version), act=system())
    set_policy("portal_kinds", value=f"{kind.key}:摆摊占道", act=system())
    return holes


def sent_by_a_resident(browser, url):
    """Photo, place, words and the only kind there is to tap; gives the case's 受理号."""
    window = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="zh-CN",
        geolocation={"longitude": SPOT["lon"], "latitude": SPOT["lat"] + 0.0001},
        permissions=["geolocation"],
    )
    page = window.new_page()
    page.goto(f"{url}/p/")
    page.set_input_files("#camera", photo("before"))
    page.wait_for_selector("[data-tiles] img")
    page.tap("[data-locate]")
    page.wait_for_selector("[data-picked]:has-text('区')")
    page.fill("textarea[name=description]", WORDS)
    page.tap("text=摆摊占道")
    page.tap("[data-send]")
    page.wait_for_url("**/p/r/**")
    window.close()
    return Case.everything.get(channel="public").number


@pytest.mark.parametrize("how", WIDE.values(), ids=WIDE)
def test_a_resident_arrives_is_joined_parted_and_accepted(
    running_server, browser, how, monkeypatch
):
    with scope.viewing(scope.system("test")):
        holes = learnt(cast(), monkeypatch)
        known = told(holes.subcategory, "学校门口井盖缺失", **SPOT)
        first = actions.report(known, act=by("chen", Post.INTAKE)).number
    walk = Walk(browser, running_server, how)
    walk.number = sent_by_a_resident(browser, walk.url)
    with walk.person("chen") as page:
        arrived(walk, page)
        joined(walk, page, first)
        parted(walk, page)
        set_right(walk, page)
        confirmed(walk)
        accepted(walk, page)
    with walk.person("lin") as page:
        filed(walk, page)
    with walk.person("li") as page:
        dispatched(walk, page)
    case = Case.everything.get(number=walk.number)
    assert (case.stage, case.unit.code, case.criterion.code) == ("dispatched", "SZ-DL", holes.code)
    assert Case.everything.get(number=first).stage == "reported"


def arrived(walk, page):
    """One queue, each with its channel; the resident's own is one chip away."""
    page.goto(f"{walk.url}/cases/?stage=reported")
    row = page.locator(f"#queue [data-number='{walk.number}']")
    assert "公众举报" in row.inner_text() and row.locator(".channel .icon").count() == 1
    chip = page.locator(".chips--channel a[href*='channel=public']")
    assert chip.inner_text().split()[-1] == "1"
    walk.look()
    chip.click()
    page.wait_for_url("**channel=public**")
    assert page.locator("#queue .row-item").count() == 1


def joined(walk, page, first):
    """What is likely the same stands beside it; joined, each page tells the other's story."""
    walk.open_case()
    same = page.locator(".near-same", has_text=first)
    same.wait_for()
    assert "热线" in same.inner_text() and "学校门口井盖缺失" in same.inner_text()
    with page.expect_response(f"**/{walk.number}/do/join/"):
        same.locator("button").click()
    page.wait_for_selector(f"#case .ties a[href='/cases/{first}/']")
    page.hover(".toast-note")  # its ten seconds stand still meanwhile
    basics.check(page)
    assert WORDS in page.inner_text("main") and walk.stage() == "joined"
    other = page.context.new_page()
    other.goto(f"{walk.url}/cases/{first}/")
    assert walk.number in other.inner_text(".ties")
    assert "学校门口井盖缺失" in other.inner_text("main")
    other.close()


def parted(walk, page):
    """Ten seconds to think again: one press, and it waits at the desk as before."""
    with page.expect_response(f"**/{walk.number}/do/split_off/"):
        page.click(".toast-note >> text=撤销并案")
    page.wait_for_selector("#toasts >> text=撤销并案已记录")
    assert walk.stage() == "reported"
    page.goto(f"{walk.url}/cases/{walk.number}/")
    assert page.locator(".ties").count() == 0
    story = page.inner_text("main")
    assert "误并，随即撤销" in story and WORDS in story and "split_off" not in story


def set_right(walk, page):
    """The suggested sub-category is another than was tapped: a press fills the correction in."""
    chip = page.locator(".presses li", has_text="道路破损")
    chip.wait_for()
    assert "井盖" in chip.inner_text() and "与上报不同" in chip.inner_text()
    chip.locator("a").click()
    page.wait_for_selector("form.act-form [name=subcategory]")
    assert page.input_value("form.act-form [name=subcategory]") == "e9799"
    assert page.input_value("form.act-form [name=criterion]") == "E9799-01"
    page.click("form.act-form button[type=submit]")
    page.wait_for_selector("form.act-form [name=confirmed]", state="attached")
    walk.look()
    with walk.answered("amend"):
        page.click("form.act-form button[type=submit]")
    page.wait_for_selector("#case .case-name:has-text('道路破损')")


def confirmed(walk):
    """What the public reports is looked at on the street before it is accepted."""
    with scope.viewing(scope.system("test")):
        case = Case.objects.get(number=walk.number)
        case = actions.ask_to_confirm(case, act=by("chen", Post.INTAKE))
        actions.confirm(case, act=by("wang", Post.COLLECTOR))


def accepted(walk, page):
    page.goto(f"{walk.url}/cases/{walk.number}/")
    page.wait_for_selector(".presses li:has-text('与上报一致')")
    assert "汕头市市政道路桥梁管理处" in page.inner_text(".press-unit")
    pressed(walk, page, "accept")
    assert walk.stage() == "accepted"


def filed(walk, page):
    page.goto(f"{walk.url}/cases/{walk.number}/")
    pressed(walk, page, "file")
    assert walk.stage() == "filed"


def pressed(walk, page, verb):
    """The suggestion's own press opens the form of the step, the criterion chosen already."""
    page.locator(".presses a", has_text="道路破损").click()
    page.wait_for_selector(f"form.act-form[action$='/do/{verb}/']")
    assert page.input_value("form.act-form [name=criterion]") == "E9799-01"
    with walk.answered(verb):
        page.click("form.act-form button[type=submit]")


def dispatched(walk, page):
    """And the unit that handles most of the like."""
    page.goto(f"{walk.url}/cases/{walk.number}/")
    page.click(".press-unit a")
    page.wait_for_selector("form.act-form [name=unit]")
    assert page.input_value("form.act-form [name=unit]") == "SZ-DL"
    with walk.answered("dispatch"):
        page.click("form.act-form button[type=submit]")
