"""拆分与并案: two problems get two numbers, two reports of one problem get one answer."""

from datetime import timedelta

import pytest

from changxiao.cases import actions, jobs, replay
from changxiao.cases.actions import Second
from changxiao.cases.clock import StageClock
from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.models import Case
from changxiao.cases.tests.test_actions import suspended
from changxiao.catalog import timetable
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from tests.support.cast import act, at


@pytest.fixture
def lead(problem):
    return actions.report(problem, act=act("report"))


def join(case, lead, when, **more):
    return actions.join(case, to=lead, act=act("join", when, **more))


def moved_to(stage, request):
    if stage == Stage.SUSPENDED:
        return suspended(request.getfixturevalue("dispatched"), at(9, 8))
    if stage == Stage.CONFIRMING:
        case = request.getfixturevalue("reported")
        return actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 5)))
    return request.getfixturevalue(stage.value)


@pytest.mark.parametrize("stage", sorted(OPEN))
def test_a_duplicate_ends_and_comes_back_with_the_time_it_had_left(request, lead, stage):
    case = moved_to(Stage(stage), request)
    when = at(2, 12)
    joined = join(case, lead, when)
    assert (joined.stage, joined.duplicate_of, joined.due_at) == ("joined", lead, None)
    assert joined.ended_at == when
    assert not [c for c in joined.clocks if c["since"]]

    back = actions.split_off(joined, act=act("split_off", at(3, 12), note="是另一处"))
    assert back.stage == ("dispatched" if stage == "suspended" else stage)
    assert (back.duplicate_of, back.ended_at) == (None, None)
    if stage != "suspended":
        assert left(back) == left(case) - spent(case, when)
    assert list(replay.check()) == []


def left(case):
    return StageClock.from_json(case.clocks[-1]).run.left


def spent(case, until):
    """What the case's last clock used from when it began to run until it was joined."""
    kept = StageClock.from_json(case.clocks[-1])

    calendar = timetable.calendar_for(kept.kind)
    return calendar.elapsed_seconds(kept.run.since, until, kept.run.unit)


def refused(case, lead, code):
    with pytest.raises(Refused) as no:
        join(case, lead, at(2, 12))
    assert no.value.code == code
    assert Case.everything.get(pk=case.pk).n == case.n


def test_a_case_is_not_joined_to_itself_to_an_ended_one_or_in_a_ring(problem, lead, closed):
    other = actions.report(problem, act=act("report"))
    refused(lead, lead, "joined_to_itself")
    refused(lead, closed, "lead_ended")
    joined = join(other, lead, at(2, 12))
    refused(lead, actions.report(problem, act=act("report")), "leads_others")
    refused(actions.report(problem, act=act("report")), joined, "lead_ended")


def test_joining_twice_by_one_act_is_joining_once(reported, lead):
    sent = act("join", at(2, 12))
    actions.join(reported, to=lead, act=sent)
    with pytest.raises(Replayed):
        actions.join(reported, to=lead, act=sent)
    assert Case.everything.get(pk=reported.pk).n == 2


def test_both_reporters_get_the_answer_of_the_lead(public_problem, damaged, roads):
    first = actions.report(public_problem, act=act("report"))
    second = actions.report(public_problem, act=act("report"))
    joined = join(second, first, at(2, 9, 5))
    case = actions.decline(first, reason="属于铁路部门", act=act("decline", at(2, 9, 6)))

    jobs.answer_duplicates(case.head)
    jobs.answer_duplicates(case.head)

    joined.refresh_from_db()
    assert (joined.answer, joined.stage) == ("属于铁路部门", "joined")
    assert list(joined.entries.values_list("verb", flat=True)) == ["report", "join", "pass_answer"]
    assert list(replay.check()) == []


# -- split ---------------------------------------------------------------------------------------


def split(case, kind, when=None, **more):
    second = Second(subcategory=kind, description="旁边还有一堆垃圾", **more)
    return actions.split(case, second=second, act=act("split", when or at(2, 9, 30)))


@pytest.mark.parametrize("stage", sorted(OPEN - {Stage.SUSPENDED}))
def test_the_second_problem_has_a_number_of_its_own_and_has_waited_as_long(request, damaged, stage):
    first = moved_to(Stage(stage), request)
    made = split(first, damaged.subcategory, at(2, 12))

    early = {"reported", "confirming", "accepted"}
    assert made.stage == (stage if stage in early else "accepted")
    assert (made.number, made.split_from, made.code) == ("202603020002", first, None)
    assert made.reported_at == first.reported_at
    begun = {c["stage"]: c["spans"][0][0] for c in first.clocks}
    assert made.clocks[0]["spans"][0][0] == begun[made.stage]
    row = Case.everything.get(pk=first.pk)
    assert (row.stage, row.n) == (first.stage, first.n + 1)
    assert row.entries.last().data["into"] == made.number
    assert list(replay.check()) == []


def test_one_person_stands_behind_both_and_the_text_is_in_neither_log(public_problem, damaged):
    first = actions.report(public_problem, act=act("report"))
    made = split(first, damaged.subcategory)

    assert made.reporter == first.reporter != ""
    assert "垃圾" not in "".join(Entry.objects.values_list("body", flat=True))


def test_a_split_sent_twice_is_one_case(reported, damaged):
    second = Second(subcategory=damaged.subcategory, description="还有垃圾")
    sent = act("split", at(2, 9, 30))
    actions.split(reported, second=second, act=sent)
    with pytest.raises(Replayed):
        actions.split(reported, second=second, act=sent)
    assert Case.everything.count() == 2


def test_a_split_says_what_the_second_problem_is(reported, damaged):
    with pytest.raises(Refused) as no:
        actions.split(
            reported,
            second=Second(subcategory=damaged.subcategory),
            act=act("split", at(2, 9, 30)),
        )
    assert no.value.field == "description"
    assert Case.everything.count() == 1


def test_a_split_case_goes_its_own_way_to_the_end(dispatched, damaged, roads):
    made = split(dispatched, damaged.subcategory)
    when = at(2, 10)
    made = actions.file(made, criterion=damaged, act=act("file", when))
    made = actions.dispatch(made, to=roads, act=act("dispatch", when + timedelta(minutes=1)))
    assert made.code != dispatched.code
    assert list(replay.check()) == []
