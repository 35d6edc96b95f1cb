"""The collector's phone: saved without a network, killed, opened again, and sent exactly once."""

import json
import re
import time

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from changxiao.areas.locate import locator
from changxiao.assets.models import Component
from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.models import Case
from changxiao.catalog import stamp
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs.posts import Post
from tests.stories import asking, basics
from tests.stories.field import HERE, drained, fill, picture, ready, saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_report_saved_in_a_basement_survives_the_killed_browser_and_is_one_case(mortal):
    mortal.context.set_offline(True)
    fill(mortal.page, "地下车库有积水", "#555555")
    mortal.kill()

    page = mortal.open(offline=True)
    page.click(".field-bar a[href='#mine']")
    page.wait_for_selector("[data-list=waiting] [data-key]")
    assert Case.everything.count() == 0
    mortal.sign_in("wang")
    mortal.context.set_offline(False)
    drained(page)
    page.reload()
    drained(page)

    case = Case.everything.get()
    assert (case.description, case.photos.count()) == ("地下车库有积水", 1)


def test_what_the_server_cannot_take_just_now_goes_again_within_seconds(phone):
    turned_away = []

    def busy(route):
        if turned_away:
            return route.continue_()
        turned_away.append(route.request.url)
        return route.fulfill(status=503)

    phone.context.route("**/sync/report*", busy)
    fill(phone.page, "稍后再来", "#224466")
    drained(phone.page, within=20_000)  # and not at the next look at everything, after thirty

    assert len(turned_away) == 1
    assert Case.everything.get().photos.count() == 1


def test_a_poison_item_is_parked_with_its_reason_and_the_next_one_goes_on(phone):
    page = phone.page
    phone.context.set_offline(True)
    fill(page, "坏的一条")
    poison(page)
    fill(page, "好的一条", "#446688")
    phone.context.set_offline(False)
    drained(page)

    assert [case.description for case in Case.everything.all()] == ["好的一条"]
    refused = page.locator("[data-list=refused] [data-key]")
    assert refused.count() == 1
    assert "不在汕头市范围内" in refused.locator("[data-why]").inner_text()
    basics.check(page)


KEPT = """() => new Promise((done) => {
  const opening = indexedDB.open("changxiao-field");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("kept").objectStore("kept").get("questions");
    asked.onsuccess = () => {
      opening.result.close();
      done(Object.keys(asked.result?.value ?? {}).length > 0);
    };
  };
})"""


def learn_questions(page):
    """Open the page until it keeps the questions: a server process may not know an edit yet."""
    for _look in range(20):
        page.reload()
        ready(page)
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(stamp.FRESH * 250)
    pytest.fail("the questions never came to the phone")


def test_what_is_asked_besides_is_answered_in_a_basement_and_stands_on_the_case(mortal):
    with scope.viewing(scope.system("test")):
        asking.ask()
    page = mortal.page
    learn_questions(page)
    mortal.context.set_offline(True)
    page.reload()
    ready(page)
    page.click(".field-bar a[href='#report']")
    page.wait_for_selector("[data-place][data-state]")
    page.check("[data-report] input[type=radio]")
    page.wait_for_selector("[data-asked] legend")
    page.fill("[data-report] textarea[name=description]", "井盖没了")
    page.click(".field-save")
    page.wait_for_selector("[data-report] [data-said]:text-is('请回答“井盖是否缺失”')")
    page.select_option("[name=answer_open]", "yes")
    page.fill("[name=answer_count]", "两处")
    page.click(".field-save")
    page.wait_for_selector("[data-report] [data-said]:text-is('“几处”请填数')")
    page.fill("[name=answer_count]", "2")
    page.fill("[name=answer_seen]", "2026-03-02T08:30")
    page.check("text=锥桶")
    basics.check(page)
    page.click(".field-save")
    saved(page)
    assert page.locator("[data-asked]:visible").count() == 0
    mortal.kill()
    page = mortal.open(offline=True)
    mortal.sign_in("wang")
    mortal.context.set_offline(False)
    drained(page)

    case = Case.everything.get()
    told = {"open": "是", "count": "2", "seen": "2026-03-02T08:30+08:00", "marks": "锥桶"}
    assert asking.answered(case) == told


