"""A resident with a tracking code: what he reads of his case, and his word after its closing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.cases import actions, answering, followed, jobs, listing, replay
from changxiao.cases.models import Case
from changxiao.catalog import residents
from changxiao.catalog.actions import set_answer_template
from changxiao.kernel import spoken
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from tests.support.cast import act, at

pytestmark = pytest.mark.django_db
FORM_KEY = "0198d0f2-6d1c-7c53-9b0e-3f6b8f0a1c11"


@pytest.fixture
def code():
    return followed.code_of(FORM_KEY)


@pytest.fixture
def sent(problem, code):
    told = replace(problem, channel="public", follow=followed.digest_of(code))
    return actions.report(told, act=act("report", by="system:portal", post=""))


def dispatched_of(case, damaged, roads):
    case = actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 5)))
    case = actions.confirm(case, act=act("confirm", at(2, 9, 10)))
    case = actions.accept(case, act=act("accept", at(2, 9, 15)))
    case = actions.file(case, criterion=damaged, act=act("file", at(2, 9, 20)))
    return actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 25)))


def closed_of(case, damaged, roads, answer="坑已补平，谢谢。"):
    case = dispatched_of(case, damaged, roads)
    case = actions.feed_back(case, act=act("feed_back", at(2, 10), note="已修补"))
    case = actions.verify(case, act=act("verify", at(2, 10, 30)))
    return actions.close(case, answer=answer, act=act("close", at(2, 11)))


@pytest.fixture
def done(sent, damaged, roads):
    return closed_of(sent, damaged, roads)


def said_no(case, when, **more):
    return actions.contest(case, reason="坑还在", act=act("contest", when), **more)


# -- the code --------------------------------------------------------------------------------------


def test_the_same_form_gives_the_same_code_and_the_row_holds_a_digest_only(sent, code):
    assert followed.code_of(FORM_KEY) == code
    assert followed.case_of(spoken.grouped(code).lower()) == sent
    assert code not in sent.follow
    held = Entry.objects.get(stream=sent.stream).body
    assert code not in held and FORM_KEY not in held
    assert list(replay.check()) == []


@given(st.uuids(version=4))
def test_no_other_code_opens_it(key):
    with pytest.raises(Refused) as no:
        followed.case_of(followed.code_of(str(key)))
    assert no.value.code == "code_unknown"


def test_a_report_with_a_code_waits_for_an_answer(sent, damaged, roads):
    assert sent.waits_for_answer
    with pytest.raises(Refused, match="给举报人的答复"):
        closed_of(sent, damaged, roads, answer="")


def test_each_stage_has_plain_words_and_the_way_is_told_without_names(done):
    told = followed.told(done, at(2, 12))
    assert told.words == "已经办结。"
    assert told.answer == "坑已补平，谢谢。"
    assert [one.words for one in told.road] == [
        *("收到上报", "立案", "交给市政道路处", "单位处理完", "现场核查通过", "办结"),
    ]


def test_a_late_case_says_so(sent, damaged, roads):
    case = dispatched_of(sent, damaged, roads)
    told = followed.told(case, at(5, 9))
    assert told.due_at == case.handle_due_at
    assert "超过应办时间" in told.words


# -- was it really fixed? --------------------------------------------------------------------------


def test_a_yes_is_counted_once(done):
    assert followed.may_answer(done, at(3, 9))
    case = actions.acknowledge(done, act=act("acknowledge", at(3, 9)))
    assert (case.stage, case.satisfaction) == ("closed", "satisfied")
    for no in (
        lambda: actions.acknowledge(case, act=act("acknowledge", at(3, 10))),
        lambda: said_no(case, at(3, 10)),
    ):
        with pytest.raises(Refused, match="已经评价过"):
            no()
    case.refresh_from_db()
    assert (case.stage, case.contest_count) == ("closed", 0)
    assert list(replay.check()) == []


def test_a_no_puts_it_back_before_the_shift_leader_with_the_reason(done):
    case = said_no(done, at(3, 9))
    assert (case.stage, case.satisfaction, case.contest_count) == ("verified", "unsatisfied", 1)
    assert case.due_at > at(3, 9) and case.ended_at is None
    assert "坑还在" not in Entry.objects.get(verb="contest").body
    assert followed.told(case, at(3, 10)).words == "您说没有解决，值班长正在复查。"
    with pytest.raises(Refused, match="待结案"):
        said_no(case, at(3, 10))
    assert list(replay.check()) == []


def test_each_closing_may_be_contested_once(done):
    case = said_no(done, at(3, 9))
    case = actions.close(case, answer="已再看过。", act=act("close", at(3, 10)))
    assert case.satisfaction == "" and followed.may_answer(case, at(3, 11))
    case = said_no(case, at(3, 11))
    assert case.contest_count == 2
    assert list(replay.check()) == []


@pytest.mark.parametrize(("days", "open_"), [(14, True), (16, False)])
def test_after_the_citys_days_nobody_asks_any_more(done, days, open_):
    when = done.ended_at + timedelta(days=days)
    assert followed.may_answer(done, when) is open_
    if not open_:
        with pytest.raises(Refused, match="不再回访"):
            said_no(done, when)
        done.refresh_from_db()
        assert done.stage == "closed"


def test_a_forced_end_is_not_asked_about(sent, damaged, roads):
    case = dispatched_of(sent, damaged, roads)
    case = actions.force_close(case, answer="拆迁", act=act("force_close", at(2, 10), note="拆迁"))
    assert not followed.may_answer(case, at(2, 11))
    with pytest.raises(Refused, match="强制结案"):
        said_no(case, at(2, 11))


def test_the_second_look_is_anothers(done):
    case = said_no(done, at(3, 9))
    case = actions.verify_again(case, act=act("verify_again", at(3, 10), note="请另一位去看"))
    assert (case.stage, case.checker, case.verified_by) == ("handled", "", "wang")
    with pytest.raises(Refused, match="另一位监督员"):
        actions.verify(case, act=act("verify", at(3, 11)))
    with pytest.raises(Refused, match="另一位监督员"):
        actions.ask_to_verify(case, collector="wang", act=act("ask_to_verify", at(3, 11)))
    case.refresh_from_db()
    assert case.stage == "handled"

    again = actions.rework(case, act=act("rework", at(3, 11), by="wu", note="确实还在"))
    assert (again.stage, again.verified_by, again.rework_count) == ("dispatched", "", 1)
    assert list(replay.check()) == []


def test_verifying_again_needs_a_reason(done):
    case = said_no(done, at(3, 9))
    with pytest.raises(Refused, match="退回核查的理由"):
        actions.verify_again(case, act=act("verify_again", at(3, 10)))


# -- the same problem, reported before -------------------------------------------------------------


def test_a_resident_joins_what_is_known_and_gets_its_answer(problem, dispatched, code):
    told = replace(problem, channel="public", follow=followed.digest_of(code))
    by = act("report", at(2, 10), by="system:portal", post="")
    case = actions.report_into(told, to=dispatched, act=by)
    assert (case.stage, case.duplicate_of) == ("joined", dispatched)
    mine = followed.told(followed.case_of(code), at(2, 10))
    assert mine.joined and mine.due_at == dispatched.handle_due_at
    assert "合并到相同的一件" in [one.words for one in mine.road]

    lead = actions.feed_back(dispatched, act=act("feed_back", at(2, 11, 15), note="已修补"))
    lead = actions.verify(lead, act=act("verify", at(2, 11, 40)))
    lead = actions.close(lead, answer="补好了", act=act("close", at(2, 11, 50)))
    jobs.answer_duplicates(lead.head)
    assert followed.told(followed.case_of(code), at(2, 12)).answer == "补好了"


def test_a_desk_splits_off_what_a_resident_joined_by_mistake(problem, dispatched, code):
    told = replace(problem, channel="public", follow=followed.digest_of(code))
    by = act("report", at(2, 10), by="system:portal", post="")
    case = actions.report_into(told, to=dispatched, act=by)
    case = actions.split_off(case, act=act("split_off", at(2, 11), note="不是同一个坑"))
    assert (case.stage, case.duplicate_of) == ("reported", None)
    assert followed.words_of(case, at(2, 12)) == "已经收到，正等工作人员查看。"
    assert Case.everything.get(follow=followed.digest_of(code)) == case
    assert list(replay.check()) == []


# -- what he is told -------------------------------------------------------------------------------


def test_an_answer_begins_with_the_citys_words_filled_with_the_cases_own(sent, damaged, roads):
    residents.table.clear()
    set_answer_template("*", "restored", text="{单位}已修好{类别}。", act=Act.system("test"))
    case = dispatched_of(sent, damaged, roads)
    assert answering.proposed(case, "restored") == "市政道路处已修好道路破损。"
    assert "劝离" in answering.proposed(case, "persuaded")
    assert answering.proposed(case, "declined") == ""


def test_a_list_of_what_was_contested_is_one_filter(done):
    case = said_no(done, at(3, 9))
    found = listing.filtered({"satisfaction": "unsatisfied"}, at=at(3, 10))
    assert [one.number for one in found] == [case.number]
    assert not listing.filtered({"satisfaction": "satisfied"}, at=at(3, 10))
    with pytest.raises(Refused, match="satisfaction"):
        listing.filtered({"satisfaction": "furious"}, at=at(3, 10))
