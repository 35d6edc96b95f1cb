"""Walks of the evaluation: computed, published, objected to on a phone, decided by two; the same
digest from the bundle that the ranked unit downloads; scores from outside and the tasks they
make."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changxiao.cases import actions as cases
from changxiao.cases.actions import Problem
from changxiao.catalog.models import FilingCriterion
from changxiao.evaluation import actions, bundles, working
from changxiao.evaluation.forms import last_month
from changxiao.evaluation.scoring.tests.samples import HEAD, MIXED
from changxiao.evaluation.tests.rounds import SCHEME
from changxiao.kernel import scope, sheets
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone, local_date
from changxiao.orgs.models import Appointment, Staff, Unit
from changxiao.orgs.posts import Post
from tests.stories import basics
from tests.stories.cast import SINCE, cast, session_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MORE = {
    "huang": ("黄主任", Post.CENTER_DIRECTOR),
    "zheng": ("郑领导", Post.LEADER),
    "qian": ("钱处长", Post.UNIT_LEAD),
}


@pytest.fixture
def last(running_server):
    """Two cases of last month in the hands of 市政道路处: one on time, one late; and its people."""
    with scope.viewing(scope.system("test")):
        roads = cast()
        for username, (name, post) in MORE.items():
            staff = Staff.objects.create(username=username, name=name)
            unit = roads if post == Post.UNIT_LEAD else None
            Appointment.objects.create(staff=staff, post=post, unit=unit, since_date=SINCE)
        first = local_date(timezone.now()).replace(day=1) - timedelta(days=20)
        for n, hours in enumerate((2, 40)):
            handled(n, roads, first + timedelta(days=n), hours)
        actions.save_scheme(text=SCHEME, act=Act.system("test"))
    return last_month(local_date(timezone.now()))


def handled(n: int, unit: Unit, day, hours: int) -> None:
    criterion = FilingCriterion.objects.get()
    begin = timezone.datetime(day.year, day.month, day.day, 9, tzinfo=city_zone())
    after = iter((0.1, 0.2, 0.3, 0.4, hours))

    def act(verb: str, who: str, post: str) -> Act:
        at = begin + timedelta(hours=next(after))
        return Act(
            actor=who, post=post, key=f"ev-{verb}-{n:04}", at=at, origin="test", note="已修补"
        )

    problem = Problem(
        channel="collector", subcategory=criterion.subcategory, lon=116.703, lat=23.365
    )
    case = cases.report(problem, act=act("report", "wang", Post.COLLECTOR))
    case = cases.accept(case, act=act("accept", "chen", Post.INTAKE))
    case = cases.file(case, criterion=criterion, act=act("file", "lin", Post.SHIFT_LEADER))
    case = cases.dispatch(case, to=unit, act=act("dispatch", "li", Post.DISPATCHER))
    cases.feed_back(case, act=act("feed_back", "zhao", Post.HANDLER))


@pytest.fixture
def window(browser, running_server):
    """A window of somebody signed in; a script error in it fails the test."""
    troubles: list[str] = []

    def opened(username: str, size=DESK):
        context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        ((name, value),) = session_of(username).items()
        context.add_cookies([{"name": name, "value": value, "url": running_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield opened
    assert troubles == []


def worked() -> None:
    """The worker's turn."""
    with scope.viewing(scope.system("test")):
        working.work()


