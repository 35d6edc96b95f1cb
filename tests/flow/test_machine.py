"""The case flow against a naive model (reliability.md A-03): any verb, any time, by anybody.

CHANGXIAO_FLOW_EXAMPLES and CHANGXIAO_FLOW_STEPS ask for more than the gate's own number.
"""

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from changxiao.cases import actions, replay
from changxiao.cases.clock import StageClock
from changxiao.cases.models import Case
from changxiao.cases.tests.conftest import (
    MONDAY,
    act,
    city,
    damaged,
    parks,
    problem,
    roads,
    squad,
)
from changxiao.catalog import timetable
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from tests.flow.model import ENDS, Model, walk

__all__ = ["city", "damaged", "parks", "problem", "roads", "squad"]

EXAMPLES = int(os.environ.get("CHANGXIAO_FLOW_EXAMPLES", "40"))
STEPS = int(os.environ.get("CHANGXIAO_FLOW_STEPS", "25"))
AT_ONCE = (Phase.generate,)  # a control wants any failure, not the smallest
# Minutes that pass before a step: at once, within the hour, past a limit, over a weekend.
PASSING = st.sampled_from([0, 1, 5, 20, 60, 119, 120, 121, 240, 600, 1440, 4321])
PLAIN = (
    *("accept", "decline", "ask_to_confirm", "confirm", "refute", "file"),
    *("take_back", "extend", "suspend", "refuse_request", "resume", "wake", "hold", "release"),
    *("receive", "forward", "send_back", "ask_extend", "issue_link", "revoke_link"),
    *("close", "void", "force_close", "nudge", "supervise", "answer_order", "drop_ruling"),
    *("appeal", "endorse_appeal", "grant_appeal", "refuse_appeal"),
)
# What is worth trying at a stage; one step in five is any verb at all.
LIKELY = {
    "dispatched": (
        *("take_back", "extend", "suspend", "refuse_request", "hold", "release", "receive"),
        *("send_back", "send_back", "ask_extend", "ask_extend", "forward", "force_close"),
    ),
    "suspended": ("wake", "resume", "release", "nudge", "force_close"),
    "closed": ("appeal", "endorse_appeal", "grant_appeal", "refuse_appeal", "drop_ruling"),
}


