"""一班的准备与验尸 for A-06b --mixed, in a process of the city's home: tasks, what may be put right
at once, a duty grid to walk; and afterwards what the phone's acts left in the log and the tables.
"""

from __future__ import annotations

import random
from typing import Any

COLLECTOR = "torture0"
TASKS = 56  # a phone is told of sixty at most
_REPORTED, _ASKED = "report", ("confirm", "refute", "handle_on_spot", "verify", "rework")
_WALKED = ("start_patrol", "finish_patrol")


def shift() -> dict[str, str]:
    """准备: half of the tasks to confirm, half to verify; what kind may be put right at once."""
    from changxiao.bench.load_journeys import cast
    from changxiao.bench.torture_home import inside
    from changxiao.catalog.actions import set_policy
    from changxiao.kernel.act import Act

    told = cast(inside()[0], random.Random(COLLECTOR))
    small = told.criteria[0].subcategory.key
    for name, value in (("on_spot_kinds", small), ("on_spot_daily", "200")):
        set_policy(name, value=value, act=Act.system("torture", f"torture-{name}"))
    for number in range(TASKS):
        (_to_verify if number % 2 else _to_confirm)(told, number)
    return {"small": small}


def _did(step: str, post: str, number: int | str) -> Any:
    from changxiao.kernel.act import Act

    return Act(actor="torture-desk", post=post, key=f"torture-task-{number}-{step}")


def _problem(told: Any, channel: str) -> Any:
    from changxiao.cases.actions import Problem, Shown
    from changxiao.cases.models import CasePhoto

    criterion, (lon, lat) = told.criteria[-1], told.place
    shown = [Shown(told.before, CasePhoto.Role.BEFORE)] if channel == "collector" else []
    return Problem(
        channel=channel,
        subcategory=criterion.subcategory,
        criterion=criterion,
        lon=lon,
        lat=lat,
        photos=shown,
    )


def _to_confirm(told: Any, number: int) -> None:
    from changxiao.cases import actions

    case = actions.report(_problem(told, "hotline"), act=_did("report", "intake", number))
    actions.ask_to_confirm(case, collector=COLLECTOR, act=_did("ask", "intake", number))


def _to_verify(told: Any, number: int) -> None:
    from changxiao.cases import actions
    from changxiao.cases.actions import Shown

    unit, _hand = told.units[0]
    case = actions.report(_problem(told, "collector"), act=_did("report", "collector", number))
    case = actions.accept(case, act=_did("accept", "intake", number))
    case = actions.file(case, act=_did("file", "shift_leader", number))
    case = actions.dispatch(case, to=unit, act=_did("dispatch", "dispatcher", number))
    roles = {*(need.kind for need in told.criteria[-1].needs), "after"} - {"before"}
    shown = [Shown(told.after, role) for role in sorted(roles)]
    case = actions.feed_back(case, act=_did("feed_back", "handler", number), photos=shown)
    actions.ask_to_verify(case, collector=COLLECTOR, act=_did("ask", "intake", number))


def acts() -> dict[str, Any]:
    """验尸: key, words and photos ("role hash") of every act of the collector's phone."""
    from changxiao.ledger.models import Entry

    verbs = (_REPORTED, *_ASKED, *_WALKED)
    rows = Entry.objects.filter(actor=COLLECTOR, verb__in=verbs).order_by("id")
    return {"acts": [told for told in map(_told, rows) if told is not None]}


def _told(entry: Any) -> tuple[str, str, list[str]] | None:
    from changxiao.cases.models import Case

    if entry.verb in _WALKED:
        return entry.act_key, "", []
    case = Case.everything.get(number=entry.stream.partition(":")[2])
    words = case.description if entry.verb == _REPORTED else entry.act.get("note", "")
    if not words:  # the second half of what was reported and put right in one act
        return None
    rows = case.photos.filter(photo__uploaded_by=COLLECTOR).select_related("photo")
    return entry.act_key, words, sorted(f"{row.role} {row.photo.sha256}" for row in rows)
