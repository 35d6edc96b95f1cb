"""样板案卷 journeys: a few hundred cases of every shape, made by the real verbs and rolled back.

`bench load` repeats them at other places and in other weeks, so that what it writes in bulk is what
the verbs would have written. They happen in one week, far enough back for the slowest to end.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from PIL import Image

from changxiao.cases import actions
from changxiao.cases.actions import Problem, Reporter, Shown
from changxiao.cases.actions.command import HANDLING_KINDS
from changxiao.cases.models import Case, CasePhoto, CaseRequest
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel.act import Act
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment, Unit
from changxiao.orgs.posts import Post

ORIGIN = "bench"
_ROAD = ("report", "accept", "file", "dispatch", "receive", "feed_back", "verify", "close")
_BRIEF = tuple(verb for verb in _ROAD if verb != "receive")
_ASKED = ("report", "ask_to_confirm", "confirm")

# shape: (verbs, share of the open cases, share of the ended ones)
SHAPES: Mapping[str, tuple[tuple[str, ...], float, float]] = {
    "reported": (_ROAD[:1], 0.10, 0),
    "confirming": (_ASKED[:2], 0.06, 0),
    "accepted": (_ROAD[:2], 0.06, 0),
    "filed": (_ROAD[:3], 0.08, 0),
    "dispatched": (_ROAD[:4], 0.20, 0),
    "received": (_ROAD[:5], 0.25, 0),
    "suspended": ((*_ROAD[:5], "ask_suspend", "suspend"), 0.05, 0),
    "handled": (_BRIEF[:5], 0.12, 0),
    "verified": (_BRIEF[:6], 0.08, 0),
    "declined": (("report", "decline"), 0, 0.20),
    "closed": (_BRIEF, 0, 0.62),
    "confirmed": ((*_ASKED, *_BRIEF[1:]), 0, 0.12),
    "reworked": ((*_BRIEF[:5], "rework", *_BRIEF[4:]), 0, 0.06),
}

_POSTS: Mapping[str, Post] = {
    "report": Post.COLLECTOR,
    "ask_to_confirm": Post.INTAKE,
    "confirm": Post.COLLECTOR,
    "accept": Post.INTAKE,
    "decline": Post.INTAKE,
    "file": Post.SHIFT_LEADER,
    "dispatch": Post.DISPATCHER,
    "receive": Post.HANDLER,
    "feed_back": Post.HANDLER,
    "ask_suspend": Post.HANDLER,
    "suspend": Post.DISPATCHER,
    "verify": Post.COLLECTOR,
    "rework": Post.COLLECTOR,
    "close": Post.SHIFT_LEADER,
}
_HANDLING = timedelta(hours=30)  # the longest that a unit takes here
_PAUSE = timedelta(minutes=25)  # the longest that a desk takes


@dataclass(frozen=True, slots=True)
class Journey:
    """样板: the rows that a case's verbs left; `shape` is its name in SHAPES."""

    shape: str
    case: Case
    entries: tuple[Entry, ...]
    requests: tuple[CaseRequest, ...]
    photos: tuple[CasePhoto, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """角色: who takes which step, which units handle, what is reported and where, two photos."""

    people: Mapping[str, str]
    units: Sequence[tuple[Unit, str]]
    criteria: Sequence[FilingCriterion]
    place: tuple[float, float]
    before: Photo
    after: Photo


def cast(place: tuple[float, float], rng: random.Random) -> Cast:
    """角色: of the city that was set up; `place` (degrees, WGS-84) lies in it."""
    people: dict[str, str] = {}
    held = Appointment.objects.filter(until_date=None).order_by("id")
    for post, name in held.values_list("post", "staff__username"):
        people.setdefault(post, name)
    rows = Unit.objects.filter(kind__in=HANDLING_KINDS).order_by("id")
    units = [(unit, _hand_of(unit)) for unit in rows]
    first = FilingCriterion.objects.current().filter(is_first=True, successor=None)
    criteria = list(first.select_related("subcategory").order_by("code"))
    return Cast(people, units, criteria, place, _photo(rng, "before"), _photo(rng, "after"))


def _hand_of(unit: Unit) -> str:
    hands = Appointment.objects.filter(unit=unit, post=Post.HANDLER).order_by("id")
    return hands.values_list("staff__username", flat=True).first() or f"hand-{unit.code}"


def _photo(rng: random.Random, name: str) -> Photo:
    noise = Image.frombytes("RGB", (64, 48), rng.randbytes(64 * 48 * 3))
    data = io.BytesIO()
    noise.resize((640, 480)).save(data, "JPEG")
    act = Act.system(ORIGIN, f"bench-photo-{name}")
    return media.store(data.getvalue(), declared_type="image/jpeg", name=f"{name}.jpg", act=act)


def journeys(cast: Cast, monday: datetime, *, each: int, rng: random.Random) -> Iterator[Journey]:
    """样板案卷: `each` of every shape, begun between 07:00 and 21:00 of the week of `monday`."""
    for shape in SHAPES:
        for _turn in range(each):
            begin = monday + timedelta(days=rng.randrange(7), minutes=rng.randrange(420, 1260))
            with transaction.atomic():
                told = _Telling(cast, rng, begin).told(shape)
                transaction.set_rollback(True)
            yield told


class _Telling:
    """One journey: the verbs of its shape, one after the other, each some minutes later."""

    def __init__(self, cast: Cast, rng: random.Random, begin: datetime) -> None:
        self.cast, self.rng, self.at = cast, rng, begin
        self.unit, self.hand = rng.choice(cast.units)
        self.criterion = rng.choice(cast.criteria)

    def told(self, shape: str) -> Journey:
        verbs = SHAPES[shape][0]
        case = self._reported(by_phone="ask_to_confirm" in verbs)
        for verb in verbs[1:]:
            case = _STEPS[verb](self, case)
        case = Case.everything.get(pk=case.pk)
        entries = tuple(Entry.objects.filter(stream=case.stream).order_by("n"))
        photos = tuple(case.photos.order_by("id"))
        return Journey(shape, case, entries, tuple(case.requests.order_by("id")), photos)

    def act(self, verb: str, *, most: timedelta = _PAUSE, note: str = "") -> Act:
        self.at += timedelta(seconds=self.rng.randrange(30, int(most.total_seconds())))
        post = _POSTS[verb]
        actor = self.hand if post == Post.HANDLER else self.cast.people[post]
        key = f"bench-template-{self.at:%m%d%H%M%S}-{verb}"
        return Act(actor=actor, post=post, key=key, at=self.at, origin=ORIGIN, note=note)

    def _reported(self, *, by_phone: bool) -> Case:
        lon, lat = self.cast.place
        problem = Problem(
            channel="hotline" if by_phone else "collector",
            subcategory=self.criterion.subcategory,
            criterion=self.criterion,
            lon=lon,
            lat=lat,
            description="样板",
            reporter=Reporter("陈大文", "13800138000") if by_phone else Reporter(),
            photos=[] if by_phone else self.before,
        )
        seen = self.at - timedelta(minutes=self.rng.randrange(1, 20))
        return actions.report(problem, act=replace(self.act("report"), occurred_at=seen))

    @property
    def before(self) -> list[Shown]:
        return [Shown(self.cast.before, CasePhoto.Role.BEFORE)]

    def fed_back(self, case: Case) -> Case:
        roles = {*(need.kind for need in self.criterion.needs), "after"} - {"before"}
        shown = [Shown(self.cast.after, role) for role in sorted(roles)]
        act = self.act("feed_back", most=_HANDLING, note="已处置")
        return actions.feed_back(case, act=act, photos=shown)

    def asked_to_suspend(self, case: Case) -> Case:
        act = self.act("ask_suspend", most=_HANDLING / 4, note="待材料到货")
        return actions.ask_suspend(case, until=self.at + timedelta(days=60), act=act)


_STEPS: Mapping[str, Callable[[_Telling, Case], Case]] = {
    "ask_to_confirm": lambda one, case: actions.ask_to_confirm(case, act=one.act("ask_to_confirm")),
    "confirm": lambda one, case: actions.confirm(case, act=one.act("confirm"), photos=one.before),
    "accept": lambda one, case: actions.accept(case, act=one.act("accept")),
    "decline": lambda one, case: actions.decline(
        case, reason="不属城市管理范围", act=one.act("decline")
    ),
    "file": lambda one, case: actions.file(case, act=one.act("file")),
    "dispatch": lambda one, case: actions.dispatch(case, to=one.unit, act=one.act("dispatch")),
    "receive": lambda one, case: actions.receive(case, act=one.act("receive")),
    "feed_back": _Telling.fed_back,
    "ask_suspend": _Telling.asked_to_suspend,
    "suspend": lambda one, case: actions.suspend(case, act=one.act("suspend", note="同意")),
    "verify": lambda one, case: actions.verify(case, act=one.act("verify")),
    "rework": lambda one, case: actions.rework(case, act=one.act("rework", note="仍有破损")),
    "close": lambda one, case: actions.close(case, answer="已处理完毕", act=one.act("close")),
}
