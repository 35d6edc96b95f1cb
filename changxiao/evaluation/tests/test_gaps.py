"""Gap tasks: of confirmed deductions and of shortcomings; answered by the unit, judged by the
office."""

import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from changxiao.cases.tests.pages import key_in, signed_in
from changxiao.evaluation import actions
from changxiao.evaluation.access import own_areas
from changxiao.evaluation.gaps.flow import GAP_STEPS, GapState, open_to
from changxiao.evaluation.gaps.rules import Gap, Lost, Standing, gaps_of, replaced
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.replay.checks import check_gaps
from changxiao.evaluation.scoring.tests.samples import LINES, MIXED, line
from changxiao.evaluation.scoring.tests.samples import scheme as scheme_of
from changxiao.evaluation.tests.rounds import APRIL, did, looking
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import at

pytestmark = pytest.mark.django_db
EIGHT = Lost("8", "井盖异响", "问卷 17 号")
TWO = Lost("2", "垃圾", "")
HALF = Lost("4.5", "", "")


def gap_of(*rows, group="SZ-DL"):
    return Gap("survey", group, rows)


@pytest.fixture
def mixed(city, roads, parks):
    return actions.save_scheme(text=MIXED, act=did())


def confirmed(scheme, lines=LINES):
    act = did()
    sheet = actions.submit_scores(scheme, period="2026-03", lines=lines, file="x.xlsx", act=act)
    return actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng"))


@pytest.fixture
def task(mixed):
    confirmed(mixed)
    return GapTask.everything.get(group="SZ-DL")


def chen():
    return looking("chen", Post.UNIT_LEAD, "9001.")


def answered(task, note="已更换井盖 12 处", proof="照片 12 张"):
    with chen():
        return actions.answer_gap(task, proof=proof, act=did(Post.UNIT_LEAD, "chen", note=note))


def refused(code, do):
    """It is refused so, and nothing has changed."""
    before = Entry.objects.count(), list(GapTask.everything.values())
    with pytest.raises(Refused) as no:
        do()
    assert no.value.code == code
    assert (Entry.objects.count(), list(GapTask.everything.values())) == before


# -- the rules -----------------------------------------------------------------------------------


def test_each_point_lost_is_a_gap_and_a_bonus_is_none():
    assert gaps_of(scheme_of(), LINES) == [gap_of(EIGHT), gap_of(HALF, group="YL-LH")]


def test_what_one_lost_under_one_item_is_one_gap():
    more = [*LINES, line(minus="2", reason="垃圾"), line("bonus", minus="0.5", reason="迟报")]
    found = gaps_of(scheme_of(), more)
    assert [(one.item, one.group, one.minus, len(one.rows)) for one in found] == [
        ("survey", "SZ-DL", "10", 2),
        ("survey", "YL-LH", "4.5", 1),
        ("bonus", "SZ-DL", "0.5", 1),
    ]


WAITS, ANSWERED = True, False


@pytest.mark.parametrize(
    ("old", "new", "gone", "made"),
    [
        ([((EIGHT,), WAITS)], (EIGHT, TWO), [], (TWO,)),
        ([((EIGHT, TWO), WAITS)], (EIGHT, TWO), [], ()),
        ([((EIGHT, TWO), WAITS)], (EIGHT,), [0], (EIGHT,)),
        ([((EIGHT, TWO), ANSWERED)], (EIGHT, HALF), [], (HALF,)),
        ([((EIGHT,), WAITS), ((EIGHT,), ANSWERED)], (EIGHT,), [0], ()),
        ([((EIGHT,), WAITS)], (EIGHT, EIGHT), [], (EIGHT,)),
        ([((EIGHT,), WAITS), ((TWO,), WAITS)], (), [0, 1], ()),
        ([((EIGHT,), ANSWERED)], (), [], ()),
    ],
)
def test_what_is_the_same_in_the_next_sheet_stays(old, new, gone, made):
    standing = [Standing(gap_of(*rows), waits) for rows, waits in old]
    found = replaced(standing, [gap_of(*new)] if new else [])
    assert found == (gone, [gap_of(*made)] if made else [])
    other = gap_of(HALF, group="YL-LH")
    assert replaced([*standing, Standing(other, WAITS)], [gap_of(*new), other])[1] == found[1]


def test_the_road_of_a_gap_over_every_state_and_post():
    for state in GapState:
        for post in Post:
            for own in (False, True):
                open_now = {one.verb for one in open_to(state, frozenset({post}), own=own)}
                office = post in {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}
                judged = {"accept_gap", "send_back_gap"} if office else set()
                expected = {
                    GapState.OPEN: {"answer_gap"} if own else set(),
                    GapState.ANSWERED: judged,
                }
                assert open_now == expected.get(state, set()), (state, post, own)
    assert set(GAP_STEPS) == {"answer_gap", "accept_gap", "send_back_gap"}


# -- the verbs -----------------------------------------------------------------------------------


