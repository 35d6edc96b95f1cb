"""案卷故事: a case told to one reader: who did what, when on the street, when recorded, how each
clock ran. Handlers and ranked units see collectors and residents as post and grid, never by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from changxiao.cases import access, flow, rules
from changxiao.cases.clock import StageClock
from changxiao.cases.evidence import Outcome
from changxiao.cases.models import Case, CasePhoto
from changxiao.kernel.scope import Viewer
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff, Unit
from changxiao.orgs.posts import Post

Row = TypeVar("Row", bound=Model)
# Known to the supervision side only: who walks the street, and who is protected when reporting.
HIDDEN_POSTS = frozenset({Post.COLLECTOR, Post.INSPECTOR, ""})

SHOWN_POSTS = flow.HANDLERS | {Post.DISPATCHER, Post.COMMAND_DIRECTOR, Post.LEADER}


@dataclass(frozen=True, slots=True)
class Line:
    """一步: one entry in the words of the desk."""

    n: int
    verb: str
    title: str
    actor: str
    who: str
    post: str
    on_behalf: str
    at: datetime
    occurred_at: datetime | None
    recorded_at: datetime
    note: str
    facts: tuple[tuple[str, str | datetime], ...]
    media: tuple[Mapping[str, Any], ...]
    late: bool
    hash: str

    @property
    def recorded_apart(self) -> bool:
        """补录: recorded at another minute than the legal time, which readers must see."""
        return abs(self.recorded_at - self.at) >= timedelta(minutes=1)


def story(case: Case, viewer: Viewer) -> list[Line]:
    """案卷故事: every entry, oldest first, as this viewer may read it."""
    entries = list(case.entries)
    bodies = [json.loads(entry.body) for entry in entries]
    open_names = access.knows_people(viewer)
    names = _names(entries, bodies, open_names=open_names)
    told = _Told(_units(bodies), case, names if open_names else {})
    return [
        _line(case, e, b, names, told if open_names else replace(told, masks=True))
        for e, b in zip(entries, bodies, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """How the values of an entry are said to this reader."""

    units: Mapping[str, str]
    case: Case
    people: Mapping[str, str]
    masks: bool = False

    def say(self, key: str, value: str) -> str | datetime:
        if key in MOMENTS:
            return datetime.fromisoformat(value)
        if key in {"unit", "checker"}:
            return (self.units if key == "unit" else self.people).get(value, value)
        if key == "outcome":
            return str(Outcome(value).label)
        if key == "confirmation":
            return _("属实") if value == "real" else _("不属实")
        now = self.case.criterion
        if key == "criterion" and now is not None and value == f"{now.code}/{now.version}":
            return now.condition
        return rules.masked(value) if self.masks else value

    def witness(self, told: Mapping[str, str]) -> str:
        """见证人: by name for the supervision side, else by post; an account is a colleague's."""
        if "account" in told:
            return self.people.get(told["account"], _("在场的另一工作人员"))
        name = "" if self.masks else ledger.reveal(told["person"]) or ""
        return f"{told['post']} {name}".strip()


MOMENTS = frozenset({"suspended_until", "handle_due_at"})


def _units(bodies: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    codes = {body.get("set", {}).get("unit") for body in bodies} - {None}
    if not codes:
        return {}
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


def _names(
    entries: Iterable[Entry], bodies: Iterable[Mapping[str, Any]], *, open_names: bool
) -> dict[str, str]:
    wanted: set[str] = set()
    for entry, body in zip(entries, bodies, strict=True):
        if open_names or _post(body) not in HIDDEN_POSTS:
            wanted |= {entry.actor, entry.on_behalf, body.get("witness", {}).get("account", "")}
        if open_names:
            wanted.add(body.get("set", {}).get("checker", ""))
    rows = Staff.objects.filter(username__in=wanted - {""})
    return dict(rows.values_list("username", "name"))


def _post(body: Mapping[str, Any]) -> str:
    return str(body.get("_act", {}).get("post", ""))


def _line(
    case: Case, entry: Entry, body: Mapping[str, Any], names: Mapping[str, str], told: _Told
) -> Line:
    post = _post(body)
    hidden = told.masks and post in HIDDEN_POSTS and not entry.actor.startswith("system:")
    note = str(body.get("_act", {}).get("note", ""))
    return Line(
        n=entry.n,
        verb=entry.verb,
        title=str(flow.DEFAULT.step(entry.verb).title),
        actor="" if hidden else entry.actor,
        who=masked_who(case, post) if hidden else _who(entry.actor, names),
        post=str(Post(post).label) if post else "",
        on_behalf=_stood_in_for(entry, post, names, told),
        at=entry.at,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        note=rules.masked(note) if told.masks else note,
        facts=tuple(_facts(body, told)),
        media=tuple(body.get("media", ())),
        late=bool(body.get("late")),
        hash=entry.hash,
    )


def _stood_in_for(entry: Entry, post: str, names: Mapping[str, str], told: _Told) -> str:
    # Whom the supervision side stands in for may be a collector.
    if not entry.on_behalf or (told.masks and post not in SHOWN_POSTS):
        return ""
    return _who(entry.on_behalf, names)


def masked_who(case: Case, post: str) -> str:
    """渠道与网格: what stands in place of a name for those who must not know it."""
    grid = case.duty_grid_code or case.community_code or "—"
    label = Post(post).label if post else case.get_channel_display()
    return _("%(label)s（网格 %(grid)s）") % {"label": label, "grid": grid}


def _who(actor: str, names: Mapping[str, str]) -> str:
    if actor.startswith("system:"):
        return _("系统")
    return names.get(actor, actor)


def _facts(body: Mapping[str, Any], told: _Told) -> Iterable[tuple[str, str | datetime]]:
    labels = {
        "code": _("案卷号"),
        "unit": _("承办单位"),
        "handler": _("处置人"),
        "criterion": _("立案标准"),
        "suspended_until": _("挂账至"),
        "handle_due_at": _("应处置时间"),
        "answer": _("答复"),
        "confirmation": _("核实结论"),
        "outcome": _("处置结果"),
    }
    if not told.masks:
        labels["checker"] = _("监督员")
    changed = body.get("set", {})
    found = ((key, label, str(changed[key])) for key, label in labels.items() if changed.get(key))
    yield from ((label, told.say(key, value)) for key, label, value in found)
    for one in body.get("readings", ()):
        yield one["name"], f"{one['value']} {one['unit']}"
    if witness := body.get("witness"):
        yield _("见证人"), told.witness(witness)


def texts(case: Case, viewer: Viewer) -> dict[str, str]:
    """文字: what people wrote on the case. Residents write their own number into it; who handles or
    is ranked does not read that."""
    written = {name: getattr(case, name) for name in ("description", "address", "answer")}
    if access.knows_people(viewer):
        return written
    return {name: rules.masked(text) for name, text in written.items()}


def readable(rows: Iterable[Row], viewer: Viewer, *texts: str) -> list[Row]:
    """可读的行: the rows, the numbers in their texts masked for who handles or is ranked."""
    found = list(rows)
    if not access.knows_people(viewer):
        for row in found:
            for name in texts:
                setattr(row, name, rules.masked(getattr(row, name)))
    return found


def clocks_of(case: Case) -> list[StageClock]:
    """各环节计时: every stage's clock with its stretches, oldest first."""
    return [StageClock.from_json(row) for row in case.clocks]


def photos_of(case: Case) -> list[CasePhoto]:
    """案卷照片: in the order in which they came."""
    return list(case.photos.select_related("photo").order_by("entry_id", "id"))
