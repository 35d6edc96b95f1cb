"""A patrol begun and finished without a network comes once; what builds on a refusal says so."""

import pytest
from playwright.sync_api import expect

from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.ledger.models import Entry
from changxiao.patrols.models import Patrol
from changxiao.patrols.tests.conftest import laid_out
from tests.stories import basics
from tests.stories.field import drained, fill, ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_patrol_is_begun_and_finished_in_a_basement_and_comes_once(mortal):
    with scope.viewing(scope.system("test")):
        grid = laid_out()
    page = mortal.page
    page.reload()
    ready(page)
    mortal.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-walk-grid]")).to_have_value(grid.code)  # where the phone stands
    page.click("[data-walk-start]")
    page.wait_for_selector("[data-patrol][data-walking='1']")
    basics.check(page)
    mortal.kill()

    page = mortal.open(offline=True)
    page.wait_for_selector("[data-patrol][data-walking='1']")
    assert Patrol.everything.count() == 0
    page.click("[data-walk-finish]")
    page.wait_for_selector("[data-patrol][data-walking='']")
    basics.check(page)
    mortal.kill()

    page = mortal.open(offline=True)
    page.click(".field-bar a[href='#mine']")
    page.wait_for_selector("[data-list=waiting] [data-key] >> nth=1")
    mortal.sign_in("wang")
    mortal.context.set_offline(False)
    drained(page, sent=2)
    page.reload()
    drained(page, sent=2)
    page.click(".field-bar a[href='#today']")
    page.wait_for_selector("[data-patrol][data-walking='']")

    row = Patrol.everything.get()
    assert (row.collector, row.duty_grid_code, row.ended, row.n) == ("wang", grid.code, "self", 2)
    first, last = row.head, Entry.objects.get(stream=row.stream, n=1)
    assert row.started_at <= row.finished_at and first.occurred_at > last.occurred_at


def test_a_patrol_that_is_begun_with_a_network_is_finished_without_one(phone):
    with scope.viewing(scope.system("test")):
        laid_out()
    page = phone.page
    page.reload()
    ready(page)
    page.click("[data-walk-start]")
    page.wait_for_selector("[data-patrol][data-walking='1']")
    drained(page)
    assert Patrol.everything.get().finished_at is None
    page.reload()
    ready(page)
    phone.context.set_offline(True)
    page.click(".field-bar a[href='#today']")
    page.click("[data-walk-finish]")
    page.wait_for_selector("[data-patrol][data-walking='']")
    phone.context.set_offline(False)
    drained(page, sent=2)
    assert Patrol.everything.get().ended == "self"


def test_what_builds_on_a_refused_start_says_so_and_the_queue_goes_on(phone):
    with scope.viewing(scope.system("test")):
        laid_out()
    page = phone.page
    page.reload()
    ready(page)
    phone.context.set_offline(True)
    page.click("[data-walk-start]")
    page.wait_for_selector("[data-patrol][data-walking='1']")
    page.click("[data-walk-finish]")
    page.wait_for_selector("[data-patrol][data-walking='']")
    fill(page, "之后的一条")
    page.evaluate(WRONG_GRID)
    phone.context.set_offline(False)
    drained(page)

    assert Patrol.everything.count() == 0 and Case.everything.get().description == "之后的一条"
    told = page.locator("[data-list=refused] [data-why]").all_inner_texts()
    assert any("没有代码为“X1”的责任网格" in words for words in told)
    assert any("它所接着的一条没有被收下" in words for words in told)


WRONG_GRID = """async () => {
  const request = indexedDB.open("changxiao-field");
  const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
  const items = db.transaction("items", "readwrite").objectStore("items");
  const all = items.getAll();
  await new Promise((done) => (all.onsuccess = done));
  for (const item of all.result) {
    if (item.body.grid) items.put({ ...item, body: { ...item.body, grid: "X1" } });
  }
  await new Promise((done) => (items.transaction.oncomplete = done));
  db.close();
}"""
