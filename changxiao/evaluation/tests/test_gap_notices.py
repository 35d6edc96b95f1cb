"""A gap task reaches whoever answers for it: made, returned, near and past its limit."""

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases.tests.pages import person, signed_in
from changxiao.evaluation import actions
from changxiao.evaluation.access import answers_for
from changxiao.evaluation.gaps import jobs
from changxiao.evaluation.gaps.answering import answerers
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.scoring.tests.samples import LINES, MIXED, line
from changxiao.evaluation.tests.rounds import APRIL, did, looking
from changxiao.kernel.act import Act
from changxiao.kernel.scope import Viewer
from changxiao.ledger.models import Entry
from changxiao.notices import standing
from changxiao.notices.actions.rules import RuleDraft, set_notice_rule
from changxiao.notices.audience import Directory
from changxiao.notices.models import Notice
from changxiao.orgs.access import grant_of
from changxiao.orgs.models import Appointment, Unit
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import at

pytestmark = pytest.mark.django_db


def handed_in(lines):
    scheme = SchemeVersion.objects.filter(key="small").first()
    scheme = scheme or actions.save_scheme(text=MIXED, act=did())
    told = {"period": "2026-03", "lines": lines, "file": "x.xlsx"}
    return actions.submit_scores(scheme, **told, act=did())


@pytest.fixture
def lead(city, roads, parks):
    """孙负责 leads 市政道路处; nobody leads 园林绿化处."""
    standing.table.clear()
    with time_machine.travel(APRIL, tick=False) as now:
        person("huang", post=Post.CENTER_DIRECTOR)
        actions.confirm_scores(handed_in(LINES), act=did(Post.LEADER, "zheng"))
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


SHEET = [
    line(minus="8", reason="井盖异响"),
    line(minus="2", reason="垃圾"),
    line("bonus", minus="1.5", reason="迟报"),
    line(group="YL-LH", score="90"),
]


def confirmed_live(lines):
    """Confirmed as a person does it on the page, so that it is news."""
    sheet = handed_in(lines)
    return actions.confirm_scores(sheet, act=live("zheng", Post.LEADER, f"复核 {sheet.number}"))


def test_one_sheet_is_one_message_to_each_who_answers(lead, roads):
    sheet = confirmed_live(SHEET)
    told = heard("open_gap")
    assert told == [("gap_made", "sun", f"source={sheet.number}&own=1")]
    text = Notice.everything.get().text
    due = "04-17 09:00"
    assert text == f"差距任务：市政道路处，群众问卷、加分，请于{due}前答复。共 2 项差距任务。"
    # however its entries are handed over, and however often
    for entry in Entry.objects.filter(verb="open_gap").order_by("-id"):
        if (put := jobs.hear([entry])) is not None:
            put()
    assert Notice.everything.count() == 1
    client = signed_in("sun", post=Post.UNIT_LEAD, unit=roads)
    opened = client.get(reverse("notice", args=[Notice.everything.get().pk]))
    page = client.get(opened.url).content.decode()
    assert "井盖异响 −8" in page and "迟报" in page
    assert f"只看来自 {sheet.number} 的" in page


def test_a_sheet_with_one_task_opens_the_task_and_the_next_sheet_is_news(lead):
    confirmed_live(SHEET[2:3])
    row = GapTask.everything.get(item="bonus")
    assert heard("open_gap") == [("gap_made", "sun", row.number)]
    confirmed_live([*SHEET[2:3], line("bonus", minus="1", reason="漏报")])
    assert [told[:2] for told in heard("open_gap")] == [("gap_made", "sun")] * 2
    assert "漏报" in Notice.everything.order_by("-pk").first().text


def test_a_post_that_a_rule_names_hears_of_all_and_whoever_leads_two_of_both(lead, parks):
    sun, _now = lead
    Appointment.objects.create(staff=sun, post=Post.UNIT_LEAD, unit=parks, since_date=at(1).date())
    draft = RuleDraft(text="{单位}：{说明}", channels=("in_app",))
    set_notice_rule("gap_made", "post:center_director", draft, act=Act.system("test"))
    sheet = confirmed_live(SHEET)
    whole = "共 3 项差距任务。"
    told = dict(heard_texts("open_gap"))
    assert told["huang"] == f"市政道路处、园林绿化处：{whole}"
    assert told["sun"].startswith("差距任务：市政道路处、园林绿化处，群众问卷、加分，")
    assert told["sun"].endswith(whole)
    subjects = dict(Notice.everything.values_list("staff__username", "subject"))
    assert subjects == {
        "huang": f"source={sheet.number}",
        "sun": f"source={sheet.number}&own=1",
    }


def heard_texts(*verbs):
    heard(*verbs)
    return Notice.everything.values_list("staff__username", "text")


def test_the_limit_of_a_sheet_is_one_message_too(lead):
    sheet = confirmed_live(SHEET)
    _sun, now = lead
    when = at(17, 10, month=4)
    now.move_to(when)
    jobs.sweep(when)
    jobs.sweep(when)
    (row,) = Notice.everything.all()
    assert (row.what, row.subject) == ("gap_late", f"source={sheet.number}&own=1")
    assert row.text.endswith("共 2 项差距任务。")


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
    assert row.deductions[0].what in office.get("/evaluation/gaps/?state=answered").content.decode()


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