def test_an_answer_that_is_no_longer_taken_goes_into_the_words(phone):
    with scope.viewing(scope.system("test")):
        asking.ask()
    page = phone.page
    learn_questions(page)
    phone.context.set_offline(True)
    page.reload()
    ready(page)
    page.click(".field-bar a[href='#report']")
    page.wait_for_selector("[data-place][data-state]")
    page.check("[data-report] input[type=radio]")
    page.select_option("[name=answer_open]", "yes")
    page.fill("[data-report] textarea[name=description]", "井盖没了")
    page.click(".field-save")
    saved(page)
    with scope.viewing(scope.system("test")):
        asking.ask_no_longer()
    time.sleep(stamp.FRESH)  # for as long the server may not see another process's edit
    phone.context.set_offline(False)
    page.click(".field-bar a[href='#mine']")
    page.wait_for_selector("[data-list=refused] [data-why]:has-text('没有附加问题“open”')")
    page.on("dialog", lambda asked: asked.accept(asked.default_value))
    page.click("[data-list=refused] [data-edit]")
    drained(page)

    assert Case.everything.get().description == "井盖没了 井盖是否缺失：yes"


def poison(page):
    """Move what waits to the middle of the sea, where no city takes it."""
    page.evaluate(
        """async () => {
          const request = indexedDB.open("changxiao-field");
          const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
          const items = db.transaction("items", "readwrite").objectStore("items");
          const all = items.getAll();
          await new Promise((done) => (all.onsuccess = done));
          for (const item of all.result) {
            items.put({ ...item, body: { ...item.body, lon: 0, lat: 0 } });
          }
          await new Promise((done) => (items.transaction.oncomplete = done));
          db.close();
        }"""
    )


def test_an_ended_session_keeps_everything_and_says_sign_in_again(phone):
    page = phone.page
    phone.context.clear_cookies()
    fill(page, "登录已过期时保存", "#333333")
    page.wait_for_selector("[data-sign-in]:not([hidden])")
    assert Case.everything.count() == 0

    phone.change_hands("lin")  # somebody else on the same phone sends nothing in her name
    ready(page)
    assert Case.everything.count() == 0
    phone.change_hands("wang")
    drained(page)

    assert Case.everything.get().photos.count() == 1
    assert json.loads(Case.everything.get().head.body)["stage"] == "reported"


def test_a_token_that_another_greeting_has_replaced_is_asked_for_anew(phone):
    """Two greetings at once by a phone without a token bring one each, and the later stays."""

    def replaced(route):
        answer = route.fetch()
        kept = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        phone.context.add_cookies([{"name": token, "value": "b" * 32, "url": phone.url}])
        route.fulfill(response=answer, headers=kept)

    ready(phone.page)
    token = settings.CSRF_COOKIE_NAME
    phone.page.route("**/hello", replaced, times=1)
    fill(phone.page, "口令已被换掉", "#335533")
    drained(phone.page, within=15_000)  # less than until the next look at everything
    assert phone.page.locator("[data-sign-in]").is_hidden()
    assert Case.everything.get().photos.count() == 1


def test_a_verification_is_answered_from_the_kept_list_without_a_network(phone):
    case = sent_to_look()
    phone.page.reload()
    ready(phone.page)  # no later answer draws the card anew under the thumb
    phone.page.wait_for_selector("[data-tasks] article")
    basics.check(phone.page)
    phone.context.set_offline(True)
    phone.page.set_input_files("[data-tasks] input[type=file]", [picture("#225588")])
    phone.page.fill("[data-tasks] textarea", "确有其事")
    phone.page.click("[data-tasks] button[value=confirm]")
    phone.page.wait_for_selector("[data-empty]:not([hidden])")
    phone.context.set_offline(False)
    drained(phone.page)

    case.refresh_from_db()
    assert (case.stage, case.confirmation, case.photos.get().role) == (
        "reported",
        "real",
        "confirm",
    )


def test_a_card_that_is_open_stays_while_other_things_go_out(phone):
    for turn in (1, 2):
        sent_to_look(turn)
    page = phone.page
    page.reload()
    ready(page)
    cards = page.locator("[data-tasks] article")
    expect(cards).to_have_count(2)
    with page.expect_file_chooser() as chosen:  # the camera is open, and has not come back
        cards.nth(0).locator("label.field-camera").first.click()
    cards.nth(1).locator("textarea").fill("确有其事")
    cards.nth(1).locator("button[value=confirm]").click()

    expect(cards).to_have_count(1)
    drained(page)
    chosen.value.set_files([picture("#225588")])
    assert page.evaluate("document.querySelector('[data-tasks] [name=photos]').files.length") == 1


