"""What the machine and a reading of the verbs found: requests that lapse, holds that stay."""

import json

import pytest

from changxiao.cases import actions, deadlines, replay
from changxiao.cases.models import Case
from changxiao.catalog.actions import declare_emergency
from changxiao.kernel.refused import Refused
from tests.support.cast import act, at


def asked(case, verb="ask_extend", when=None, **more):
    return getattr(actions, verb)(case, act=act(verb, when or at(2, 9, 30), note="说明"), **more)


def test_a_waiting_request_lapses_when_the_case_is_fed_back(dispatched):
    case = asked(dispatched)
    case = actions.feed_back(case, act=act("feed_back", at(2, 10), note="好"))

    assert json.loads(case.head.body)["lapsed"] == "extend"
    assert case.requests.get().state == "lapsed"
    case = actions.rework(case, act=act("rework", at(2, 11), note="没好"))
    with pytest.raises(Refused, match="没有待审批"):
        actions.extend(case, act=act("extend", at(2, 11, 5)))


def test_another_unit_s_request_lapses_with_the_ruling(dispatched, parks):
    case = asked(dispatched)
    case = actions.rule_ownership(
        case, to=parks, act=act("rule_ownership", at(2, 10), note="归园林")
    )
    assert case.requests.get().state == "lapsed"


def test_a_ruling_for_the_same_unit_refuses_its_send_back(dispatched, roads):
    case = asked(dispatched, "send_back")
    case = actions.rule_ownership(
        case, to=roads, act=act("rule_ownership", at(2, 10), note="归市政")
    )
    assert case.requests.get().state == "refused"
    assert case.due_at == dispatched.due_at


def test_a_suspension_that_an_emergency_holds_ends_without_running(dispatched):
    case = asked(dispatched, "ask_suspend", until=at(3, 9))
    case = actions.hold(case, order="1号", act=act("hold", at(2, 10)))
    case = actions.suspend(case, act=act("suspend", at(2, 11)))
    case = actions.wake(case, act=act("wake", at(3, 9)))

    assert (case.stage, case.due_at, case.held_by) == ("dispatched", None, "1号")
    case = actions.release(case, act=act("release", at(3, 10)))
    assert case.due_at == at(3, 15, 15)  # 45 minutes were used before the hold


def test_a_suspension_is_not_granted_after_its_own_end(dispatched):
    case = asked(dispatched, "ask_suspend", until=at(2, 10))
    with pytest.raises(Refused, match="截止时间已过"):
        actions.suspend(case, act=act("suspend", at(2, 11)))
    assert Case.everything.get().stage == "dispatched"


def test_the_first_unit_s_clock_runs_again_after_a_ruling(dispatched, roads, parks):
    case = asked(dispatched, "send_back")
    case = actions.take_back(case, act=act("take_back", at(2, 9, 40)))
    case = actions.dispatch(case, to=parks, act=act("dispatch", at(2, 9, 45)))
    case = asked(case, "send_back", at(2, 9, 50))
    case = actions.take_back(case, act=act("take_back", at(2, 9, 55)))
    case = actions.rule_ownership(case, to=roads, act=act("rule_ownership", at(2, 10), note="归"))

    late = actions.feed_back(case, act=act("feed_back", at(3, 9), note="好"))
    assert case.due_at < at(3, 9)
    assert late.handled_late


def test_a_late_suspended_case_that_is_forced_closed_was_late(dispatched):
    case = asked(dispatched, "ask_suspend", at(3, 9), until=at(9, 9))
    case = actions.suspend(case, act=act("suspend", at(3, 10)))
    case = actions.force_close(case, act=act("force_close", at(3, 11), note="停"))

    assert case.handled_late
    assert (case.held_by, case.suspended_until) == ("", None)
    assert deadlines.current(case) is None


# -- what the machine's second half found ----------------------------------------------------------


def amended(case, when, **change):
    change = actions.Change(**change)
    actions.ask_amend(case, change=change, act=act("ask_amend", when, note="看错"))
    return actions.agree_amend(case, change=change, act=act("agree_amend", when))


def test_an_extension_of_one_part_does_not_lengthen_the_next_when_it_is_amended(mended, dispatched):
    case = asked(dispatched)
    case = actions.extend(case, act=act("extend", at(2, 9, 40)))
    case = actions.feed_back(case, act=act("feed_back", at(2, 10), note="围好了"))
    assert case.due_at == at(2, 18)

    case = amended(case, at(2, 10, 5), address="中山路1号")
    assert (case.due_at, case.extension_count) == (at(2, 18), 1)


def test_a_unit_that_sent_one_part_back_gets_the_next_ones_own_limit(mended, dispatched, parks):
    case = asked(dispatched, "send_back")
    case = actions.take_back(case, act=act("take_back", at(2, 9, 40)))
    case = actions.dispatch(case, to=parks, act=act("dispatch", at(2, 9, 45)))
    case = actions.feed_back(case, act=act("feed_back", at(2, 10), note="围好了"))
    roads = dispatched.lead_unit
    case = actions.rule_ownership(
        case, to=roads, act=act("rule_ownership", at(2, 10), note="归市政")
    )
    assert case.due_at == at(2, 18)  # six working hours, not what was left of the first four


def test_a_late_part_stays_late_when_another_units_part_is_amended(
    mended, longer, dispatched, parks
):
    case = actions.feed_back(dispatched, act=act("feed_back", at(3, 9), note="围好了"))
    case = actions.rule_ownership(
        case, to=parks, act=act("rule_ownership", at(3, 9, 5), note="归园林")
    )
    case = actions.feed_back(case, act=act("feed_back", at(3, 10), note="修好了"))

    assert amended(case, at(3, 10, 5), criterion=longer).handled_late


def test_a_reworked_case_amended_in_time_was_never_late(longer, dispatched):
    case = actions.feed_back(dispatched, act=act("feed_back", at(2, 17), note="好了"))
    case = actions.rework(case, act=act("rework", at(2, 17, 10), note="没好"))
    assert case.handled_late

    assert not amended(case, at(2, 17, 20), criterion=longer).handled_late


def test_a_declared_emergency_holds_a_case_that_is_split_off_too(dispatched, problem):
    order = declare_emergency(
        "1号", name="台风", span=(at(2, 10), None), act=act("supervise", at(2, 10))
    )
    lead = actions.report(problem, act=act("report"))
    case = actions.join(dispatched, to=lead, act=act("join", at(2, 9, 30)))
    case = actions.split_off(case, act=act("split_off", at(2, 11), note="两处"))

    assert (case.held_by, case.due_at) == (order.order_number, None)
    assert list(replay.check()) == []
