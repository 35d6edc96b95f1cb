"""What strangers and colleagues write stays words: in every room that came with the channels, on
the map, on the resident's own pages, in settings and on paper."""

import itertools
import re
import zlib

import pytest
from django.utils import timezone

from changxiao.cases import actions, followed
from changxiao.cases.actions import Problem, Reporter
from changxiao.catalog.actions import set_policy, set_public_rule
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope, spoken
from changxiao.kernel.act import Act
from changxiao.kernel.geo import Point
from changxiao.ledger import consumers, sequencer
from changxiao.notices.actions.robots import set_robot
from changxiao.notices.actions.rules import RuleDraft, set_notice_rule
from changxiao.notices.models_hooks import Webhook
from changxiao.notices.tests.conftest import CONSUMER
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from changxiao.patrols import actions as patrols
from changxiao.patrols.tests.conftest import laid_out, own
from changxiao.workorders import sources
from changxiao.workorders.actions import Placed, set_source, take_order
from changxiao.workorders.mapping import Incoming
from tests.stories import basics
from tests.stories.cast import PEOPLE, cast
from tests.stories.test_finds import BAD, SPOT, WORST, camera
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORM = "0190a000-0000-4000-8000-00000000000f"
ACTIVE = re.compile(rb"/(JS|JavaScript|OpenAction|AA|Launch|URI|EmbeddedFile|RichMedia|XFA)\b")
_keys = itertools.count(1)


def by(username, note=""):
    key = f"hostile-{next(_keys)}"
    if username == "system":
        return Act.system("test", key)
    return Act(actor=username, post=PEOPLE[username][1], key=key, note=note)


@pytest.fixture
def known(running_server):
    """One of each thing, its every word hostile."""
    with scope.viewing(scope.system("test")):
        roads = cast()
        type(roads).objects.filter(pk=roads.pk).update(name=WORST[:100])
        Staff.objects.filter(username="wang").update(name=BAD[0])
        FilingCriterion.objects.update(condition=WORST)
        subject = FilingCriterion.objects.get().subcategory
        set_public_rule(subject, view="live", place="exact", act=by("system"))
        set_policy("portal_kinds", value=f"{subject.key}:{BAD[0]}", act=by("system"))
        told(roads)
        order = ordered(subject)
        case = reported(subject)
        walked(case)
        heard()
        camera()
    return {"case": case.number, "order": order}


def told(roads):
    """Settings of the channels, and whoever hears of a report."""
    draft = RuleDraft(channels=["in_app"], text=f"{{受理号}}{{地点}}{{说明}}{BAD[0]}")
    set_notice_rule("reported", f"post:{Post.INTAKE}", draft, act=by("system"))
    # By its row: the verb asks the network for the host.
    Webhook.objects.create(code="gis", url=f"https://a.example/?{BAD[2]}", why=WORST[:300])
    set_robot("roads", kind="wecom", unit=roads, enabled=True, act=by("system"))
    named = {"title": BAD[0][:40], "columns": {"number": [BAD[1]]}, "categories": {BAD[0]: "e9799"}}
    set_source("12345", told=named | {"answers": [[BAD[0], "answer"]]}, act=by("system"))
    heard()  # the consumer begins at the end of a log, so it must have looked once


def heard():
    """What the worker does in a round: the bell has something to ring for."""
    sequencer.drain()
    while consumers.deliver([CONSUMER], timezone.now()):
        pass


def ordered(subject):
    """A work order that asks for more time; its address."""
    words = Incoming(
        number='"><svg',
        description=WORST,
        name=BAD[0],
        phone="13800138000",
        category=BAD[1],
        address=BAD[2],
        cells={"工单编号": BAD[0], BAD[1]: BAD[2]},
    )
    placed = Placed(words, subject, Point(*SPOT), "point")
    order = take_order(sources.of("12345"), placed, act=by("chen"))
    return f"/cases/work-orders/{order.source}/{order.number}/"


def reported(subject):
    """A resident's, published, and answered as residents are."""
    problem = Problem(
        channel="public",
        subcategory=subject,
        lon=SPOT[0],
        lat=SPOT[1],
        description=WORST,
        address=BAD[1],
        reporter=Reporter(BAD[0], "13800138001", "a@b.c", BAD[2]),
        follow=followed.digest_of(spoken.read(followed.code_of(FORM))),
    )
    case = actions.report(problem, act=by("system"))
    case = actions.ask_to_confirm(case, act=by("chen", note=WORST))
    case = actions.confirm(case, act=by("wang", note=WORST))
    case = actions.accept(case, act=by("chen", note=WORST))
    case = actions.file(case, criterion=FilingCriterion.objects.get(), act=by("lin", note=WORST))
    return actions.publish(case, text=WORST, address=BAD[1], act=by("chen"))


