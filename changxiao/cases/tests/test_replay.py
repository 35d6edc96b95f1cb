"""The log alone rebuilds a case, and a row that was touched behind its back is found."""

import pytest

from changxiao.cases import actions, replay
from changxiao.cases.models import Case
from changxiao.cases.tests.test_actions import send_back, suspended
from tests.support.cast import act, at


@pytest.fixture
def journeys(dispatched, problem, parks, damaged):
    """One case through send-back, rework and closing; one declined; one suspended."""
    case = send_back(dispatched, 10)
    actions.dispatch(case, to=parks, act=act("dispatch", at(2, 10, 30)))
    actions.feed_back(case, act=act("feed_back", at(2, 11), note="好了"))
    actions.rework(case, act=act("rework", at(2, 11, 30), note="没好"))
    actions.feed_back(case, act=act("feed_back", at(2, 14), note="好了"))
    actions.verify(case, act=act("verify", at(2, 15)))
    actions.close(case, act=act("close", at(2, 15, 10)))
    other = actions.report(problem, act=act("report"))
    actions.decline(other, reason="不在职责范围", act=act("decline", at(2, 9, 10)))
    third = actions.report(problem, act=act("report"))
    actions.accept(third, criterion=damaged, act=act("accept", at(2, 9, 2)))
    actions.file(third, act=act("file", at(2, 9, 3)))
    actions.dispatch(third, to=parks, act=act("dispatch", at(2, 9, 4)))
    suspended(third, at(9, 8))


def test_replay_agrees_with_every_row(journeys):
    assert Case.everything.count() == 3
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("stage", "filed"), ("handled_late", True), ("rework_count", 0), ("answer", "另一个答复")],
)
def test_a_row_changed_behind_the_log_is_named(journeys, column, value):
    Case.everything.filter(number="202603020001").update(**{column: value})

    told = list(replay.check())
    assert len(told) == 1
    assert "202603020001" in told[0]
    assert column in told[0]


def test_a_case_without_entries_and_entries_without_a_case_are_found(journeys):
    Case.everything.filter(number="202603020002").update(number="202603020009")

    told = "\n".join(replay.check())
    assert "case:202603020002" in told
    assert "202603020009" in told