def test_a_confirmed_sheet_makes_tasks_due_in_ten_working_days(mixed):
    confirmed(mixed)
    rows = [
        (one.group, one.minus, one.deductions, one.source)
        for one in GapTask.everything.order_by("id")
    ]
    assert rows == [
        ("SZ-DL", "8", (EIGHT,), "small-2026-03-1"),
        ("YL-LH", "4.5", (HALF,), "small-2026-03-1"),
    ]
    task = GapTask.everything.first()
    assert task.due_at == at(17, month=4)  # ten working days after Friday the 3rd
    entry = Entry.objects.get(stream=task.stream)
    assert (entry.verb, entry.data["minus"]) == ("open_gap", "8")


def test_a_later_sheet_keeps_what_is_the_same_and_cancels_the_rest(mixed, task):
    confirmed(mixed, [LINES[0], line(group="YL-LH", score="99", reason="复核")])
    rows = GapTask.everything.order_by("id").values_list("group", "minus", "state")
    assert list(rows) == [
        ("SZ-DL", "8", "open"),
        ("YL-LH", "4.5", "cancelled"),
        ("YL-LH", "1", "open"),
    ]


MANY = [
    line(minus="8", reason="井盖异响", evidence="问卷 17 号"),
    line(minus="2", reason="垃圾"),
    line(minus="0.5", reason="标线模糊"),
]


def test_deductions_of_one_item_are_one_task_that_the_log_tells_whole(mixed):
    confirmed(mixed, MANY)
    (task,) = GapTask.everything.all()
    assert (task.minus, [one.minus for one in task.deductions]) == ("10.5", ["8", "2", "0.5"])
    assert Entry.objects.get(stream=task.stream).data["rows"] == task.rows
    assert list(check_gaps()) == []
    row = answered(task)
    # what was answered is not asked for again, what is new is
    confirmed(mixed, [*MANY[:2], line(minus="1", reason="护栏脏污")])
    told = GapTask.everything.order_by("id").values_list("minus", "state")
    assert list(told) == [("10.5", row.state), ("1", "open")]
    assert list(check_gaps()) == []


def test_every_ranked_one_has_a_task_of_his_own(mixed):
    confirmed(mixed, [*MANY, *(line(group="YL-LH", minus="1", reason=one) for one in "甲乙丙")])
    told = GapTask.everything.order_by("id").values_list("group", "minus")
    assert list(told) == [("SZ-DL", "10.5"), ("YL-LH", "3")]


def test_a_task_from_before_there_were_rows_is_kept_by_the_next_sheet(mixed):
    confirmed(mixed)
    old = {"rows": [], "what": "井盖异响", "evidence": "问卷 17 号"}
    GapTask.everything.filter(group="SZ-DL").update(**old)
    confirmed(mixed, [LINES[0], MANY[1], *LINES[1:]])
    rows = GapTask.everything.order_by("id").values_list("group", "minus", "state")
    assert list(rows) == [
        ("SZ-DL", "8", "open"),
        ("YL-LH", "4.5", "open"),
        ("SZ-DL", "2", "open"),
    ]


def test_the_unit_answers_and_the_office_accepts(task):
    row = answered(task)
    assert (row.state, row.answer, row.proof) == ("answered", "已更换井盖 12 处", "照片 12 张")
    row = actions.accept_gap(row, act=did())
    assert (row.state, row.judged_by) == ("accepted", "huang")
    verbs = Entry.objects.filter(stream=row.stream).order_by("n").values_list("verb", flat=True)
    assert list(verbs) == ["open_gap", "answer_gap", "accept_gap"]
    refused("not_now", lambda: answered(row))


def test_the_office_sends_it_back_with_the_reason(task):
    row = answered(task)
    refused("note_missing", lambda: actions.send_back_gap(row, act=did()))
    back = actions.send_back_gap(row, act=did(note="没有照片"))
    assert (back.state, back.opinion, back.answer) == ("open", "没有照片", "已更换井盖 12 处")
    assert answered(back).state == GapState.ANSWERED


def test_nobody_answers_for_another_nor_accepts_out_of_office(task, parks):
    def foreign():
        with looking("qian", Post.UNIT_LEAD, parks.path):
            actions.answer_gap(task, proof="", act=did(Post.UNIT_LEAD, "qian", note="已办"))

    refused("not_yours", foreign)
    refused("note_missing", lambda: answered(task, note=" "))
    refused("proof_long", lambda: answered(task, proof="长" * 401))
    refused("not_now", lambda: actions.accept_gap(task, act=did()))
    row = answered(task)
    for post in set(Post) - {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}:
        refused("not_yours", lambda post=post: actions.accept_gap(row, act=did(post, "sun")))


def test_the_lead_of_a_street_office_answers_for_its_street(roads):
    roads.kind, roads.area_code = "subdistrict", "900001001"
    roads.save()
    with looking("chen", Post.UNIT_LEAD, roads.path) as viewer:
        assert own_areas(viewer) == ["900001001"]


