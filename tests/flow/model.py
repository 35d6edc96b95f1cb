"""A second, naive telling of the road of a case: walks minutes, knows no database and no clock.

It shares no code with `changxiao.cases`; where both disagree, one of them is a bug.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.flow.clock import MINUTE, Clock, walk, worked

SPOTS = 2  # a day
RECEIVING = 120  # working minutes in which a unit may send back
FILED_ON = {"filed", "dispatched", "suspended", "handled", "verified"}
ENDS = {"closed", "declined", "voided", "joined", "on_spot"}


@dataclass
class Request:
    kind: str
    asked_at: datetime
    until: datetime | None = None


@dataclass
class Model:
    """Where the case stands by hand; each verb tells whether it may and then does it."""

    stage_minutes: dict[str, tuple[int, bool]]  # minutes, and whether nights count
    limits: tuple[int, ...]
    stage: str = "reported"
    now: datetime = None
    stage_due: datetime | None = None
    confirmation: str = ""
    lead: str = ""
    unit: str = ""
    part: int = 0
    clocks: dict[str, Clock] = field(default_factory=dict)
    dispatched_at: datetime | None = None
    received: bool = False
    ruled: bool = False
    offered: bool = False
    held: bool = False
    pending: Request | None = None
    until: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)
    handled_by: str = ""
    handled_late: bool = False
    appeal: str = ""
    orders: int = 0
    links: list[datetime] = field(default_factory=list)
    spots: dict[tuple[str, date], int] = field(default_factory=dict)  # by whom, on which day
    n: int = 1
    checker: str = ""
    waiting: int | None = None  # minutes that the stage's clock had left when it stopped
    began: dict[str, datetime] = field(default_factory=dict)  # when each stage's clock last did
    fed: list[Clock] = field(default_factory=list)  # on which a unit fed back

    @property
    def clock(self) -> Clock | None:
        return self.clocks.get(self.lead)

    @property
    def due(self) -> datetime | None:
        if self.stage in {*ENDS, "suspended"}:
            return None
        return self.clock.due if self.stage == "dispatched" else self.stage_due

    def count(self, name: str) -> int:
        return self.counts.get(name, 0)

    def go(self, stage: str) -> bool:
        self.stage, self.waiting = stage, None
        if stage in self.stage_minutes:
            minutes, always = self.stage_minutes[stage]
            self.stage_due = self.now + minutes * MINUTE if always else walk(self.now, minutes)
            self.began[stage] = self.now
        return True

    def do(self, verb: str, **about) -> bool:
        return getattr(self, f"do_{verb}")(**about)

    def _move(self, sources: set[str], target: str) -> bool:
        return self.stage in sources and self.go(target)

    # intake
    def do_accept(self) -> bool:
        return self.confirmation != "refuted" and self._move({"reported"}, "accepted")

    def do_decline(self) -> bool:
        return self._move({"reported", "confirming"}, "declined")

    def do_ask_to_confirm(self) -> bool:
        if self.stage != "reported":
            return False
        self.confirmation = self.checker = ""
        return self.go("confirming")

    # the system: whose it is to look, or that nobody is there
    def do_assign(self, *, to: str) -> bool:
        if self.stage not in {"confirming", "handled"} or self.checker or to == self.handled_by:
            return False
        self.checker = to
        if self.waiting is not None:
            always = self.stage_minutes[self.stage][1]
            left, self.waiting = self.waiting, None
            self.stage_due = self.now + left * MINUTE if always else walk(self.now, left)
        return True

    def do_hand_on(self, *, leaver: str, to: str) -> bool:
        if self.stage not in {"confirming", "handled"} or self.checker != leaver:
            return False
        if to and to == self.handled_by:
            return False
        self.checker = ""
        if to:
            return self.do_assign(to=to)
        self.do_await_collector()
        return True

    def do_await_collector(self) -> bool:
        if self.stage not in {"confirming", "handled"} or self.checker:
            return False
        if self.stage_due is None or self.now >= self.stage_due:
            return False
        always = self.stage_minutes[self.stage][1]
        left = (self.stage_due - self.now) // MINUTE if always else worked(self.now, self.stage_due)
        self.waiting, self.stage_due = left, None
        return True

    def do_confirm(self) -> bool:
        return self._confirmed("real")

    def do_refute(self) -> bool:
        return self._confirmed("refuted")

    def _confirmed(self, how: str) -> bool:
        if self.stage != "confirming" or self.checker not in {"", "wang"}:  # 王监督 always comes
            return False
        self.confirmation, self.checker = how, ""
        return self.go("reported")

    def do_handle_on_spot(self, *, by: str) -> bool:
        # 王监督 reported it; whoever else comes may only where he is sent to look, or nobody is.
        mine = by == "wang" if self.stage == "reported" else self.checker in {"", by}
        if self.stage not in {"reported", "confirming"} or not mine:
            return False
        day = by, self.now.date()
        if self.spots.get(day, 0) >= SPOTS:
            return False
        self.spots[day] = self.spots.get(day, 0) + 1
        self.checker, self.handled_by = "", by
        return self.go("on_spot")

    def do_file(self) -> bool:
        return self._move({"accepted"}, "filed")

    # command
    def _hand_over(self, to: str) -> bool:
        self.lead = self.unit = to
        self.dispatched_at, self.received, self.held = self.now, False, False
        kept = self.clocks.get(to)
        if kept is None:
            kept = self.clocks[to] = Clock(self.limits[self.part], self.limits[self.part])
        kept.run(self.now)
        return self.go("dispatched")

    def do_dispatch(self, *, to: str) -> bool:
        if self.stage != "filed" or (self.count("send_back") >= 2 and not self.ruled):
            return False
        return self._hand_over(to)

    def do_rule_ownership(self, *, to: str) -> bool:
        if self.stage not in {"filed", "dispatched"}:
            return False
        self.ruled = self.offered = True
        if self.stage == "dispatched":
            if self.pending and self.pending.kind == "send_back":
                self.pending = None
            if self.lead == to:
                return True
            self.clock.pause(self.now)
            self.pending = None
        return self._hand_over(to)

    def _asked(self, kind: str) -> bool:
        return self.stage == "dispatched" and self.pending and self.pending.kind == kind

    def do_take_back(self) -> bool:
        if not self._asked("send_back"):
            return False
        self.clock.pause(self.pending.asked_at)
        self.pending, self.unit, self.held = None, "", False
        self.counts["send_back"] = self.count("send_back") + 1
        return self.go("filed")

    def do_extend(self) -> bool:
        if not self._asked("extend"):
            return False
        self.clock.left += self.clock.limit
        self.clock.granted += 1
        self.counts["extend"] = self.count("extend") + 1
        self.pending = None
        return True

    def do_suspend(self) -> bool:
        if not self._asked("suspend") or self.pending.until <= self.now:
            return False
        self.clock.pause(self.now)
        self.until, self.pending = self.pending.until, None
        self.counts["suspend"] = 1
        return self.go("suspended")

    def do_refuse_request(self) -> bool:
        if self.stage != "dispatched" or self.pending is None:
            return False
        self.pending = None
        return True

    def do_resume(self) -> bool:
        if self.stage != "suspended":
            return False
        if not self.held:
            self.clock.run(min(self.now, self.until))
        self.until = None
        return self.go("dispatched")

    do_wake = do_resume

    def do_hold(self) -> bool:
        if self.stage != "dispatched":
            return False
        self.clock.pause(self.now)
        self.held = True
        return True

    def do_release(self) -> bool:
        if self.stage in ENDS:
            return False
        if self.stage == "dispatched" and self.clock.since is None:
            self.clock.run(self.now)
        self.held = False
        return True

    # the unit
    def do_receive(self) -> bool:
        if self.stage != "dispatched" or self.received:
            return False
        self.received = True
        return True

    def do_forward(self) -> bool:
        if self.stage != "dispatched" or self.lead != "SZ-DL" or self.unit == "SZ-DL-01":
            return False
        self.unit = "SZ-DL-01"
        return True

    def _ask(self, kind: str, until: datetime | None = None) -> bool:
        if self.pending is not None:
            return False
        self.pending = Request(kind, self.now, until)
        return True

    def do_send_back(self) -> bool:
        if self.stage != "dispatched" or self.ruled or self.received:
            return False
        return self.now <= walk(self.dispatched_at, RECEIVING) and self._ask("send_back")

    def do_ask_extend(self) -> bool:
        if self.stage != "dispatched" or self.clock.since is None or self.now > self.clock.due:
            return False
        return self.count("extend") < 2 and self._ask("extend")

    def do_ask_suspend(self, *, until: datetime) -> bool:
        if self.stage != "dispatched" or self.count("suspend"):
            return False
        return until > self.now and self._ask("suspend", until)

    def do_issue_link(self) -> bool:
        if self.stage != "dispatched":
            return False
        self.links.append(self.now + timedelta(days=1))
        return True

    def do_revoke_link(self) -> bool:
        if self.stage in ENDS or not self.links or self.now >= self.links[0]:
            return False
        self.links.pop(0)
        return True

    def do_feed_back(self, *, by: str) -> bool:
        if self.stage != "dispatched":
            return False
        self.clock.pause(self.now)
        self.handled_late = self.handled_late or self.clock.late
        self.fed.append(self.clock)
        self.handled_by, self.held, self.pending = by, False, None
        if self.part + 1 < len(self.limits):
            self.part += 1
            limit = self.limits[self.part]
            # Whoever had only the part before gets this one's own limit.
            self.clocks = {self.lead: Clock(limit, limit, self.now)}
            return True
        return self.go("handled")

    # is it fixed?
    def _may_check(self, by: str) -> bool:
        return self.stage == "handled" and by != self.handled_by and self.checker in {"", by}

    def do_verify(self, *, by: str) -> bool:
        return self._may_check(by) and self.go("verified")

    def do_rework(self, *, by: str) -> bool:
        if not self._may_check(by):
            return False
        self.checker = ""
        self.clock.run(self.now, floored=True)
        self.held = False
        return self.go("dispatched")

    def do_close(self) -> bool:
        return self._move({"verified"}, "closed")

    def _end(self, target: str) -> bool:
        if self.stage not in FILED_ON:
            return False
        if self.stage in {"dispatched", "suspended"}:
            self.clock.pause(self.now)
            self.handled_late = self.handled_late or self.clock.late
        self.pending, self.held, self.until = None, False, None
        return self.go(target)

    def do_void(self) -> bool:
        return self._end("voided")

    def do_force_close(self) -> bool:
        return self._end("closed")

    # pressure
    def do_nudge(self) -> bool:
        return self.stage not in ENDS

    def do_supervise(self) -> bool:
        self.orders += self.stage not in ENDS
        return self.stage not in ENDS

    def do_answer_order(self) -> bool:
        if self.stage in ENDS or not self.orders:
            return False
        self.orders -= 1
        return True

    def do_drop_ruling(self) -> bool:
        offered, self.offered = self.offered, False
        return offered

    def do_appeal(self) -> bool:
        if self.stage != "closed" or not self.handled_late or self.appeal:
            return False
        self.appeal = "pending"
        return True

    def _appeal(self, sources: set[str], target: str) -> bool:
        if self.stage != "closed" or self.appeal not in sources:
            return False
        self.appeal = target
        return True

    def do_endorse_appeal(self) -> bool:
        return self._appeal({"pending"}, "endorsed")

    def do_grant_appeal(self) -> bool:
        return self._appeal({"endorsed"}, "granted")

    def do_refuse_appeal(self) -> bool:
        # The dispatcher, who endorsed, cannot also refuse.
        return self._appeal({"pending"}, "refused")
