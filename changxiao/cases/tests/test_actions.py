"""The road from report to closing, verb by verb, and what is refused on the way."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from changxiao.cases import actions, story
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case, CaseRequest
from changxiao.catalog.models import Responsibility
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry, PrivateValue
from changxiao.ledger.refusals import KeyReused, Replayed
from changxiao.orgs.models import Staff
from tests.support.cast import act, at


def verbs_of(case):
    return list(case.entries.values_list("verb", flat=True))


def unchanged(case, n):
    row = Case.everything.get(pk=case.pk)
    assert row.n == n == case.entries.count()
    return row


def test_a_report_gets_a_speakable_number_a_place_and_one_entry(reported):
    assert reported.number == "202603020001"
    assert reported.district_code == "440511"
    assert reported.unit_grid_code.startswith(reported.community_code)
    assert verbs_of(reported) == ["report"]


def test_the_same_report_sent_again_is_one_case(problem):
    sent = act("report", key="phone-0001")
    case = actions.report(problem, act=sent)

    with pytest.raises(Replayed) as again:
        actions.report(problem, act=sent)
    assert again.value.entry.stream == case.stream
    assert Case.everything.count() == 1


def test_a_key_that_comes_back_with_other_content_is_refused(problem):
    sent = act("report", key="phone-0001", digest="a" * 64)
    actions.report(problem, act=sent)

    with pytest.raises(KeyReused):
        actions.report(problem, act=replace(sent, digest="b" * 64))
    assert Case.everything.count() == 1


def test_a_place_outside_the_city_is_refused_and_nothing_is_kept(problem):
    with pytest.raises(Refused) as no:
        actions.report(replace(problem, lon=113.3, lat=23.1), act=act("report"))

    assert no.value.code == "outside_city"
    assert (Case.everything.count(), Entry.objects.count()) == (0, 0)


def test_what_a_resident_writes_is_not_in_the_log(public_problem):
    case = actions.report(public_problem, act=act("report"))
    text = "".join(Entry.objects.values_list("body", flat=True))

    assert "13800138000" not in text
    assert "有坑" not in text
    assert PrivateValue.objects.filter(commit=case.reporter).exists()


def test_a_public_report_must_be_confirmed_before_it_is_accepted(public_problem):
    case = actions.report(public_problem, act=act("report"))

    with pytest.raises(Refused, match="核实"):
        actions.accept(case, act=act("accept", at(2, 9, 5)))
    unchanged(case, 1)

    actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 5)))
    actions.confirm(case, act=act("confirm", at(2, 9, 20)))
    assert actions.accept(case, act=act("accept", at(2, 9, 25))).stage == Stage.ACCEPTED


def test_what_was_not_found_can_only_be_declined(public_problem):
    case = actions.report(public_problem, act=act("report"))
    actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 5)))
    actions.refute(case, act=act("refute", at(2, 9, 20), note="现场无坑"))

    with pytest.raises(Refused, match="不实"):
        actions.accept(case, act=act("accept", at(2, 9, 25)))
    declined = actions.decline(case, reason="现场未发现", act=act("decline", at(2, 9, 30)))
    assert (declined.stage, declined.answer) == (Stage.DECLINED, "现场未发现")


def test_a_confirmation_given_to_one_collector_is_not_another_s(public_problem):
    case = actions.report(public_problem, act=act("report"))
    actions.ask_to_confirm(case, collector="wang", act=act("ask_to_confirm", at(2, 9, 5)))

    with pytest.raises(Refused, match="其他监督员"):
        actions.confirm(case, act=act("confirm", at(2, 9, 20), by="wu"))
    unchanged(case, 2)


def test_filing_needs_a_criterion_and_gives_a_code(accepted, damaged):
    with pytest.raises(Refused, match="立案标准"):
        actions.file(accepted, act=act("file", at(2, 9, 10)))
    unchanged(accepted, 2)

    filed = actions.file(accepted, criterion=damaged, act=act("file", at(2, 9, 10)))
    assert (filed.code, filed.stage) == ("4405112026030200001", Stage.FILED)


def test_dispatching_starts_the_unit_s_clock_by_the_criterion(dispatched):
    assert dispatched.due_at == at(2, 15, 15)
    assert dispatched.handle_due_at == at(2, 15, 15)
    assert dispatched.whole_due_at > dispatched.handle_due_at


def test_a_second_dispatcher_comes_too_late(filed, dispatched, parks):
    with pytest.raises(Refused, match="待处置"):
        actions.dispatch(filed, to=parks, act=act("dispatch", at(2, 9, 16)))
    unchanged(dispatched, 4)


def test_a_repeated_dispatch_gets_its_old_answer(filed, roads, parks):
    sent = act("dispatch", at(2, 9, 15), key="desk-0001")
    actions.dispatch(filed, to=roads, act=sent)

    with pytest.raises(Replayed) as again:
        actions.dispatch(filed, to=roads, act=sent)
    assert again.value.entry.n == 4


def test_feedback_stops_the_clock_and_verification_closes(closed):
    assert verbs_of(closed) == [
        "report", "accept", "file", "dispatch", "feed_back", "verify", "close",
    ]  # fmt: skip
    assert (closed.stage, closed.handled_late, closed.due_at) == (Stage.CLOSED, False, None)


def test_feedback_after_the_due_time_is_late_for_ever(dispatched):
    late = actions.feed_back(dispatched, act=act("feed_back", at(2, 15, 16), note="修好"))
    assert late.handled_late


def test_feedback_without_any_evidence_is_refused(dispatched):
    with pytest.raises(Refused, match="处置情况"):
        actions.feed_back(dispatched, act=act("feed_back", at(2, 10)))
    unchanged(dispatched, 4)


def test_who_fed_back_does_not_verify(handled):
    with pytest.raises(Refused, match="反馈人"):
        actions.verify(handled, act=act("verify", at(2, 12), by="zhao"))
    unchanged(handled, 5)


def test_rework_resumes_what_was_left_and_is_counted(handled):
    again = actions.rework(handled, act=act("rework", at(2, 14), note="坑还在"))

    assert (again.stage, again.rework_count) == (Stage.DISPATCHED, 1)
    assert again.due_at == at(2, 16)  # 2 of 4 work hours were left


def test_rework_leaves_at_least_the_city_s_floor(dispatched):
    case = actions.feed_back(dispatched, act=act("feed_back", at(2, 15), note="修好"))
    again = actions.rework(case, act=act("rework", at(2, 15, 30), note="没修好"))

    assert again.due_at == at(2, 17, 30)


def test_sending_back_needs_a_reason_and_the_receiving_window(dispatched):
    with pytest.raises(Refused, match="申请理由"):
        actions.send_back(dispatched, act=act("send_back", at(2, 10)))
    with pytest.raises(Refused, match="签收时限"):
        actions.send_back(dispatched, act=act("send_back", at(2, 11, 16), note="非我单位"))
    unchanged(dispatched, 4)


def test_a_received_case_is_not_sent_back(dispatched):
    case = actions.receive(dispatched, act=act("receive", at(2, 9, 30)))
    with pytest.raises(Refused, match="已签收"):
        actions.send_back(case, act=act("send_back", at(2, 9, 40), note="非我单位"))


def send_back(case, hour, minute=0):
    actions.send_back(case, act=act("send_back", at(2, hour, minute), note="非我单位"))
    return actions.take_back(case, act=act("take_back", at(2, hour, minute + 20)))


def test_an_accepted_send_back_paused_from_when_it_was_asked(dispatched, roads):
    case = send_back(dispatched, 10, 15)
    assert (case.stage, case.unit, case.send_back_count) == (Stage.FILED, None, 1)

    again = actions.dispatch(case, to=roads, act=act("dispatch", at(2, 11), note="补充了位置"))
    assert again.due_at == at(2, 16)  # three of four hours left at 11:00


def test_the_same_unit_gets_it_back_only_with_a_correction(dispatched, roads):
    case = send_back(dispatched, 10)
    with pytest.raises(Refused, match="更正"):
        actions.dispatch(case, to=roads, act=act("dispatch", at(2, 11)))
    unchanged(case, 6)


def test_another_unit_starts_anew(dispatched, parks):
    case = send_back(dispatched, 10)
    again = actions.dispatch(case, to=parks, act=act("dispatch", at(2, 11)))
    assert again.due_at == at(2, 17)  # 11–12 and 14–17


def test_a_refused_send_back_never_paused_anything(dispatched):
    actions.send_back(dispatched, act=act("send_back", at(2, 10), note="非我单位"))
    case = actions.refuse_request(
        dispatched, act=act("refuse_request", at(2, 10, 30), note="属贵处")
    )

    assert (case.stage, case.due_at) == (Stage.DISPATCHED, at(2, 15, 15))


def test_after_the_second_send_back_a_leader_rules(dispatched, roads, parks):
    case = send_back(dispatched, 9, 30)
    case = actions.dispatch(case, to=parks, act=act("dispatch", at(2, 10)))
    case = send_back(case, 10, 10)
    with pytest.raises(Refused, match="权属裁定"):
        actions.dispatch(case, to=roads, act=act("dispatch", at(2, 11), note="再派"))

    ruled = actions.rule_ownership(
        case, to=roads, act=act("rule_ownership", at(2, 11), note="路面")
    )
    with pytest.raises(Refused, match="裁定"):
        actions.send_back(ruled, act=act("send_back", at(2, 11, 5), note="非我单位"))
    assert (ruled.stage, ruled.lead_unit) == (Stage.DISPATCHED, roads)


@pytest.fixture
def ruled(dispatched, roads):
    ruling = act("rule_ownership", at(2, 9, 30), note="路面属市政")
    return actions.rule_ownership(dispatched, to=roads, act=ruling)


def test_a_ruling_is_offered_and_adopted_as_a_responsibility_row(ruled, damaged, roads):
    actions.adopt_ruling(ruled, act=act("adopt_ruling", at(2, 10)))

    row = Responsibility.objects.get()
    assert (row.criterion, row.unit, row.origin) == (damaged, roads, "ruling")
    assert (row.area_code, row.basis) == (ruled.community_code[:9], ruled.code)
    with pytest.raises(Refused, match="没有待定"):
        actions.drop_ruling(ruled, act=act("drop_ruling", at(2, 10, 5)))


def test_a_dropped_ruling_stays_one_case_s(ruled):
    actions.drop_ruling(ruled, act=act("drop_ruling", at(2, 10)))
    assert not Responsibility.objects.exists()
    assert Case.everything.get(pk=ruled.pk).ruled


def test_an_extension_adds_one_original_limit_at_most_twice(dispatched):
    case = dispatched
    for hour in (10, 11):
        actions.ask_extend(case, act=act("ask_extend", at(2, hour), note="待料"))
        case = actions.extend(case, act=act("extend", at(2, hour, 30)))

    assert case.due_at == at(3, 15, 15)  # 15:15 on Monday + 4 + 4 work hours
    with pytest.raises(Refused, match="2次"):
        actions.ask_extend(case, act=act("ask_extend", at(2, 11, 40), note="待料"))


def test_an_extension_granted_late_counts_from_the_original_due(dispatched):
    actions.ask_extend(dispatched, act=act("ask_extend", at(2, 15), note="待料"))
    case = actions.extend(dispatched, act=act("extend", at(2, 17)))
    assert case.due_at == at(3, 9, 15)


def test_an_overdue_case_is_not_extended(dispatched):
    with pytest.raises(Refused, match="已超过"):
        actions.ask_extend(dispatched, act=act("ask_extend", at(2, 16), note="待料"))
    unchanged(dispatched, 4)


def test_a_pending_request_pauses_nothing_and_blocks_a_second(dispatched):
    case = actions.ask_extend(dispatched, act=act("ask_extend", at(2, 10), note="待料"))
    assert case.due_at == at(2, 15, 15)
    with pytest.raises(Refused, match="待审批"):
        actions.send_back(case, act=act("send_back", at(2, 10, 5), note="非我单位"))


def test_nobody_decides_on_what_he_asked_for(dispatched):
    actions.ask_extend(dispatched, act=act("ask_extend", at(2, 10), note="待料"))
    with pytest.raises(Refused, match="不能审批自己"):
        actions.extend(dispatched, act=act("extend", at(2, 10, 5), by="zhao"))
    assert CaseRequest.objects.get().state == "pending"


def suspended(case, until):
    actions.ask_suspend(case, until=until, act=act("ask_suspend", at(2, 10, 15), note="雨季"))
    return actions.suspend(case, act=act("suspend", at(2, 11, 15)))


def test_a_suspended_case_stands_and_runs_on_by_itself(dispatched):
    case = suspended(dispatched, at(9, 8))
    assert (case.stage, case.due_at) == (Stage.SUSPENDED, None)

    woken = actions.wake(case, act=act("wake", at(9, 8, 1)))
    assert (woken.stage, woken.due_at) == (Stage.DISPATCHED, at(9, 10))  # two hours were left


def test_a_case_is_suspended_once_and_for_a_year_at_most(dispatched):
    with pytest.raises(Refused, match="365"):
        until = at(2, 9) + timedelta(days=400)
        actions.ask_suspend(dispatched, until=until, act=act("ask_suspend", at(2, 10), note="雨季"))
    case = actions.wake(suspended(dispatched, at(9, 8)), act=act("wake", at(9, 8)))
    with pytest.raises(Refused, match="挂账过一次"):
        actions.ask_suspend(case, until=at(19, 8), act=act("ask_suspend", at(9, 9), note="雨季"))


def test_forwarding_stays_in_the_lead_s_tree_and_restarts_nothing(dispatched, squad, parks):
    case = actions.forward(dispatched, to=squad, act=act("forward", at(2, 9, 40)))
    assert (case.unit, case.lead_unit.code, case.due_at) == (squad, "SZ-DL", at(2, 15, 15))

    with pytest.raises(Refused, match="不在主办单位"):
        actions.forward(case, to=parks, act=act("forward", at(2, 9, 50)))
    unchanged(case, 5)


def test_an_assisting_unit_has_its_own_limit_and_the_lead_answers(filed, roads, parks):
    helper = actions.Helper(parks, "移走树木")
    case = actions.dispatch(filed, to=roads, assisting=[helper], act=act("dispatch", at(2, 9, 15)))
    actions.assist(case, unit=parks, act=act("assist", at(2, 15, 20), note="已移走"))

    part = case.assists.get()
    assert (part.due_at, part.late) == (at(2, 15, 15), True)
    assert Case.everything.get(pk=case.pk).stage == Stage.DISPATCHED


def test_a_staged_criterion_opens_its_next_part_in_the_same_case(filed, damaged, roads):
    repair = type(damaged).objects.create(
        code="9799-2", subcategory=damaged.subcategory, condition="修复", is_first=False,
        amount=8, unit="work_hour", closing_needs=[], since_date=damaged.since_date,
    )  # fmt: skip
    damaged.successor = repair
    damaged.save()
    case = actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 15)))

    case = actions.feed_back(case, act=act("feed_back", at(2, 10), note="已围护"))
    assert (case.stage, case.criterion, case.due_at) == (Stage.DISPATCHED, repair, at(3, 10))
    case = actions.feed_back(case, act=act("feed_back", at(2, 17), note="已修复"))
    assert case.stage == Stage.HANDLED


def test_closing_needs_what_the_criterion_asks(verified, damaged):
    damaged.closing_needs = ["before", "after"]
    damaged.save()
    with pytest.raises(Refused, match="处置前照片、处置后照片"):
        actions.close(verified, act=act("close", at(2, 12)))
    unchanged(verified, 6)


def test_a_waiting_resident_gets_an_answer(public_problem, damaged, roads):
    case = actions.report(public_problem, act=act("report"))
    actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 1)))
    actions.confirm(case, act=act("confirm", at(2, 9, 2)))
    actions.accept(case, act=act("accept", at(2, 9, 3)))
    actions.file(case, criterion=damaged, act=act("file", at(2, 9, 4)))
    actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 5)))
    actions.feed_back(case, act=act("feed_back", at(2, 10), note="修好"))
    case = actions.verify(case, act=act("verify", at(2, 10, 30)))

    with pytest.raises(Refused, match="答复"):
        actions.close(case, act=act("close", at(2, 11)))
    closed = actions.close(case, answer="已修好，谢谢", act=act("close", at(2, 11)))
    assert closed.answer == "已修好，谢谢"


def test_voiding_and_forced_closing_are_the_director_s_with_a_reason(filed, dispatched):
    with pytest.raises(Refused, match="监督中心主任"):
        actions.void(dispatched, act=act("dispatch", at(2, 10), note="重复"))
    with pytest.raises(Refused, match="作废理由"):
        actions.void(dispatched, act=act("void", at(2, 10)))
    unchanged(dispatched, 4)
    forced = actions.force_close(dispatched, act=act("force_close", at(2, 16), note="已拆迁"))
    assert (forced.forced, forced.handled_late, forced.stage) == (True, True, Stage.CLOSED)


@pytest.fixture
def closed_late(dispatched):
    actions.feed_back(dispatched, act=act("feed_back", at(2, 17), note="修好"))
    actions.verify(dispatched, act=act("verify", at(2, 17, 30)))
    return actions.close(dispatched, act=act("close", at(2, 17, 40)))


def test_an_appeal_needs_two_reviewers_and_keeps_the_fact(closed_late):
    actions.appeal(closed_late, act=act("appeal", at(3, 9), note="台风"))
    with pytest.raises(Refused, match="没有处于"):
        actions.grant_appeal(closed_late, act=act("grant_appeal", at(3, 10)))
    actions.endorse_appeal(closed_late, act=act("endorse_appeal", at(3, 10)))
    with pytest.raises(Refused, match="初审人"):
        actions.grant_appeal(closed_late, act=act("grant_appeal", at(3, 11), by="li"))
    case = actions.grant_appeal(closed_late, act=act("grant_appeal", at(3, 11)))

    assert (case.exempt, case.handled_late) == (True, True)
    with pytest.raises(Refused, match="申诉过一次"):
        actions.appeal(case, act=act("appeal", at(4, 9), note="再诉"))


def test_only_a_late_case_is_appealed(closed):
    with pytest.raises(Refused, match="未超期"):
        actions.appeal(closed, act=act("appeal", at(3, 9), note="不服"))
    unchanged(closed, 7)


def test_orders_from_above_want_an_answer_and_nudges_only_count(dispatched):
    actions.supervise(dispatched, kind="leader", act=act("supervise", at(2, 10), note="尽快"))
    case = actions.nudge(dispatched, act=act("nudge", at(2, 10, 5)))
    assert (case.order_count, case.nudge_count) == (1, 1)

    actions.answer_order(case, act=act("answer_order", at(2, 10, 30), note="正在办"))
    with pytest.raises(Refused, match="没有待答复"):
        actions.answer_order(case, act=act("answer_order", at(2, 10, 40), note="正在办"))


def test_looking_at_the_reporter_needs_a_reason_and_leaves_an_entry(public_problem):
    case = actions.report(public_problem, act=act("report"))
    with pytest.raises(Refused, match="查看理由"):
        actions.unmask(case, act=act("unmask", at(2, 10)))
    told = actions.unmask(case, act=act("unmask", at(2, 10), note="回访"))

    assert json.loads(told)["phone"] == "13800138000"
    assert verbs_of(case) == ["report", "unmask"]


def test_a_case_never_runs_backwards_in_time(accepted, damaged):
    with pytest.raises(Refused, match="早于"):
        actions.file(accepted, criterion=damaged, act=act("file", at(2, 8)))
    unchanged(accepted, 2)


def test_a_stand_in_names_another_person_and_both_are_told(dispatched):
    for nobody in ("nobody", "zhang"):
        with pytest.raises(Refused, match="代办对象"):
            actions.nudge(dispatched, act=act("nudge", at(2, 10), by="zhang", on_behalf=nobody))
    unchanged(dispatched, 4)
    Staff.objects.create(username="zhou", name="周局长")
    Staff.objects.create(username="zhang", name="张秘书")
    actions.nudge(dispatched, act=act("nudge", at(2, 10), by="zhang", on_behalf="zhou"))

    told = story.story(dispatched, scope.current())[-1]
    assert (told.who, told.on_behalf) == ("张秘书", "周局长")


def test_an_emergency_holds_and_releases_a_limit(dispatched):
    held = actions.hold(dispatched, order="汕应急〔2026〕1号", act=act("hold", at(2, 10, 15)))
    assert (held.due_at, held.held_by) == (None, "汕应急〔2026〕1号")

    free = actions.release(held, act=act("release", at(4, 8)))
    assert (free.due_at, free.held_by) == (at(4, 11), "")
