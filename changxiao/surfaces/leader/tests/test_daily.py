"""日报: the signed link opens figures and nothing else, for its leader and its day only."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.signing import Signer
from django.urls import reverse

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import person, signed_in
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs import actions as orgs
from changxiao.orgs.jobs import issue_report_links
from changxiao.orgs.links import word_of
from changxiao.orgs.models import Appointment, ReportLink
from changxiao.orgs.posts import Post
from changxiao.orgs.rules import LEADING
from tests.support.cast import act, at

EIGHT = at(3, 8)  # Tuesday; what is due at four working hours on Monday is late


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(EIGHT, tick=False):
        yield


def issued(staff):
    return orgs.issue_report_link(staff, act=Act.system("test"))


def address(link):
    return reverse("daily", args=[word_of(link)])


def test_the_link_opens_without_signing_in_and_is_kept_by_no_cache(client, zhang, dispatched):
    page = client.get(address(issued(zhang)))

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in page.cookies and "cx_sid" not in page.cookies
    assert "市政道路处" in page.content.decode()


def test_it_names_no_person_and_no_text_of_a_case(client, zhang, dispatched):
    person("li")
    actions.supervise(dispatched, kind="leader", act=act("supervise", at(2, 16), note="找王二狗"))

    page = client.get(address(issued(zhang))).content.decode()

    for word in ("张领导", "李派遣", "王二狗", "有坑", "zhang"):
        assert word not in page, word


@pytest.mark.parametrize(
    "broken", ["", "x", "2.", ".abc", "1.AAAA", "1", "1." + "A" * 43, "1" * 999]
)
def test_a_made_up_word_is_not_found(client, zhang, broken):
    issued(zhang)
    assert client.get(f"/daily/{broken or '-'}/").status_code == 404


def test_a_word_signed_for_another_purpose_is_not_found(client, zhang):
    link = issued(zhang)
    word = Signer(salt="other", sep=".").sign(str(link.pk))
    assert client.get(f"/daily/{word}/").status_code == 404


def test_it_ends_the_next_morning(client, zhang):
    path = address(issued(zhang))
    for hours, status in ((23, 200), (24, 404), (48, 404)):
        with time_machine.travel(EIGHT + timedelta(hours=hours), tick=False):
            assert client.get(path).status_code == status, hours


def test_revoked_it_opens_nothing_and_a_new_one_can_be_issued(client, zhang):
    old = issued(zhang)
    orgs.revoke_report_link(old, act=Act.system("test"))

    assert client.get(address(old)).status_code == 404
    assert client.get(address(issued(zhang))).status_code == 200


def test_whoever_left_has_no_link_any_more(client, zhang):
    path = address(issued(zhang))
    Appointment.objects.filter(staff=zhang).update(until_date=EIGHT.date())

    assert client.get(path).status_code == 404


def test_issued_twice_it_is_the_same_link_and_one_entry(zhang):
    first, second = issued(zhang), issued(zhang)

    assert first == second
    assert Entry.objects.filter(verb="issue_report_link").count() == 1


@pytest.mark.parametrize("post", sorted(set(Post) - LEADING))
def test_who_leads_nothing_gets_none(city, post):
    with pytest.raises(Refused) as no:
        issued(person("somebody", post=post))

    assert no.value.code == "not_a_leader"
    assert not ReportLink.objects.exists() and not Entry.objects.exists()


def test_nobody_issues_another_s_link(zhang):
    other = Act(actor="li", post=Post.CITY_ADMIN, key="another-s-link")
    with pytest.raises(Refused, match="本人"):
        orgs.issue_report_link(zhang, act=other)
    assert not ReportLink.objects.exists()


def test_each_morning_the_worker_issues_one_link_a_leader(zhang, roads):
    person("huang")
    person("li")

    with time_machine.travel(at(3, 7), tick=False):
        assert issue_report_links(at(3, 7)) == 0
    assert issue_report_links(EIGHT) == 2
    assert issue_report_links(EIGHT) == 0
    assert {link.staff.username for link in ReportLink.objects.all()} == {"zhang", "huang"}


def test_the_page_of_the_leader_shows_the_own_link_only(zhang):
    link = issued(zhang)
    mine = signed_in("zhang").get("/leader/link").content.decode()
    other = signed_in("huang").get("/leader/link").content.decode()

    assert word_of(link) in mine and word_of(link) not in other
    assert signed_in("zhang").get("/leader/link.svg")["Content-Type"] == "image/svg+xml"
    assert signed_in("huang").get("/leader/link.svg").status_code == 404


def figures(page):
    """Each figure's number by the address it opens."""
    found = re.findall(r'href="(/cases/\?[^"]+)"[^>]*>(?:<strong>)?[^<0-9]*(\d+)', page)
    return {path.replace("&amp;", "&"): int(number) for path, number in found}


def test_each_figure_opens_exactly_the_rows_it_counts(
    client, zhang, problem, dispatched, roads, parks, damaged
):
    late = dispatched
    other = filed_for(problem, damaged, parks)
    actions.supervise(late, kind="overdue", act=act("supervise", at(2, 16), note="快"))

    told = figures(client.get(address(issued(zhang))).content.decode())
    desk = signed_in("zhang")

    assert len(told) >= 8
    for path, count in told.items():
        rows = desk.get(path).context["rows"]
        assert len(rows) == count, path
        assert other.number not in {row.case.number for row in rows}
    assert sum(told.values()) > 0


def filed_for(problem, criterion, unit):
    """A case of another unit, just as late."""
    case = actions.report(problem, act=act("report"))
    case = actions.accept(case, act=act("accept", at(2, 9, 5)))
    case = actions.file(case, criterion=criterion, act=act("file", at(2, 9, 10)))
    return actions.dispatch(case, to=unit, act=act("dispatch", at(2, 9, 15)))


def test_a_figure_leads_to_sign_in_first(client, zhang, dispatched):
    path = next(iter(figures(client.get(address(issued(zhang))).content.decode())))
    assert client.get(path)["Location"].startswith("/accounts/login/?next=/cases/")


def test_yesterday_stands_beside_the_same_weekday_before(client, zhang, handled_and_reworked):
    sheet = client.get(address(issued(zhang))).context["sheet"]

    assert [(str(p.label), p.count, p.before) for p in sheet.past] == [
        ("新增", 1, 0),
        ("结案", 0, 0),
        ("返工", 1, 0),
    ]


@pytest.fixture
def handled_and_reworked(dispatched):
    case = actions.feed_back(dispatched, act=act("feed_back", at(2, 10), note="已修"))
    return actions.rework(case, act=act("rework", at(2, 11), note="还有坑"))


def test_the_link_reads_as_far_as_its_leader_and_no_further(client, zhang, dispatched):
    Appointment.objects.filter(staff=zhang).update(area_code="440507")

    sheet = client.get(address(issued(zhang))).context["sheet"]
    assert sheet.total.tally.open == 0
    with scope.viewing(scope.system("test")):
        assert Case.everything.count() == 1