class Flow(RuleBasedStateMachine):
    """One case; `given` is set by the test: the units, the criterion and the problem."""

    given: dict = {}

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.serial = 0
        self.lent = {}
        self.case = actions.report(self.given["problem"], act=self.act("report", MONDAY))
        self.model = Model(self.given["stages"], self.given["limits"], now=MONDAY)
        self.model.go("reported")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def act(self, verb: str, at: datetime, **more):
        self.serial += 1
        return act(verb, at, key=f"machine-{self.serial:06d}", note="说明", **more)

    # -- one step ----------------------------------------------------------------------------------

    def take(self, verb: str, minutes: int, *, told=None, asks=None, **more) -> None:
        """The verb on the real case and on the model; both say yes or both say no."""
        self.model.now += timedelta(minutes=minutes)
        done = self.act(verb, self.model.now, **more)
        before = self.seen()
        wanted = bool(self.model.do(verb, **(told or {})))
        try:
            self.call(verb, done, **(asks or {}))
            said = True
        except Refused:
            said = False
        assert said == wanted, (verb, self.model.stage, before["stage"])
        if not said:
            assert self.seen() == before
            return
        self.model.n += 1
        self.again(verb, done, **(asks or {}))
        self.check()

    def call(self, verb, done, **asks):
        if verb == "file":
            asks["criterion"] = self.given["criterion"]
        if verb == "decline":
            asks["reason"] = "不在职责范围"
        if verb == "supervise":
            asks["kind"] = "leader"
        if verb == "hold":
            asks["order"] = "汕应急1号"
        if verb == "issue_link":
            asks["squad"] = "抢修一班"
        if verb == "revoke_link":
            live = self.case.squad_links.filter(revoked_at=None).order_by("id").first()
            asks["link"] = self.lent.setdefault(done.key, live.code if live else "none")
        if verb == "forward":
            asks["to"] = self.given["squad"]
        # A stale copy of the row, as a second window would hold it: the verb reads it anew.
        getattr(actions, verb)(self.case, act=done, **asks)

    def again(self, verb, done, **asks):
        """The same act once more is answered as before, and changes nothing."""
        before = self.seen()
        with pytest.raises(Replayed):
            self.call(verb, done, **asks)
        assert self.seen() == before

    def seen(self) -> dict:
        row = Case.everything.filter(pk=self.case.pk).values().get()
        requests = list(self.case.requests.order_by("id").values("kind", "state", "decided_by"))
        count = Entry.objects.filter(stream=self.case.stream).count()
        return row | {"requests": requests, "entries": count}

    # -- what holds after each step ----------------------------------------------------------------

    def check(self) -> None:
        row = Case.everything.get(pk=self.case.pk)
        model = self.model
        assert list(replay.check()) == []
        assert (row.stage, row.n) == (model.stage, model.n)
        assert row.entries.count() == row.n == row.head.n
        assert row.due_at == model.due, (row.due_at, model.due)
        assert row.handled_late == model.handled_late
        assert bool(row.held_by) == model.held
        assert row.checker == model.checker
        assert row.suspended_until == model.until
        assert (row.unit.code if row.unit else "") == model.unit
        assert row.verified_by == "" or row.verified_by != row.handled_by
        assert row.ended == (model.stage in ENDS) == (row.ended_at is not None)
        if model.stage == "dispatched":
            assert row.handle_due_at == model.due
        waiting = [r.kind for r in row.requests.filter(state="pending").exclude(kind="appeal")]
        assert waiting == ([model.pending.kind] if model.pending else [])
        for kept in row.clocks:
            assert StageClock.from_json(kept).to_json() == kept
        running = [c for c in row.clocks if c["since"] and not c["stopped"]]
        assert len(running) == (0 if model.due is None else 1), running

    # -- rules -------------------------------------------------------------------------------------

    @initialize(steps=st.sampled_from([0, 1, 3, 3, 3, 3]))
    def begin(self, steps):
        """Most examples begin with a dispatched case, for there the clocks are."""
        for verb in ("accept", "file")[:steps]:
            self.take(verb, 1)
        if steps == 3:
            self.hand_over("dispatch", 1, True)

    @rule(verb=st.sampled_from(PLAIN), minutes=PASSING)
    def plain(self, verb, minutes):
        self.take(verb, minutes)

    @rule(pick=st.integers(0, 999), minutes=PASSING)
    def likely(self, pick, minutes):
        verbs = LIKELY.get(self.model.stage, PLAIN)
        self.take(verbs[pick % len(verbs)], minutes)

    @rule(pick=st.integers(0, 999), minutes=PASSING)
    def likely_again(self, pick, minutes):
        self.likely(pick, minutes)

    @rule(verb=st.sampled_from(["dispatch", "rule_ownership"]), minutes=PASSING, to=st.booleans())
    def hand_over(self, verb, minutes, to):
        unit = self.given["roads" if to else "parks"]
        self.take(verb, minutes, told={"to": unit.code}, asks={"to": unit})

    @rule(minutes=PASSING, days=st.sampled_from([-1, 0, 1, 3]))
    def ask_suspend(self, minutes, days):
        until = self.model.now + timedelta(minutes=minutes, days=days)
        self.take("ask_suspend", minutes, told={"until": until}, asks={"until": until})

    @rule(minutes=PASSING, by=st.sampled_from(["zhao", "wang"]))
    def feed_back(self, minutes, by):
        self.take("feed_back", minutes, told={"by": by}, by=by)

    @rule(verb=st.sampled_from(["verify", "rework"]), minutes=PASSING, by=st.booleans())
    def check_it(self, verb, minutes, by):
        name = "wang" if by else "wu"
        self.take(verb, minutes, told={"by": name}, by=name)

    @rule(minutes=PASSING, to=st.sampled_from(["wang", "wu"]), waits=st.booleans())
    def assign(self, minutes, to, waits):
        """Somebody comes on shift, now or after the clock has waited for him."""
        if self.model.stage == "reported":
            self.take("ask_to_confirm", 1)
        if waits:
            self.take("await_collector", 1)
        self.take("assign", minutes, told={"to": to}, asks={"collector": to, "why": "own"})

    @rule(minutes=PASSING, steps=st.integers(1, 6))
    def along_the_road(self, minutes, steps):
        """Whatever comes next on the usual road, so that examples come far."""
        for _ in range(steps):
            verb = {
                "reported": "accept",
                "confirming": "confirm",
                "accepted": "file",
                "filed": "dispatch",
                "suspended": "wake",
                "dispatched": "feed_back",
                "handled": "verify",
                "verified": "close",
            }.get(self.model.stage)
            if verb == "dispatch":
                self.hand_over(verb, minutes, True)
            elif verb == "feed_back":
                if steps > 2:
                    return
                self.feed_back(minutes, "zhao")
            elif verb == "verify":
                self.check_it(verb, minutes, True)
            elif verb:
                self.take(verb, minutes)

    @rule(minutes=PASSING, kind=st.sampled_from(["send_back", "ask_extend", "ask_suspend"]))
    def ask_and_decide(self, minutes, kind):
        """A request and, later, its decision: what the free choice of verbs seldom meets."""
        if kind == "ask_suspend":
            self.ask_suspend(1, 1)
        else:
            self.take(kind, 1)
        self.take({"send_back": "take_back", "ask_extend": "extend"}.get(kind, "suspend"), minutes)

    @rule(verb=st.sampled_from(sorted(set(PLAIN) - {"nudge"})), minutes=PASSING)
    def by_the_wrong_post(self, verb, minutes):
        """Nobody's assessor takes no step at all, and nothing changes."""
        self.model.now += timedelta(minutes=minutes)
        before = self.seen()
        with pytest.raises(Refused):
            self.call(verb, self.act(verb, self.model.now, post="auditor"))
        assert self.seen() == before

    @rule(base_n=st.integers(0, 3))
    def late_nudge(self, base_n):
        """A phone that saw an older case still acts; the entry tells that it was late."""
        if self.model.stage in ENDS:
            return
        expected = base_n < self.model.n
        self.take("nudge", 1, base_n=base_n)
        last = Entry.objects.filter(stream=self.case.stream).order_by("-n").first()
        assert json.loads(last.body).get("late", False) == expected


