"""案卷去向 ways: the ways a case may go, each by its name in the city's [fates]. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from changxiao.cases.samples.course import NEEDS_LOOK, Course
from changxiao.catalog.policy_field import FIELD
from changxiao.kernel.worktime import Limit, TimeUnit

Way = Callable[[Course], object]
WINDOW = Limit(Decimal(2), TimeUnit.WORK_HOUR)  # 签收时限 of an ordinary case
WINDOW_URGENT = Limit(Decimal("0.5"), TimeUnit.URGENT_HOUR)


def _waiting(course: Course, road: Way) -> None:
    course.upon(_lately(course), lambda: road(course))


def _lately(course: Course) -> datetime:
    """Most wait within the desk's quarter of an hour, some longer than they should."""
    minutes = course.rng.uniform(1, 12) if course.rng.random() < 0.7 else course.rng.uniform(20, 90)
    return course.now - timedelta(seconds=round(minutes * 60))


def _to_accept(course: Course) -> None:
    course.reported()
    if course.channel in NEEDS_LOOK:
        course.asked().looked()


def _to_dispatch(course: Course) -> None:
    course.intake()


def _sent_back(course: Course) -> Course:
    return course.work(course.rng.uniform(5, 20)).move("send_back").after(3, 9).move("take_back")


def _waiting_taken_back(course: Course) -> None:
    _sent_back(course.intake().command())


def _waiting_ruling(course: Course) -> None:
    _sent_back(course.intake().command())
    _sent_back(course.command(other=True))


def _ruled(course: Course) -> None:
    _waiting_ruling(course)
    course.after(20, 80).move("rule_ownership")
    course.dispatched = course.at
    course.taken().handled(course.rng.uniform(0.3, 0.8)).checked().closed()


def _fast_lane(course: Course) -> None:
    """An urgent call: sent to the unit at once, the look on the spot is still owed."""
    course.reported().after(1, 3).move("accept", later=True).after(1, 2).move("file").command()


def _declined(course: Course) -> None:
    course.reported().after(2, 11).move("decline")


def _refuted(course: Course) -> None:
    course.reported().asked().after(8, 27).move("refute")
    course.after(2, 9).move("decline", words="refute")


def _running(course: Course, least: float, most: float) -> Course:
    return course.started(course.rng.uniform(least, most)).taken()


def _overdue(course: Course) -> None:
    _running(course, 1.1, 2.4).used(1.0).after(5, 60).move("nudge")
    if course.rng.random() < 0.5:
        course.after(20, 90).move("supervise", kind="overdue")


def _asking(course: Course, verb: str) -> None:
    _running(course, 0.7, 0.95).used(0.55).move(verb)


def _asking_back(course: Course) -> None:
    window = WINDOW_URGENT if course.limit.unit == TimeUnit.URGENT_HOUR else WINDOW
    start = course.since(0.7, window)
    course.upon(start, lambda: course.intake().command()).work(5).move("send_back")


def _extended(course: Course) -> None:
    _running(course, 1.05, 1.5).used(0.6).move("ask_extend").after(10, 50).move("extend")


def _extension_refused(course: Course) -> None:
    course = _running(course, 0.85, 1.1).used(0.55).move("ask_extend")
    course.after(10, 50).move("refuse_request")


def _suspended(course: Course) -> Course:
    course.used(0.3).move("ask_suspend", days=course.rng.randint(20, 90))
    return course.after(10, 50).move("suspend")


def _woken(course: Course) -> None:
    course.intake().command().taken().used(0.3).move("ask_suspend", days=2)
    course.after(10, 50).move("suspend")
    course.at += timedelta(days=2, hours=1)
    course.move("wake").work(course.rng.uniform(30, 90))
    course.move("feed_back", words="done", part=0).checked().closed()


def _assisted(course: Course) -> None:
    course.upon(
        course.since(course.rng.uniform(0.3, 0.9)),
        lambda: course.intake().command(assisting=course.word("helping")),
    )
    course.taken()
    if course.rng.random() < 0.6:
        course.used(0.25).move("assist")


def _reworked(course: Course) -> Course:
    course.used(course.rng.uniform(0.3, 0.6)).move("feed_back", words="done", part=0)
    return course.after(12, 28).move("rework")


def _burst(course: Course) -> None:
    """The pipe is fenced off, its repair runs: the second part of three."""
    end = course.now - timedelta(hours=2)

    def road() -> None:
        course.intake().command().taken().used(0.6)
        course.move("feed_back", words="done", part=0)

    course.upon(end, road)


def _complete(course: Course, least: float, most: float) -> Course:
    share = course.rng.uniform(least, most)
    return course.intake().command().taken().handled(share).checked().closed()


def _late(course: Course) -> Course:
    return _complete(course, 1.05, 2.0)


def _supervised(course: Course) -> None:
    course.intake().command().taken().used(0.5).move("nudge").after(5, 30)
    course.move("supervise", kind=course.rng.choice(["leader", "important"]))
    course.work(20).move("answer_order").handled(0.9).checked().closed()


