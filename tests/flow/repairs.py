"""The naive model, second half: mistakes are repaired, and what was checked is looked at again."""

from copy import deepcopy
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from tests.flow.clock import MINUTE, walk, worked
from tests.flow.model import ENDS, Model

DIRECT = {"reported", "confirming", "accepted", "filed"}
AGREED = {"dispatched", "suspended", "handled", "verified"}
CHECKED = {"verified", "closed"}
WINDOW = timedelta(minutes=10)  # after an end
OWN_STEPS = {
    *("accept", "decline", "ask_to_confirm", "confirm", "refute", "file", "dispatch"),
    "handle_on_spot",
    *("take_back", "extend", "suspend", "resume", "refuse_request", "receive", "forward"),
    *("send_back", "ask_extend", "ask_suspend", "feed_back", "ask_to_verify", "verify"),
    *("rework", "close", "void", "force_close"),
}


@dataclass
class Taken:
    """A step that was taken: by whom, when, and all that stood before it."""

    verb: str
    actor: str
    at: datetime
    before: dict


@dataclass
class Repaired(Model):
    """A case whose steps can be taken back, whose words were wrong, and that is one or two."""

    parts: dict[str, tuple[tuple[int, ...], int]] = field(default_factory=dict)
    criterion: str = ""
    address: str = ""
    correction: dict | None = None
    asked_by: str = ""
    stood: tuple[str, int] = ("", 0)  # before it was joined, and the minutes its clock had left
    verifier: str = ""
    look: str = ""
    drawn: str = ""
    taken: list[Taken] = field(default_factory=list)

    def do(self, verb: str, *, actor: str = "", **about) -> bool:
        kept = {"taken", "n", "now", "stage_minutes", "parts", "spots"}
        names = [one.name for one in fields(self) if one.name not in kept]
        before = deepcopy({name: getattr(self, name) for name in names})
        self.actor, was = actor, self.stage
        said = super().do(verb, **about)
        if said and verb != "recall":
            self._lapse(was)
        if said:
            self.taken.append(Taken(verb, actor, self.now, before))
        return said

    def _lapse(self, was: str) -> None:
        """What nobody can decide any more lapses with the step that led away from it."""
        if self.stage in ENDS and was not in ENDS:
            self.correction = None
        if was in CHECKED and self.stage not in CHECKED and self.look == "open":
            self.look = "lapsed"

    # -- taken back --------------------------------------------------------------------------------

    def do_recall(self, *, steps: int) -> bool:
        back = self.taken[-steps:]
        if len(back) < steps or any(one.actor != self.actor for one in back):
            return False
        if any(one.verb not in OWN_STEPS for one in back):
            return False
        if self.stage in ENDS and self.now - back[-1].at > WINDOW:
            return False
        for name, value in deepcopy(back[0].before).items():
            setattr(self, name, value)
        return True

    # -- put right ---------------------------------------------------------------------------------

    def do_file(self) -> bool:
        filed = super().do_file()
        if filed:
            self._named("parts")
        return filed

    def do_feed_back(self, *, by: str) -> bool:
        part = self.part
        fed = super().do_feed_back(by=by)
        if self.part != part:
            self.criterion = "second"
        return fed

    def do_verify(self, *, by: str) -> bool:
        verified = super().do_verify(by=by)
        if verified:
            self.verifier = by
        return verified

    def _named(self, criterion: str) -> None:
        self.criterion = criterion
        self.limits, self.part = self.parts[criterion]

    def _differs(self, change: dict) -> bool:
        return any(getattr(self, name) != value for name, value in change.items())

    def _corrected(self, change: dict) -> bool:
        self.address = change.get("address", self.address)
        if "criterion" in change:
            self._named(change["criterion"])
        if self.clock is not None:
            self.clock.tell_anew(self.limits[self.part])
            if any(one is self.clock for one in self.fed):
                self.handled_late = any(one.late for one in self.fed)
        return True

    def do_amend(self, *, change: dict) -> bool:
        return self.stage in DIRECT and self._differs(change) and self._corrected(change)

    def do_ask_amend(self, *, change: dict) -> bool:
        if self.stage not in AGREED or self.correction or not self._differs(change):
            return False
        self.correction, self.asked_by = change, self.actor
        return True

    def _decided(self) -> bool:
        return bool(self.stage in AGREED and self.correction and self.asked_by != self.actor)

    def do_agree_amend(self) -> bool:
        if not self._decided() or not self._differs(self.correction):
            return False
        change, self.correction = self.correction, None
        return self._corrected(change)

    def do_refuse_amend(self) -> bool:
        if not self._decided():
            return False
        self.correction = None
        return True

    # -- one or two --------------------------------------------------------------------------------

    def do_split(self) -> bool:
        return self.stage not in ENDS

    def second(self) -> tuple[str, datetime]:
        """Where the second case stands and when it is due: it has waited as long as the first."""
        early = self.stage in {"reported", "confirming", "accepted"}
        stage = self.stage if early else "accepted"
        minutes, always = self.stage_minutes[stage]
        began = self.began[stage]
        return stage, began + minutes * MINUTE if always else walk(began, minutes)

    def do_join(self) -> bool:
        if self.stage in ENDS:
            return False
        if self.stage in {"dispatched", "suspended"}:
            self.clock.pause(self.now)
            self.stood = ("dispatched", 0)
        else:
            self.stood = (self.stage, self._left())
        self.pending, self.held, self.until, self.waiting = None, False, None, None
        self.stage = "joined"
        return True

    def _left(self) -> int:
        if self.waiting is not None:
            return self.waiting
        now, due = self.now, self.stage_due
        if self.stage_minutes[self.stage][1]:
            return (due - now) // MINUTE
        return worked(now, due) if now <= due else -worked(due, now)

    def do_split_off(self) -> bool:
        if self.stage != "joined":
            return False
        self.stage, left = self.stood
        if self.stage == "dispatched":
            self.clock.run(self.now)
            return True
        always = self.stage_minutes[self.stage][1]
        self.stage_due = self.now + left * MINUTE if always else walk(self.now, left)
        return True

    # -- looked at again ---------------------------------------------------------------------------

    def do_draw_recheck(self, *, among: list[str]) -> bool:
        if self.stage not in CHECKED or self.look or {self.verifier, self.handled_by} & set(among):
            return False
        self.look = "open"
        return True

    def _looked(self, before: str, after: str, by: str = "") -> bool:
        if self.stage not in CHECKED or self.look != before or by not in {"", self.drawn}:
            return False
        self.look = after
        return True

    def do_recheck(self) -> bool:
        return self._looked("open", "agrees", self.actor)

    def do_dispute_check(self) -> bool:
        return self._looked("open", "differs", self.actor)

    def do_follow_up(self) -> bool:
        return self._looked("differs", "followed")

    def do_excuse_check(self) -> bool:
        return self._looked("differs", "excused")
