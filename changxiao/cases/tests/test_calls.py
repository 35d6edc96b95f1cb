"""来电与回访: a number is known again and read by nobody, and whoever asked for it is rung back."""

import json
from dataclasses import replace

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from changxiao.cases import actions, callers, ringing
from changxiao.cases.actions import Calling, Heard, Reporter
from changxiao.cases.jobs import answer_duplicates
from changxiao.cases.models import Case
from changxiao.cases.models_calls import Call, Callback
from changxiao.cases.replay import differences
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.cases.written import folded
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from tests.support.budgets import budget
from tests.support.cast import act, at

PHONE = "13800138000"
CALLER = Reporter("陈大文", PHONE)
NO = Heard(reached=True, solved=False, satisfaction="unsatisfied", said="坑还在")
YES = Heard(reached=True, solved=True, satisfaction="fairly")
MISSED = Heard(reached=False)


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 12), tick=False):
        yield


@pytest.fixture
def called(problem):
    asked = Calling(anonymous=True, wants_callback=True)
    rung = replace(problem, channel="hotline", reporter=CALLER, call=asked)
    return actions.report(rung, act=act("report", at(2, 9)))


def finished(case, criterion, unit):
    """The case through to its closing at noon."""
    with_confirm = actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 1)))
    case = actions.confirm(with_confirm, act=act("confirm", at(2, 9, 2)))
    case = actions.accept(case, act=act("accept", at(2, 9, 5)))
    case = actions.file(case, criterion=criterion, act=act("file", at(2, 9, 10)))
    case = actions.dispatch(case, to=unit, act=act("dispatch", at(2, 9, 15)))
    case = actions.feed_back(case, act=act("feed_back", at(2, 11), note="已修补"))
    case = actions.verify(case, act=act("verify", at(2, 11, 40)))
    return actions.close(case, answer="已修好", act=act("close", at(2, 11, 50)))


@pytest.fixture
def waiting(called, damaged, roads):
    return finished(called, damaged, roads)


def ring(case, heard, when, **more):
    return actions.call_back(case, heard=heard, act=act("call_back", when), **more)


WRITTEN = ["138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００", "008613800138000"]


@pytest.mark.parametrize("written", WRITTEN)
def test_however_a_number_is_written_it_is_one_caller(written):
    assert callers.digest_of(written) == callers.digest_of(PHONE)
    assert PHONE not in callers.digest_of(written)


@given(st.text(max_size=40))
def test_no_text_breaks_the_digest_and_few_digits_are_no_number(text):
    digits = callers.plain_number(text)

    assert not digits or (digits.isdecimal() and len(digits) >= callers.FEWEST)
    assert bool(callers.digest_of(text)) == bool(digits)


def test_the_number_stands_neither_in_the_rows_nor_in_the_log(called):
    call = Call.objects.get(case=called)

    assert (call.anonymous, call.wants_callback, call.caller) == (
        *(True, True),
        callers.digest_of(PHONE),
    )
    assert PHONE not in "".join(Entry.objects.values_list("body", flat=True)) + str(vars(call))


def test_a_second_call_joins_the_open_case_and_counts_as_a_reminder(called):
    other = Reporter("李四", "0754-8888123")
    case = actions.call_again(
        called,
        said="更大了",
        calling=Calling(wants_callback=True),
        reporter=other,
        act=act("call_again", at(2, 9, 30)),
    )

    assert (Case.everything.count(), case.nudge_count, case.calls.count()) == (1, 1, 2)
    told = json.loads(actions.unmask(case, act=act("unmask", at(2, 9, 40), note="回拨")))
    assert told["phone"] == PHONE and told["others"] == [{"name": "李四", "phone": "0754-8888123"}]
    assert "更大了" not in Entry.objects.get(verb="call_again").body


def test_an_ended_case_takes_no_second_call(waiting):
    with pytest.raises(Refused, match="已结案"):
        actions.call_again(
            waiting,
            said="",
            calling=Calling(),
            reporter=CALLER,
            act=act("call_again", at(2, 12)),
        )
    assert waiting.calls.count() == 1


def test_who_asked_for_it_is_due_to_be_rung_by_the_citys_limit(waiting):
    assert (waiting.callback, waiting.callback_tries) == ("waiting", 0)
    assert waiting.callback_due_at == at(3, 11, 50)
    assert ringing.waiting(at(2, 12)) == (1, 0)
    assert ringing.waiting(at(3, 12)) == (1, 1)


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        (Heard(reached=True), "问题是否解决"),
        (Heard(reached=True, solved=True, satisfaction="great"), "great"),
        (Heard(reached=True, solved=False), "没有解决"),
        (Heard(reached=True, solved=True, satisfaction="unsatisfied"), "不满意"),
    ],
)
def test_half_an_answer_is_refused_and_nothing_is_written(waiting, heard, why):
    with pytest.raises(Refused, match=why):
        ring(waiting, heard, at(2, 12))
    waiting.refresh_from_db()
    assert (waiting.callback, waiting.callback_tries, Callback.objects.count()) == ("waiting", 0, 0)


def test_three_tries_without_an_answer_are_an_end(waiting):
    for n in range(3):
        waiting = ring(waiting, MISSED, at(2, 12, n))
    assert (waiting.callback, waiting.callback_tries) == ("unreached", 3)
    assert waiting.satisfaction == "" and waiting.callback_due_at is None
    with pytest.raises(Refused, match="没有待办的回访"):
        ring(waiting, MISSED, at(2, 12, 5))