PLACE = ("SZ-DL", "on_time_handling_rate")


@pytest.fixture
def short(published):
    """Published with sixty cases each instead of four: half on time against all of them."""
    for row in published.result["rows"]:
        cell = next(one for one in row["cells"] if one["indicator"] == PLACE[1])
        cell["numerator"], cell["denominator"] = (30 if row["code"] == PLACE[0] else 60), 60
    published.save()
    return published


def test_a_shortcoming_becomes_a_task_once(short):
    def make(*chosen):
        return actions.make_gap_tasks(short, chosen=chosen, act=did(note="限期提升"))

    (made,) = make(PLACE)
    assert (made.group, made.origin, made.source) == ("SZ-DL", "shortcoming", short.number)
    assert (made.title, made.what) == ("", "") and made.figures["numerator"] == 30
    page = reverse("gap", args=[made.number])
    office = signed_in("huang", post=Post.CENTER_DIRECTOR)
    assert (
        "按期处置率为 50.00%（30/60），低于其他单位的 100.00%" in office.get(page).content.decode()
    )
    english = office.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "低于其他单位" not in english and "(30/60)" in english
    assert list(check_gaps()) == []
    refused("gap_known", lambda: make(PLACE))
    refused("nothing_chosen", make)
    refused("gap_unknown", lambda: make(("YL-LH", PLACE[1])))


def test_a_draft_gives_no_tasks(draft):
    refused("not_now", lambda: actions.make_gap_tasks(draft, chosen=[PLACE], act=did()))


# -- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def _april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def office(_april, city):
    return signed_in("huang", post=Post.CENTER_DIRECTOR)


def posted(client, url, **told):
    return client.post(url, {"key": key_in(client.get(url)), "base_n": 0, **told})


def test_the_unit_sees_its_own_alone_and_answers_it(task, office, roads, parks):
    lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
    with budget("page:gaps"):
        told = lead.get(reverse("gaps")).content.decode()
    assert "井盖异响" in told and "园林绿化处" not in told
    page = reverse("gap", args=[task.number])
    with budget("page:gap"):
        assert "答复" in lead.get(page).content.decode()
    other = signed_in("qian", post=Post.UNIT_LEAD, unit=parks)
    assert other.get(page).status_code == 404
    assert "井盖异响" not in other.get(reverse("gaps")).content.decode()
    assert posted(lead, page, note="", verb="answer_gap").status_code == 422
    sent = posted(lead, page, note="已更换", proof="照片 3 张", verb="answer_gap")
    assert sent.status_code == 302
    assert posted(office, page, note="", verb="accept_gap").status_code == 302
    assert GapTask.everything.get(pk=task.pk).state == GapState.ACCEPTED
    assert office.get(reverse("gap", args=["none"])).status_code == 404


def test_the_list_is_cut_by_state_and_taken_as_a_table(task, office):
    told = office.get(reverse("gaps"), {"state": "late"}).content.decode()
    assert "没有符合条件的差距任务" in told
    with time_machine.travel(at(1, month=6), tick=False):
        late = signed_in("huang2", post=Post.CENTER_DIRECTOR)
        assert "井盖异响" in late.get(reverse("gaps"), {"state": "late"}).content.decode()
    answer = office.get(reverse("export", args=["gaps"]), {"state": "open"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert {"井盖异响", "市政道路处"} <= set(rows[1]) and len(rows) == 3


def test_a_task_of_several_shows_each_and_the_list_is_cut_by_sheet(mixed, office):
    confirmed(mixed, MANY)
    confirmed(mixed, [line("bonus", "YL-LH", minus="1", reason="迟报")])
    task = GapTask.everything.get(group="SZ-DL")
    page = office.get(reverse("gap", args=[task.number])).content.decode()
    assert "3 处扣分，见下表。" in page
    assert all(one.reason in page for one in MANY) and "问卷 17 号" in page
    listed = office.get(reverse("gaps"), {"source": "small-2026-03-1"}).content.decode()
    assert "3 处扣分：井盖异响 −8；垃圾 −2；标线模糊 −0.5" in listed and "迟报" not in listed
    assert "只看来自 small-2026-03-1 的" in listed
    answer = office.get(reverse("export", args=["gaps"]), {"source": "small-2026-03-1"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2 and "3 处扣分：井盖异响 −8；垃圾 −2；标线模糊 −0.5" in rows[1]


def test_shortcomings_are_chosen_on_a_page_of_the_office(short, office):
    page = reverse("gaps_of", args=[short.number])
    assert "低于其他单位" in office.get(page).content.decode()
    assert posted(office, page, note="").status_code == 422
    assert posted(office, page, note="限期", chosen=["/".join(PLACE[::-1])]).status_code == 302
    assert GapTask.everything.get().group == PLACE[0]
    assert "没有要列的短板" in office.get(page).content.decode()
    reader = signed_in("lin", post=Post.LEADER)
    assert reader.get(page).status_code == 403