def minutes_of(limit) -> tuple[int, bool]:
    size = {"work_hour": 60, "work_day": 480, "urgent_hour": 60}[limit.unit.value]
    return int(limit.amount * size), limit.unit.value == "urgent_hour"


@pytest.fixture
def given(city, problem, roads, parks, squad, damaged):
    """道路破损 in two parts: 4 working hours to fence it off, 6 to mend it."""
    second = FilingCriterion.objects.create(
        code="9799-2",
        subcategory=damaged.subcategory,
        condition="修复",
        amount=Decimal(6),
        unit="work_hour",
        closing_needs=[],
        since_date=damaged.since_date,
    )
    damaged.successor = second
    damaged.save(update_fields=["successor"])
    stages = ("reported", "confirming", "accepted", "filed", "handled", "verified")
    Flow.given = {
        "problem": replace(problem),
        "criterion": damaged,
        "roads": roads,
        "parks": parks,
        "squad": squad,
        "limits": (240, 360),
        "stages": {stage: minutes_of(timetable.stage_limit(stage)[0]) for stage in stages},
    }
    return Flow.given


def run(examples: int, steps: int, phases=tuple(Phase)) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize="CHANGXIAO_FLOW_EXAMPLES" not in os.environ,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    with scope.viewing(scope.system("test")):
        run_state_machine_as_test(Flow, settings=chosen)


@pytest.mark.slow
def test_any_verbs_in_any_order_keep_to_the_model(given):
    run(EXAMPLES, STEPS)


def test_a_model_that_counts_a_minute_too_many_is_found_out(given, monkeypatch):
    """Negative control: a wrong rule does not pass unseen."""
    monkeypatch.setattr("tests.flow.model.walk", lambda at, minutes: walk(at, minutes + 1))
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(10, 10, AT_ONCE)


@pytest.mark.slow
def test_a_verb_that_leaves_a_request_behind_is_found_out(given, monkeypatch):
    """Negative control: one wrong line among the verbs does not pass unseen."""
    for verbs in ("command", "handling", "checking"):
        monkeypatch.setattr(f"changxiao.cases.actions.{verbs}.lapse", lambda done: {})
    monkeypatch.setitem(LIKELY, "dispatched", ("ask_extend", "force_close"))
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(EXAMPLES, STEPS, AT_ONCE)