def test_the_map_works_in_a_basement_and_a_component_on_it_is_reported(phone):
    with scope.viewing(scope.system("test")):
        here = locator().at(HERE["longitude"], HERE["latitude"])
        kind = FilingCriterion.objects.get().subcategory
        at = {"lon": HERE["longitude"] + 0.0001, "lat": HERE["latitude"]}
        well = Component.everything.create(
            code="4405110101000001",
            subcategory=kind,
            name="上水井盖",
            updated_at=timezone.now(),
            **at,
        )
    page = phone.page
    page.reload()
    ready(page)
    phone.context.set_offline(True)
    page.reload()
    ready(page)
    page.click(".field-bar a[href='#map']")
    page.wait_for_selector(f"[data-map] [data-grid][data-unit='{here.unit_grid}']")
    basics.check(page)
    page.press("[data-things] [data-is=component]", "Enter")
    page.wait_for_selector("[data-report] [data-component]:not([hidden])")
    page.fill("[data-report] textarea", "井盖松动")
    page.click(".field-save")
    saved(page)
    phone.context.set_offline(False)
    drained(page)

    case = Case.everything.get()
    assert (case.component_id, case.lon, case.unit_grid_code) == (
        well.pk,
        well.lon,
        here.unit_grid,
    )


def sent_to_look(turn=1):
    with scope.viewing(scope.system("test")):
        kind = FilingCriterion.objects.get().subcategory
        problem = Problem(channel="hotline", subcategory=kind, lon=116.704, lat=23.366)
        case = actions.report(problem, act=act("report", turn))
        return actions.ask_to_confirm(case, collector="wang", act=act("ask_to_confirm", turn))


def act(verb, turn=1):
    return Act(actor="chen", post=Post.INTAKE, key=f"field-{verb}-000{turn}")


def test_a_phone_of_the_first_version_keeps_its_queue_when_the_second_comes(phone):
    page = phone.page
    page.goto(phone.url + "/field/manifest.webmanifest")
    page.evaluate(FIRST_VERSION)
    page.goto(phone.url + "/field/")
    drained(page)

    assert [(c.description, c.photos.count()) for c in Case.everything.all()] == [("第一版保存", 1)]


FIRST_VERSION = """async () => {
  await new Promise((done) => (indexedDB.deleteDatabase("changxiao-field").onsuccess = done));
  const request = indexedDB.open("changxiao-field", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "key" });
  const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
  const canvas = new OffscreenCanvas(40, 30);
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  const bytes = await blob.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...hash].map((b) => b.toString(16).padStart(2, "0")).join("");
  const declared = { sha256, role: "before", type: "image/png", bytes: blob.size };
  const body = { subcategory: "e9799", lon: 116.703, lat: 23.365, photos: [declared] };
  body.description = "第一版保存";
  const item = { key: "0190a000-0000-7000-8000-00000000000a", user: "wang", path: "reports" };
  Object.assign(item, { body, photos: [{ ...declared, blob }], title: "x", state: "waiting" });
  Object.assign(item, { saved_at: 1, tries: 0, next_at: 0, why: "", number: "" });
  const put = db.transaction("items", "readwrite").objectStore("items");
  put.put(item);
  await new Promise((done) => (put.transaction.oncomplete = done));
  db.close();
}"""


def test_every_target_is_wide_enough_for_a_thumb_in_a_glove(phone):
    page = phone.page
    for place in ("today", "map", "report", "mine"):
        page.click(f".field-bar a[href='#{place}']")
        page.wait_for_selector(f"[data-at={place}]:not([hidden])")
        basics.check(page)
        small = page.locator("button:visible, a:visible, input:visible").evaluate_all(
            "all => all.map(e => (['radio', 'checkbox'].includes(e.type) ? e.closest('label') : e))"
            ".filter(e => e.getBoundingClientRect().height < 48).map(e => e.outerHTML.slice(0, 80))"
        )
        assert small == []
    assert re.search("field-", page.evaluate("caches.keys()")[0])