def test_a_yes_is_kept_and_the_log_alone_tells_it(waiting):
    case = ring(waiting, YES, at(2, 12))

    assert (case.callback, case.satisfaction, case.solved) == ("reached", "fairly", True)
    row = Callback.objects.get()
    assert (row.by, row.reached, row.solved) == ("chen", True, True)
    bodies = (json.loads(body) for body in case.entries.values_list("body", flat=True))
    assert list(differences(Case.everything.get(pk=case.pk), folded(bodies))) == []


def test_a_no_may_put_it_back_before_the_shift_leader_and_the_next_closing_asks_anew(waiting):
    case = actions.reopen(waiting, said="坑还在", act=act("reopen", at(2, 12)))

    assert (case.stage, case.contest_count, case.satisfaction) == ("verified", 1, "unsatisfied")
    assert (case.callback, case.solved, Callback.objects.count()) == ("reached", False, 1)
    again = actions.close(case, answer="又修了一次", act=act("close", at(2, 14)))
    assert (again.callback, again.callback_tries, again.solved) == ("waiting", 0, None)


def test_too_long_after_the_closing_nothing_is_reopened(waiting):
    with pytest.raises(Refused, match="15天"):
        actions.reopen(waiting, said="坑还在", act=act("reopen", at(30, 12)))
    waiting.refresh_from_db()
    assert waiting.stage == "closed"


def test_who_answered_by_his_code_is_not_rung(waiting):
    case = actions.acknowledge(waiting, act=act("acknowledge", at(2, 12)))
    assert (case.callback, case.satisfaction, case.solved) == ("reached", "satisfied", True)


def test_a_joined_caller_is_rung_too_and_his_no_reopens_the_lead(problem, damaged, roads):
    asked = Calling(wants_callback=True)
    second = replace(problem, channel="hotline", reporter=CALLER, call=asked)
    lead = actions.report(problem, act=act("report", at(2, 8, 50)))
    joined = actions.report(second, act=act("report", at(2, 8, 55)))
    joined = actions.join(joined, to=lead, act=act("join", at(2, 8, 56)))
    assert joined.callback == ""

    lead = finished(lead, damaged, roads)
    answer_duplicates(Entry.objects.get(verb="close"))
    joined.refresh_from_db()
    assert (joined.callback, joined.answer) == ("waiting", "已修好")

    ring(joined, NO, at(2, 12), again=True)
    lead.refresh_from_db()
    joined.refresh_from_db()
    assert (joined.callback, joined.solved) == ("reached", False)
    assert (lead.stage, lead.contest_count) == ("verified", 1)


def told(**more):
    return {"channel": "hotline", "description": "还没修", "reporter_phone": PHONE} | more


def test_the_form_shows_the_callers_cases_and_one_press_adds_the_call(called, city):
    client = signed_in("chen")
    page = client.post("/cases/report/caller", {"reporter_phone": "138 0013 8000"})
    text = page.content.decode()
    assert "此号码近 30 天来电 1 次" in text and called.number in text and PHONE not in text

    key = key_in(client.get("/cases/report/"))
    answer = client.post("/cases/report/", told(key=key, again=called.number))
    assert answer["Location"] == f"/cases/{called.number}/reported/"
    again = client.post("/cases/report/", told(key=key, again=called.number))
    assert again.status_code == 302
    called.refresh_from_db()
    assert (Case.everything.count(), called.nudge_count, called.calls.count()) == (1, 1, 2)
    story = client.get(f"/cases/{called.number}/").content.decode()
    assert "还没修" in story and "要求回访" in story


@pytest.mark.parametrize("who", ["wang", "zhang", "li"])
def test_nobody_but_a_clerk_asks_who_rang(called, who):
    asked = signed_in(who).post("/cases/report/caller", {"reporter_phone": PHONE})
    assert asked.status_code == 403
    assert signed_in(who).get("/cases/callbacks/").status_code == 403


def test_a_foreign_case_of_the_same_number_is_counted_and_not_shown(called):
    clerk = signed_in("chen", area="440507")
    text = clerk.post("/cases/report/caller", {"reporter_phone": PHONE}).content.decode()
    assert "来电 1 次" in text and called.number not in text and "辖区" in text


def test_the_list_leads_from_the_number_to_what_was_said(waiting):
    client = signed_in("chen")
    page = client.get("/cases/callbacks/").content.decode()
    assert waiting.number in page and "取号码回拨" in page and PHONE not in page
    assert "待回访" in client.get("/").content.decode()

    row = ringing.rows_of([waiting], at(2, 12))[0]
    asked = {"key": row.key, "note": "回访"}
    shown = client.post(f"/cases/{waiting.number}/do/unmask/", asked).content.decode()
    assert f"tel:{PHONE}" in shown and Entry.objects.filter(verb="unmask").count() == 1

    address = f"/cases/{waiting.number}/do/call_back/"
    form = {"key": key_in(client.get(address)), "reached": "true", "solved": "true"}
    assert client.post(address, form | {"satisfaction": "satisfied"}).status_code == 302
    done = client.get("/cases/callbacks/?state=reached").content.decode()
    assert waiting.number in done and "满意" in done
    assert "没有这样的回访" in client.get("/cases/callbacks/").content.decode()
    assert client.get("/cases/callbacks/?state=x").status_code == 400


def test_the_list_of_callbacks_keeps_its_budget(waiting):
    client = signed_in("chen")
    client.get("/cases/callbacks/")

    with budget("page:callbacks"):
        assert waiting.number in client.get("/cases/callbacks/").content.decode()