def test_a_month_is_computed_published_objected_to_and_decided(last, window, running_server):
    url = running_server.url
    office = window("huang")
    office.goto(f"{url}/evaluation/")
    basics.check(office)
    office.select_option("[name=scheme]", "small")
    assert office.input_value("[name=period]") == last
    office.click(".compute-form button[type=submit]")
    office.wait_for_selector("#evaluation-progress")
    worked()
    office.wait_for_selector("table.ranking")  # the page turned by itself
    assert "50.00" in office.inner_text("table.ranking")
    basics.check(office)
    office.click("button[value=publish]")
    office.wait_for_selector(".tag:has-text('公示中')")

    lead = window("qian", PHONE)
    lead.goto(f"{url}/evaluation/small-{last}-1/")
    basics.check(lead)
    lead.click("table.ranking a:has-text('1/2')")
    lead.wait_for_selector("h1:has-text('按期处置率')")
    basics.check(lead)
    assert lead.locator("tbody tr").count() == 2  # the two cases behind it
    lead.fill("[name=note]", "第二件停电无法施工")
    lead.click("button:has-text('提交申诉')")
    lead.wait_for_selector("a:has-text('按期处置率') + .tag")

    office.reload()
    with office.expect_navigation():
        office.click("a[href$='/objections/1/']")
    basics.check(office)
    office.fill("[name=numerator]", "1")
    office.fill("[name=note]", "停电属实")
    office.click("button[value=uphold]")
    office.wait_for_selector(".tag:has-text('待复核')")

    leader = window("zheng")
    leader.goto(f"{url}/evaluation/small-{last}-1/objections/1/")
    assert "50.00 → 100.00" in leader.inner_text("main")
    leader.click("button[value=agree]")
    leader.wait_for_selector(".tag:has-text('成立')")
    worked()
    leader.reload()
    assert "100.00" in leader.inner_text("table.ranking")

    with lead.expect_download() as waited:
        lead.goto(f"{url}/evaluation/small-{last}-1/")
        lead.click("a[href$='bundle.zip']")
    checked = bundles.check(waited.value.path())
    assert checked.same
    assert checked.found.digest in lead.inner_text("main")

    lead.click("a[href$='/bulletin/']")
    lead.wait_for_selector("h1:has-text('小方案结果的通报')")
    for annex in lead.locator(".bulletin-annex").all():
        annex.locator("summary").click()
    basics.check(lead)
    assert checked.found.digest in lead.inner_text("main")
    assert "成立 1 件" in lead.inner_text("main") and "2/2" in lead.inner_text("main")
    for kind in ("docx", "pdf", "xlsx"):
        with lead.expect_download() as waited:
            lead.click(f"a[href$='bulletin.{kind}']")
        assert waited.value.suggested_filename == f"small-{last}-1-bulletin.{kind}"


def test_a_scheme_is_changed_by_what_it_says_in_words(last, window, running_server):
    office = window("huang", PHONE)
    office.goto(f"{running_server.url}/evaluation/schemes/")
    basics.check(office)
    with office.expect_navigation():
        office.click("a:has-text('小方案')")
    basics.check(office)
    office.fill("[name=text]", SCHEME.replace("cases = 1", "cases = 5"))
    office.click("button:has-text('预览改动')")
    office.wait_for_selector(".note li")
    basics.check(office)
    office.click("button[name=confirm]")
    office.wait_for_selector(".page-head .tag:has-text('v2')")


def test_scores_from_outside_are_confirmed_and_a_lost_point_is_answered(
    last, window, running_server, tmp_path
):
    with scope.viewing(scope.system("test")):
        actions.save_scheme(text=MIXED, act=Act.system("test"))
    file = tmp_path / "问卷.xlsx"
    row = ["群众问卷", "SZ-DL", "", "", "8", "井盖异响", "问卷 17 号", "何调查"]
    file.write_bytes(sheets.write("表", [HEAD, row], [12] * len(HEAD)).read())

    office = window("huang")
    office.goto(f"{running_server.url}/evaluation/scores/")
    basics.check(office)
    office.select_option("[name=scheme]", "small")
    office.click("button:has-text('打开')")
    office.set_input_files("[name=file]", file)
    office.click("button:has-text('预览')")
    office.wait_for_selector("button:has-text('提交这 1 行')")
    basics.check(office)
    office.click("button:has-text('提交这 1 行')")
    office.wait_for_selector(".tag:has-text('待复核')")

    leader = window("zheng")
    leader.goto(office.url)
    basics.check(leader)
    leader.click("button[value=confirm_scores]")
    leader.wait_for_selector(".tag:has-text('已生效')")

    lead = window("qian", PHONE)
    lead.goto(f"{running_server.url}/evaluation/gaps/")
    basics.check(lead)
    lead.click("a:has-text('井盖异响')")
    lead.fill("[name=note]", "已更换井盖 12 处")
    lead.fill("[name=proof]", "照片 12 张")
    basics.check(lead)
    lead.click("button[value=answer_gap]")
    lead.wait_for_selector(".tag:has-text('待认可')")
    office.goto(lead.url)
    office.click("button[value=accept_gap]")
    office.wait_for_selector(".tag:has-text('已补齐')")
    basics.check(office)