def walked(case):
    """A patrol just before it, and the missed report that was made of it."""
    grid = laid_out()
    with own(area=grid.code):
        patrol = patrols.start_patrol(grid=grid.code, act=by("wang"))
        patrol = patrols.finish_patrol(patrol, act=by("wang"))
    missed = patrols.propose_missed(case, patrol=patrol, act=by("system"))
    missed = patrols.confirm_missed(missed, act=by("chen", note=WORST))
    patrols.object_missed(missed, act=by("wang", note=WORST))


def test_hostile_words_stay_words_in_every_room(running_server, browser, known):
    walk = Walk(browser, running_server, (1440, "zh-hans", "light"))
    case = f"/cases/{known['case']}/"
    pages = {
        "chen": (
            *("/notices/", "/notices/mine/", "/patrols/", "/patrols/missed/", "/patrols/coverage/"),
            *(f"/patrols/missed/{known['case']}/", "/cases/work-orders/", known["order"]),
            *("/cases/work-orders/take/", "/cases/callbacks/", "/cases/photos/", f"{case}hints/"),
        ),
        "wang": ("/patrols/mine/", "/field/", "/cases/tasks/"),
        "wu": (
            *("/settings/cases/cameras/", "/settings/cases/cameras/K1/", "/notices/deliveries/"),
            *("/settings/work-orders/", "/settings/work-orders/12345/", "/settings/notices/"),
            *("/settings/notices/hooks/", "/settings/notices/hooks/gis/edit/"),
            *("/settings/notices/robots/", "/settings/notices/robots/roads/"),
            f"/settings/notices/rule/reported:post:{Post.INTAKE.value}/",
        ),
    }
    for who, paths in pages.items():
        with walk.person(who) as page:
            words = harmless(page, walk.url, paths)
            assert "window.__x=1" in words, f"{who} saw none of it"
            if who == "chen":
                picked(page, walk.url, known["case"])
                on_paper(page, walk.url + case)
    resident(browser, running_server.url)


def harmless(page, url, paths):
    """All of them, opened; gives what they said."""
    page.on("dialog", lambda said: pytest.fail(said.message))
    said = []
    for path in paths:
        answer = page.goto(url + path)
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        unmoved(page, path)
        said.append(page.content())
    return "".join(said)


def unmoved(page, path):
    assert page.evaluate("window.__x") is None, path
    assert not page.locator("img[onerror], svg[onload]").count(), path


def picked(page, url, number):
    """What the map shows where one presses a point."""
    page.goto(f"{url}/map/#17.5/{SPOT[1]}/{SPOT[0]}")
    page.click("[data-move]")  # the walk saves data
    basics.whole(page)
    page.wait_for_selector(f'.map-rows [data-number="{number}"]')
    page.locator(".map-box canvas").click()
    page.wait_for_selector(f'[data-picked] [data-number="{number}"]')
    assert BAD[1] in page.inner_text("[data-picked]")
    unmoved(page, "the map's press")


def on_paper(page, address):
    """The dossier is text: nothing in it runs, opens or fetches."""
    answer = page.request.get(f"{address}dossier.pdf")
    assert answer.status == 200 and answer.body().startswith(b"%PDF-")
    assert not ACTIVE.search(unpacked(answer.body()))


def unpacked(pdf):
    """A PDF with its compressed streams opened: objects hide in them."""
    found = [pdf]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream[1]))
        except zlib.error:
            continue
    return b"\n".join(found)


def resident(browser, url):
    """And what everybody reads: the form, what lies nearby, the report behind its code."""
    window = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = window.new_page()
    code = followed.code_of(FORM)
    paths = ("/p/", "/p/near/", "/p/c/", f"/p/c/{code}/", f"/p/r/{code}/")
    assert "window.__x=1" in harmless(page, url, paths)
    window.close()


def test_the_search_for_active_parts_finds_one_that_is_packed():
    hidden = zlib.compress(b"<< /Type /Action /S /JavaScript /JS (app.alert(1)) >>")
    assert ACTIVE.search(unpacked(b"%PDF-1.7\n1 0 obj\nstream\n" + hidden + b"\nendstream\n"))
    assert not ACTIVE.search(unpacked(b"%PDF-1.7\nstream\nplain\nendstream\n"))
