"""A gap task reaches whoever answers for it: made, returned, near and past its limit."""

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases.tests.pages import person, signed_in
from changxiao.evaluation import actions
from changxiao.evaluation.access import answers_for
from changxiao.evaluation.gaps import jobs
from changxiao.evaluation.gaps.answering import answerers
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.scoring.tests.samples import LINES, MIXED
from changxiao.evaluation.tests.rounds import APRIL, did, looking
from changxiao.kernel.act import Act
from changxiao.kernel.scope import Viewer
from changxiao.ledger.models import Entry
from changxiao.notices import standing
from changxiao.notices.audience import Directory
from changxiao.notices.models import Notice
from changxiao.orgs.access import grant_of
from changxiao.orgs.models import Appointment, Unit
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(city, roads, parks):
    """孙负责 leads 市政道路处; nobody leads 园林绿化处."""
    standing.table.clear()
    with time_machine.travel(APRIL, tick=False) as now:
        person("huang", post=Post.CENTER_DIRECTOR)
        sheet = actions.submit_scores(
            actions.save_scheme(text=MIXED, act=did()),
            period="2026-03",
            lines=LINES,
            file="x.xlsx",
            act=did(),
        )
        actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng"))
        yield person("sun", post=Post.UNIT_LEAD, unit=roads), now


def task():
    return GapTask.everything.get(group="SZ-DL")


def live(by, post, note):
    """An act as a page sends it: no origin."""
    return Act(actor=by, post=post, key=f"live-{note}", note=note)


def heard(*verbs):
    """The entries of these verbs as the worker hands them over; told live."""
    entries = list(Entry.objects.filter(verb__in=verbs).order_by("id"))
    if (put := jobs.hear(entries)) is not None:
        put()
    rows = Notice.everything.order_by("pk")
    return list(rows.values_list("what", "staff__username", "subject"))


def made_live():
    """As if a person had confirmed the sheet: what a test dates itself, nobody hears of."""
    row = task()
    with looking("sun", Post.UNIT_LEAD, "9001."):
        actions.answer_gap(row, proof="", act=live("sun", Post.UNIT_LEAD, "已更换"))
    return task()


def test_an_import_or_a_test_of_earlier_months_is_no_news(lead):
    assert heard("open_gap") == []


def test_the_answer_goes_to_the_office_and_the_return_to_whoever_answers(lead):
    row = made_live()
    assert heard("answer_gap") == [("gap_answered", "huang", row.number)]
    actions.send_back_gap(row, act=live("huang", Post.CENTER_DIRECTOR, "没有照片"))
    told = heard("send_back_gap")
    assert told[1:] == [("gap_back", "sun", row.number)]
    assert heard("answer_gap", "send_back_gap") == told
    text = Notice.everything.get(what="gap_back").text
    assert text == "差距任务被退回：市政道路处，群众问卷，请于04-17 09:00前再答复。没有照片"


def test_a_limit_is_told_near_and_late_and_late_again_each_week(lead):
    _sun, now = lead
    assert jobs.sweep(APRIL) == 0
    for when, whats in (
        (at(16, month=4), ["gap_near"]),
        (at(17, 8, month=4), ["gap_near"]),
        (at(17, 10, month=4), ["gap_near", "gap_late"]),
        (at(18, 10, month=4), ["gap_near", "gap_late"]),
        (at(25, 10, month=4), ["gap_near", "gap_late", "gap_late"]),
    ):
        now.move_to(when)
        jobs.sweep(when)
        assert list(Notice.everything.order_by("pk").values_list("what", flat=True)) == whats
    with looking("sun", Post.UNIT_LEAD, "9001."):
        actions.answer_gap(task(), proof="", act=live("sun", Post.UNIT_LEAD, "已更换"))
    now.move_to(at(9, month=5))
    assert jobs.sweep(at(9, month=5)) == 0


def test_a_notice_opens_the_page_of_its_task(lead):
    when = at(16, month=4)
    jobs.sweep(when)
    row = Notice.everything.get()
    client = signed_in("sun", post=Post.UNIT_LEAD)
    answer = client.get(reverse("notice", args=[row.pk]))
    assert answer.url == reverse("gap", args=[task().number])


def test_home_counts_what_waits_and_opens_the_list(lead, roads):
    lead_client = signed_in("sun", post=Post.UNIT_LEAD, unit=roads)
    link = "/evaluation/gaps/?state=open&amp;own=1"
    lead_client.get("/")
    with budget("page:home-gaps"):
        assert link in lead_client.get("/").content.decode()
    row = made_live()
    assert link not in lead_client.get("/").content.decode()
    office = signed_in("huang", post=Post.CENTER_DIRECTOR)
    assert "/evaluation/gaps/?state=answered" in office.get("/").content.decode()
    assert row.what in office.get("/evaluation/gaps/?state=answered").content.decode()


def _viewer(staff):
    rows = Appointment.objects.filter(staff=staff).select_related("unit")
    return Viewer("staff", staff.username, tuple(grant_of(row) for row in rows))


AREAS = {
    "street": ("900001001", "street-lead"),
    "community": ("900001001002", "street-lead"),
    "other": ("900001002", "district-head"),
}


def test_whoever_is_told_may_answer_and_the_nearest_is_told(lead, roads, parks):
    office = Unit.objects.create(
        code="JD-1",
        name="东方街道办",
        kind="subdistrict",
        path="9003.",
        area_code="900001001",
        since_date="2020-01-01",
    )
    person("street-lead", post=Post.UNIT_LEAD, unit=office)
    person("district-head", post=Post.LEADER, area="900001")
    people = Directory(APRIL)
    wanted = [("community", *told) for told in AREAS.values()]
    wanted += [("department", "SZ-DL", "sun"), ("person", "sun", "sun")]
    for kind, group, name in wanted:
        found = answerers(kind, group, people).people
        assert [one.username for one in found] == [name], (kind, group)
        assert all(answers_for(_viewer(one), kind, group) for one in found)
    for kind, group in (("department", "YL-LH"), ("department", "none"), ("street", "8")):
        assert answerers(kind, group, people).people == []