def _appealed(course: Course, *decisions: str) -> None:
    _late(course).after(60, 240).move("appeal")
    for verb in decisions:
        course.after(60, 200).move(verb)


def _reworked_closed(course: Course) -> None:
    _reworked(course.intake().command().taken()).work(course.rng.uniform(20, 60))
    course.move("feed_back", words="done", part=0).checked().closed()


def _ended(course: Course, verb: str) -> None:
    course.intake().command().taken().used(0.7).after(5, 60)
    course.move(verb, answer=course.word("answer"))


def _to_file(course: Course) -> None:
    _to_accept(course)
    course.after(2, 11).move("accept")


def _fed_back(course: Course, end: datetime) -> Course:
    course.started(course.rng.uniform(0.4, 0.9)).taken()
    course.at = max(course.at, end)
    return course.move("feed_back", words="done", part=0)


def _waiting_verify(course: Course) -> None:
    _fed_back(course, _lately(course))
    if course.rng.random() < 0.5:
        course.after(0.5, 1).move("ask_to_verify", demo=True)


def _waiting_close(course: Course) -> None:
    end = _lately(course)
    _fed_back(course, end - timedelta(minutes=course.rng.uniform(9, 26)))
    course.at = max(course.at, end)
    course.move("verify")


def _asking_suspend(course: Course) -> None:
    _running(course, 0.5, 0.9).used(0.4).move("ask_suspend", days=course.rng.randint(20, 90))


WAYS: Mapping[str, Way] = {
    "closed": lambda c: _complete(c, 0.1, 0.95),
    "closed_late": _late,
    "declined": _declined,
    "refuted": _refuted,
    "on_spot": lambda c: c.reported().after(2, 9).move("handle_on_spot"),
    "waiting_accept": lambda c: _waiting(c, Course.reported),
    "waiting_confirm": lambda c: _waiting(c, lambda one: one.reported().asked()),
    "confirmed": lambda c: _waiting(c, lambda one: one.reported().asked().looked()),
    "waiting_file": lambda c: _waiting(c, _to_file),
    "waiting_dispatch": lambda c: _waiting(c, _to_dispatch),
    "taken_back": lambda c: _waiting(c, _waiting_taken_back),
    "needs_ruling": lambda c: _waiting(c, _waiting_ruling),
    "to_receive": lambda c: c.started(c.rng.uniform(0.02, 0.2)),
    "running": lambda c: _running(c, 0.2, 0.75),
    "near_limit": lambda c: _running(c, 0.82, 0.97),
    "overdue": _overdue,
    "asking_extend": lambda c: _asking(c, "ask_extend"),
    "asking_suspend": _asking_suspend,
    "asking_back": _asking_back,
    "extended": _extended,
    "extension_refused": _extension_refused,
    "suspended": lambda c: _suspended(_running(c, 0.6, 0.9)),
    "woken": _woken,
    "assisted": _assisted,
    "reworking": lambda c: _reworked(_running(c, 0.8, 1.2)),
    "ruled": _ruled,
    "burst": _burst,
    "waiting_verify": _waiting_verify,
    "waiting_close": _waiting_close,
    "appeal_pending": _appealed,
    "appeal_endorsed": lambda c: _appealed(c, "endorse_appeal"),
    "appeal_granted": lambda c: _appealed(c, "endorse_appeal", "grant_appeal"),
    "appeal_refused": lambda c: _appealed(c, "refuse_appeal"),
    "reworked": _reworked_closed,
    "supervised": _supervised,
    "voided": lambda c: _ended(c, "void"),
    "forced": lambda c: _ended(c, "force_close"),
    "fast_lane": lambda c: _waiting(c, _fast_lane),
}
# Ways that run into the present: their moves are reckoned back from it.
PRESENT = frozenset(
    [
        "waiting_accept",
        "waiting_confirm",
        "confirmed",
        "waiting_file",
        "waiting_dispatch",
        "taken_back",
        "needs_ruling",
        "to_receive",
        "running",
        "near_limit",
        "overdue",
        "asking_extend",
        "asking_suspend",
        "asking_back",
        "extended",
        "extension_refused",
        "suspended",
        "assisted",
        "reworking",
        "burst",
        "waiting_verify",
        "waiting_close",
        "fast_lane",
    ]
)
# Ways with room in time: limits of days, so that a request and its answer fit in.
LONG = frozenset(
    [
        "asking_extend",
        "asking_suspend",
        "extended",
        "extension_refused",
        "suspended",
        "woken",
        "asking_back",
    ]
)
# Ways that end in an appeal: a limit that no emergency stops, and a report of some days ago.
APPEALED = frozenset({"appeal_pending", "appeal_endorsed", "appeal_granted", "appeal_refused"})
# What a collector puts right himself, in a city that has set nothing of its own.
SMALL = frozenset(str(FIELD["on_spot_kinds"].default).split())
# Ways through the confirmation on the spot, and ways that must not be mended in parts.
LOOKED_AT = frozenset({"waiting_confirm", "confirmed", "refuted"})
WHOLE = frozenset({"reworking", "reworked", "woken", "waiting_verify", "waiting_close"})
