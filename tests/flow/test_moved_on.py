"""What the machine and a reading of the verbs found: requests that lapse, holds that stay."""

import json

import pytest

from changxiao.cases import actions, deadlines
from changxiao.cases.models import Case
from changxiao.cases.tests.conftest import (
    _as_system,
    accepted,
    act,
    at,
    city,
    damaged,
    dispatched,
    filed,
    parks,
    problem,
    reported,
    roads,
)
from changxiao.kernel.refused import Refused

__all__ = [
    "_as_system",
    "accepted",
    "city",
    "damaged",
    "dispatched",
    "filed",
    "parks",
    "problem",
    "reported",
    "roads",
]


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
