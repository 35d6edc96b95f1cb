"""A resident's story on a phone: photo, place, words; receipt; follow; "not fixed"; who sees it."""

import hashlib
import time

import pytest
from playwright.sync_api import expect

from changxiao.cases import actions
from changxiao.cases.models import Case, CasePhoto
from changxiao.catalog import stamp
from changxiao.catalog.actions import set_policy, set_public_rule
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from tests.stories import asking, basics
from tests.stories.cast import PEOPLE, cast
from tests.stories.test_walks import Walk, photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BAD = "<img src=x onerror=document.title='broken'>坑<script>document.title='broken'</script>"
# Whether the phone keeps what was tapped last: with the draft the kind, and all that is ticked.
KEPT = """async () => {
  const form = new FormData(document.getElementById("report"));
  const opening = indexedDB.open("changxiao-portal", 1);
  await new Promise((done) => (opening.onsuccess = done));
  const asked = opening.result.transaction("draft").objectStore("draft").get("report");
  await new Promise((done) => (asked.onsuccess = done));
  opening.result.close();
  const { kind, answers = {} } = asked.result ?? {};
  const marks = form.getAll("answer_marks");
  return kind === form.get("kind") && String(answers.marks ?? []) === String(marks);
}"""
HERE = {"longitude": 116.703, "latitude": 23.365}


@pytest.fixture
def roads(running_server):
    with scope.viewing(scope.system("test")):
        unit = cast()
        subject = FilingCriterion.objects.get().subcategory
        set_policy("portal_kinds", value=f"{subject.key}:路坏了", act=Act.system("test"))
        set_public_rule(subject, view="live", place="exact", act=Act.system("test"))
        return unit


@pytest.fixture
def phone(browser, running_server):
    window = browser.new_context(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        geolocation=HERE,
        permissions=["geolocation"],
    )
    page, troubles = window.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: said.type == "error" and troubles.append(said.text))
    page.home = running_server.url
    yield page
    window.close()
    assert not troubles, troubles


def walked(case, roads):
    """To its closing, by the post whose each step is."""
    criterion = FilingCriterion.objects.select_related("subcategory").get()
    with scope.viewing(scope.system("test")):

        def by(name, verb, **more):
            return Act(actor=name, post=PEOPLE[name][1], key=f"portal-{verb}-{case.number}", **more)

        case = actions.ask_to_confirm(case, act=by("chen", "ask_to_confirm"))
        case = actions.confirm(case, act=by("wang", "confirm"))
        case = actions.accept(case, act=by("chen", "accept"))
        case = actions.file(case, criterion=criterion, act=by("lin", "file"))
        case = actions.dispatch(case, to=roads, act=by("li", "dispatch"))
        pictures = [actions.Shown(row.photo, "after") for row in case.photos.all()]
        case = actions.feed_back(case, act=by("zhao", "feed_back", note="已补"), photos=pictures)
        case = actions.verify(case, act=by("wang", "verify"))
        return actions.close(case, answer="坑已补平，谢谢。", act=by("lin", "close"))


def test_a_resident_reports_follows_and_says_that_it_is_not_fixed(browser, phone, roads):
    phone.goto(f"{phone.home}/p/")
    basics.check(phone)
    phone.set_input_files("#camera", photo("before"))
    phone.wait_for_selector("[data-tiles] img")
    phone.tap("[data-locate]")
    phone.wait_for_selector("[data-picked]:has-text('区')")
    phone.fill("textarea[name=description]", BAD)
    phone.tap("text=路坏了")

    # A dead zone, then another day: the draft and its photo are still on the phone.
    phone.wait_for_function(KEPT)
    phone.reload()
    phone.wait_for_selector("[data-tiles] img")
    assert phone.input_value("textarea[name=description]") == BAD
    phone.tap("[data-send]")
    phone.wait_for_url("**/p/r/**")
    basics.check(phone)
    code = phone.inner_text("[data-code]")
    case = Case.everything.get()
    assert CasePhoto.objects.get(case=case).role == "before"

    phone.goto(f"{phone.home}/p/")
    phone.wait_for_selector("html[data-scripted]")
    assert phone.input_value("textarea[name=description]") == ""

    walked(case, roads)
    phone.goto(f"{phone.home}/p/c/")
    phone.fill("#code", code.lower().replace("-", " "))
    phone.tap("main button")
    phone.wait_for_url("**/p/c/*/")
    basics.check(phone)
    assert BAD in phone.inner_text("main") and "broken" not in phone.title()
    phone.tap("text=没有解决")
    phone.fill("#reason", BAD)
    phone.tap("button[value=no]")
    phone.wait_for_selector("text=值班长正在复查")

    walk = Walk(browser, type("S", (), {"url": phone.home}), (1440, "zh-hans", "light"))
    walk.number = case.number
    with walk.person("lin") as page:
        walk.open_case()
        text = page.inner_text("main")
        assert "不认可" in text and BAD in text and "broken" not in page.title()
        assert page.locator('[href$="/do/verify_again/"]').count() == 1


def test_what_is_asked_besides_survives_a_dead_zone_and_stands_on_the_case(phone, roads):
    with scope.viewing(scope.system("test")):
        asking.ask()
    time.sleep(stamp.FRESH)  # from then on every process of the server asks anew
    phone.goto(f"{phone.home}/p/")
    phone.wait_for_selector("html[data-scripted]")
    with phone.expect_event("requestfinished", lambda asked: "/like" in asked.url):
        phone.tap("[data-locate]")
    phone.context.set_offline(True)
    phone.fill("textarea[name=description]", "井盖没了")
    phone.tap("text=路坏了")
    phone.select_option("[name=answer_open]", "no")
    phone.fill("[name=answer_seen]", "2026-03-02T08:30")
    phone.tap("text=警戒带")
    phone.wait_for_function(KEPT)
    basics.check(phone)
    phone.context.set_offline(False)
    phone.reload()
    phone.wait_for_selector("[name=answer_open]")
    assert phone.input_value("[name=answer_open]") == "no"
    assert phone.is_checked("[name=answer_marks][value=tape]")

    phone.select_option("[name=answer_open]", "")
    phone.tap("[data-send]")
    expect(phone.locator("[data-asked-said]")).to_have_text("请回答“井盖是否缺失”")
    assert Case.everything.count() == 0
    phone.select_option("[name=answer_open]", "yes")
    phone.tap("[data-send]")
    phone.wait_for_url("**/p/r/**")

    told = {"open": "是", "seen": "2026-03-02T08:30+08:00", "marks": "警戒带"}
    assert asking.answered(Case.everything.get()) == told


def test_the_worker_solves_what_the_server_asks(phone, roads):
    phone.goto(f"{phone.home}/p/")
    solved = phone.wait_for_selector("[name=work][value*='.']", state="attached")
    work = solved.get_attribute("value")
    bits = int(work.split("-")[1])
    assert bits == 16
    assert int.from_bytes(hashlib.sha256(work.encode()).digest()) >> (256 - bits) == 0


def test_without_scripts_it_is_a_plain_form(browser, running_server, roads):
    window = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = window.new_page()
    page.goto(f"{running_server.url}/p/")
    page.set_input_files("#album", photo("before"))
    page.fill("#id_address", "金平区")
    page.fill("textarea[name=description]", "路面有坑")
    page.click("text=路坏了")
    page.click("[data-send]")
    page.wait_for_url("**/p/r/**")
    window.close()
    assert Case.everything.get().district_code == "440511"
    assert CasePhoto.objects.count() == 1
