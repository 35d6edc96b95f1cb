"""回放 replaying: a draft becomes a case by the same verbs that people use, each by its own post.

Keys follow from mapping, number and verb, so that whatever was done is never done twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import actions
from changxiao.cases.actions import GivenDue, Problem
from changxiao.cases.importing.drafting import Draft
from changxiao.cases.importing.mapping import Mapping as ListMapping
from changxiao.cases.importing.road import Move, road
from changxiao.cases.models import Case
from changxiao.catalog import timetable
from changxiao.catalog.editions import keyed
from changxiao.catalog.models import Edition, FilingCriterion, Subcategory
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Appointment, Unit
from changxiao.orgs.posts import Post

DUE_SOURCE = "imported"
_POSTS = {
    "report": Post.COLLECTOR,
    "ask_to_confirm": Post.INTAKE,
    "confirm": Post.COLLECTOR,
    "accept": Post.INTAKE,
    "decline": Post.INTAKE,
    "file": Post.SHIFT_LEADER,
    "dispatch": Post.DISPATCHER,
    "feed_back": Post.HANDLER,
    "verify": Post.COLLECTOR,
    "close": Post.SHIFT_LEADER,
}


@dataclass(slots=True)
class Cast:
    """回放所用的目录与人: read once; who acts in each post, and for each unit its handler."""

    criteria: Mapping[str, FilingCriterion]
    subcategories: Mapping[str, Subcategory]
    units: Mapping[str, Unit]
    people: dict[str, str]
    _confirmed: dict[tuple[str, int], bool] = field(default_factory=dict)

    @classmethod
    def read(cls, mapping: ListMapping) -> Cast:
        """读入. Refused `actor_missing` where a post that must act has nobody."""
        criteria = FilingCriterion.objects.current().select_related("subcategory", "successor")
        kinds = Subcategory.objects.exclude(edition=Edition.CJT).order_by("-edition")
        cast = cls(
            {row.code: row for row in criteria},
            keyed(kinds),
            {row.code: row for row in Unit.objects.all()},
            _people() | dict(mapping.actors),
        )
        for post in sorted({str(post) for post in _POSTS.values()} - {Post.HANDLER}):
            cast.actor(post, "")
        return cast

    def actor(self, post: str, unit: str) -> str:
        """办理人: of a post; a handler belongs to a unit."""
        name = f"{post}/{unit}" if post == Post.HANDLER else post
        found = self.people.get(name)
        if found is None:
            message = _("岗位“%(post)s”%(unit)s没有人，请先任命，或在对照表[actors]中指定")
            told = {"post": Post(post).label, "unit": f"（{unit}）" if unit else ""}
            raise Refused("actor_missing", message % told, field="actors")
        return found

    def needs_confirmation(self, channel: str, subcategory: Subcategory) -> bool:
        """是否须核实."""
        key = (channel, subcategory.pk)
        if key not in self._confirmed:
            self._confirmed[key] = timetable.needs_confirmation(*key)
        return self._confirmed[key]


def _people() -> dict[str, str]:
    """Who holds each post; the first by name, so that two runs choose alike."""
    found: dict[str, str] = {}
    rows = Appointment.objects.filter(until_date=None, staff__is_active=True)
    for post, unit, name in rows.order_by("staff__username").values_list(
        "post", "unit__code", "staff__username"
    ):
        found.setdefault(f"{post}/{unit or ''}" if post == Post.HANDLER else post, name)
    return found


class Replay:
    """回放: the drafts of one list, one by one, in the caller's transaction."""

    def __init__(self, mapping: ListMapping, cast: Cast) -> None:
        self._mapping, self._cast = mapping, cast

    def play(self, draft: Draft) -> Case:
        """回放一行: its whole road; Refused by any verb, Replayed when it was reported before."""
        problem = self._problem(draft)
        unit = self._unit(draft)
        confirm = self._cast.needs_confirmation(problem.channel, problem.subcategory)
        first, *rest = road(draft, confirm=confirm)
        case = actions.report(problem, act=self._act(first, draft))
        for move in rest:
            act = self._act(move, draft)
            case = _DO[move.verb](case, draft, unit, act)
        return case

    def key(self, number: str, verb: str = "report") -> str:
        """动作键."""
        return str(uuid.uuid5(NAMESPACE, f"{self._mapping.origin}/{number}/{verb}"))

    def _act(self, move: Move, draft: Draft) -> Act:
        post = str(_POSTS[move.verb])
        return Act(
            actor=self._cast.actor(post, draft.unit),
            post=post,
            key=self.key(draft.number, move.verb),
            at=move.at,
            origin=self._mapping.origin,
            note=draft.note if move.verb == "feed_back" else "",
            digest=draft.digest,
        )

    def _problem(self, draft: Draft) -> Problem:
        criterion = self._criterion(draft.criterion)
        kind = criterion.subcategory if criterion else self._subcategory(draft.subcategory)
        return Problem(
            channel=draft.channel,
            subcategory=kind,
            criterion=criterion,
            lon=draft.lon,
            lat=draft.lat,
            address=draft.address,
            description=draft.description,
            external=draft.number,
        )

    def _criterion(self, code: str | None) -> FilingCriterion | None:
        if code is None:
            return None
        if code not in self._cast.criteria:
            message = _("本市没有立案标准“%(code)s”，请更正对照表[criterion]")
            raise Refused("criterion_unknown", message % {"code": code}, field="criterion")
        return self._cast.criteria[code]

    def _subcategory(self, key: str | None) -> Subcategory:
        found = self._cast.subcategories.get(key or "")
        if found is None:
            message = _("本市没有小类“%(key)s”，请更正对照表[subcategory]")
            raise Refused("subcategory_unknown", message % {"key": key or ""}, field="subcategory")
        return found

    def _unit(self, draft: Draft) -> Unit:
        if draft.unit not in self._cast.units:
            message = _("本市没有单位“%(unit)s”，请更正对照表[unit]")
            raise Refused("unit_unknown", message % {"unit": draft.unit}, field="unit")
        return self._cast.units[draft.unit]


def late(case: Case, draft: Draft, now: datetime) -> bool:
    """本系统是否超期: by what was handled, else at the moment at which the source looked."""
    if case.handled_at is not None:
        return case.handled_late
    return case.due_at is not None and case.due_at < (draft.seen_at or now)


Do = Callable[[Case, Draft, Unit, Act], Case]
_DO: Mapping[str, Do] = {
    "ask_to_confirm": lambda case, draft, unit, act: actions.ask_to_confirm(case, act=act),
    "confirm": lambda case, draft, unit, act: actions.confirm(case, act=act),
    "accept": lambda case, draft, unit, act: actions.accept(case, act=act),
    "decline": lambda case, draft, unit, act: actions.decline(
        case, reason=draft.status.reason, act=act
    ),
    "file": lambda case, draft, unit, act: actions.file(case, act=act),
    "dispatch": lambda case, draft, unit, act: actions.dispatch(
        case, to=unit, act=act, given=_given(draft)
    ),
    "feed_back": lambda case, draft, unit, act: actions.feed_back(case, act=act),
    "verify": lambda case, draft, unit, act: actions.verify(case, act=act),
    "close": lambda case, draft, unit, act: actions.close(case, act=act),
}


def _given(draft: Draft) -> GivenDue | None:
    return GivenDue(draft.due_at, DUE_SOURCE) if draft.due_at else None
