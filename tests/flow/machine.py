"""The case flow as a machine that Hypothesis drives: any verb, any time, by anybody.

Each verb is told to the real case and to the naive model; a fixture of `test_machine.py` says in
which city.
"""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from changxiao.cases import actions, replay
from changxiao.cases.clock import StageClock
from changxiao.cases.models import Case
from changxiao.cases.models_recheck import Recheck
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from tests.flow.model import ENDS
from tests.flow.repairs import AGREED, Repaired
from tests.support.cast import MONDAY, act

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
        self.asked = self.questions()
        self.model = Repaired(
            self.given["stages"], self.given["limits"], now=MONDAY, parts=self.given["parts"]
        )
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
        wanted = bool(self.model.do(verb, actor=done.actor, **(told or {})))
        try:
            self.call(verb, done, **(asks or {}))
            said = True
        except Refused:
            said = False
        assert said == wanted, (verb, self.model.stage, before[0])
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

    def questions(self) -> list[tuple[str, tuple]]:
        """What `seen` asks, as SQL: Django writes it once for the machine, not for every look."""
        rows = (
            Case.everything.filter(pk=self.case.pk).values(),
            self.case.requests.order_by("id").values("kind", "state", "decided_by"),
            self.case.amendments.order_by("id").values("state", "decided_by"),
            self.looks().values("state", "done_by"),
        )
        counts = (f"SELECT COUNT(*) FROM {model._meta.db_table}" for model in (Entry, Case))
        return [*(asked.query.sql_with_params() for asked in rows), *((sql, ()) for sql in counts)]

    def seen(self) -> list[list[tuple]]:
        found = []
        with connection.cursor() as cursor:
            for question in self.asked:
                cursor.execute(*question)
                found.append(cursor.fetchall())
        return found

    def looks(self):
        return Recheck.everything.filter(case=self.case).order_by("id")

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
        asked = row.amendments.filter(state="pending").exists()
        assert asked == bool(model.correction)
        assert [one.state for one in self.looks()] == ([model.look] if model.look else [])
        for kept in row.clocks:
            assert StageClock.from_json(kept).to_json() == kept
        running = [c for c in row.clocks if c["since"] and not c["stopped"]]
        assert len(running) == (0 if model.due is None else 1), running

    # -- rules -------------------------------------------------------------------------------------

    @initialize(steps=st.sampled_from([0, 1, 3, 3, 3, 3, 5]))
    def begin(self, steps):
        """Most examples begin with a dispatched case, for there the clocks are."""
        for verb in ("accept", "file")[:steps]:
            self.take(verb, 1)
        if steps >= 3:
            self.hand_over("dispatch", 1, True)
        for _part in range(3, steps):
            self.feed_back(20, "zhao")

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

    @rule(minutes=PASSING, by=st.sampled_from(["wang", "wang", "wu"]), sent=st.booleans())
    def handle_on_spot(self, minutes, by, sent):
        """A small thing is put right by whoever found it or was sent to look."""
        if sent:
            self.take("ask_to_confirm", 1)
        asks = {"photos": self.given["sides"]}
        self.take("handle_on_spot", minutes, told={"by": by}, asks=asks, by=by)

    @rule(minutes=PASSING, to=st.sampled_from(["wang", "wu"]), waits=st.booleans())
    def assign(self, minutes, to, waits):
        """Somebody comes on shift, now or after the clock has waited for him."""
        if self.model.stage == "reported":
            self.take("ask_to_confirm", 1)
        if waits:
            self.take("await_collector", 1)
        self.take("assign", minutes, told={"to": to}, asks={"collector": to, "why": "own"})

    @rule(
        minutes=PASSING,
        leaver=st.sampled_from(["wang", "wu"]),
        to=st.sampled_from(["wang", "wu", ""]),
    )
    def hand_on(self, minutes, leaver, to):
        """A shift is over: the task is another's, or its clock waits."""
        if self.model.stage in {"confirming", "handled"} and not self.model.checker:
            self.assign(1, leaver, False)
        asks = {"leaver": leaver, "collector": to, "why": "own"}
        self.take("hand_on", minutes, told={"leaver": leaver, "to": to}, asks=asks)

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

    # -- repairs -----------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([0, 1, 10, 11, 240]), steps=st.integers(1, 3), own=st.booleans())
    def recall(self, minutes, steps, own):
        """Whoever took the last steps takes them back; another may not."""
        mine = self.model.taken[-1].actor if self.model.taken else "wang"
        asks = {"since": self.model.n + 1 - steps}
        by = mine if own else "liu"
        self.take("recall", minutes, told={"steps": steps}, asks=asks, by=by, post=Post.DISPATCHER)

    @precondition(lambda self: self.model.stage not in ENDS)
    @rule(minutes=st.sampled_from([0, 1, 240]), pick=st.integers(0, 999))
    def a_mistake(self, minutes, pick):
        """A step, any that is likely here, and at once or hours later it is taken back."""
        if pick % 2:
            self.likely(pick, 1)
        else:
            self.along_the_road(1, 1)
        self.recall(minutes, 1, True)

    @precondition(lambda self: self.model.stage not in ENDS)
    @rule(minutes=PASSING, pick=st.sampled_from(["long", "parts", "place"]), by=st.booleans())
    def amend(self, minutes, pick, by):
        """By the desk alone before dispatch; after it a second person agrees, or does not."""
        model = self.model
        change = {"address": f"第{model.n}号"} if pick == "place" else {"criterion": pick}
        real = {"change": self.change(change)}
        if model.stage not in AGREED:
            self.take("amend", minutes, told={"change": change}, asks=real)
            return
        self.take("ask_amend", 1, told={"change": change}, asks=real)
        self.decide(minutes, "agree_amend", by)

    def change(self, told):
        if "criterion" in told:
            return actions.Change(criterion=self.given["criteria"][told["criterion"]])
        return actions.Change(**told)

    @precondition(lambda self: self.model.correction)
    @rule(minutes=PASSING, verb=st.sampled_from(["agree_amend", "refuse_amend"]), by=st.booleans())
    def decide(self, minutes, verb, by):
        asked = self.model.correction
        asks = {"change": self.change(asked or {"address": "无"})} if verb == "agree_amend" else {}
        self.take(verb, minutes, asks=asks, by="li" if by else "chen")

    @precondition(lambda self: self.model.stage not in ENDS)
    @rule(minutes=PASSING, apart=PASSING)
    def join_and_back(self, minutes, apart):
        """Another report tells of the same problem, and then it does not."""
        self.take("join", minutes, asks={"to": self.given["lead"]})
        self.take("split_off", apart)

    @precondition(lambda self: self.model.stage not in ENDS)
    @rule(minutes=PASSING)
    def split(self, minutes):
        """The report told of two problems: the second has waited as long as the first."""
        second = actions.Second(subcategory=self.given["criterion"].subcategory, description="另")
        count = self.model.n
        self.take("split", minutes, asks={"second": second})
        if self.model.n > count:
            made = Case.everything.filter(split_from=self.case).order_by("-id").first()
            assert (made.stage, made.due_at) == self.model.second()

    @precondition(lambda self: self.model.stage in {"verified", "closed"})
    @rule(
        minutes=PASSING,
        others=st.sampled_from([["wu", "sun"], ["sun"], ["wang", "sun"]]),
        found=st.sampled_from(["recheck", "dispute_check"]),
        by=st.sampled_from(["", "", "", "zhao", "he"]),
        then=st.sampled_from(["follow_up", "excuse_check"]),
    )
    def look_again(self, minutes, others, found, by, then):
        """The lot falls on this check; another collector looks, the shift leader decides."""
        verified = self.case.entries.filter(verb="verify").last()
        if verified is not None:
            asks = {"verified": verified, "seed": self.given["seed"], "among": others}
            self.take("draw_recheck", minutes, told={"among": others}, asks=asks)
        drawn = self.looks().last()
        self.model.drawn = drawn.collector if drawn else ""
        by = by or self.model.drawn or "wu"
        self.take(found, 1, asks={"photos": [self.given["photo"]]}, by=by)
        self.take(then, minutes)

    @rule(base_n=st.integers(0, 3))
    def late_nudge(self, base_n):
        """A phone that saw an older case still acts; the entry tells that it was late."""
        if self.model.stage in ENDS:
            return
        expected = base_n < self.model.n
        self.take("nudge", 1, base_n=base_n)
        last = Entry.objects.filter(stream=self.case.stream).order_by("-n").first()
        assert json.loads(last.body).get("late", False) == expected
