"""案卷故事: a case told to one reader: who did what, when on the street, when recorded, how each
clock ran. Handlers and ranked units see collectors and residents as post and grid, never by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, TypeVar

from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext as _

from changxiao.cases import access, assigning, flow, phone_clock, rules
from changxiao.cases.clock import StageClock
from changxiao.cases.evidence import Outcome
from changxiao.cases.models import Case, CasePhoto, Satisfaction
from changxiao.cases.models_public import PublicPhoto, Relay
from changxiao.kernel.scope import Viewer
from changxiao.ledger import actions as ledger
from changxiao.ledger.media import recording
from changxiao.ledger.media.pdf import PDF
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff, Unit
from changxiao.orgs.posts import Post

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

Row = TypeVar("Row", bound=Model)
Medium = TypeVar("Medium", bound=CasePhoto)
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
    recalled_by: int = 0  # the entry that took this one back

    @property
    def photo_count(self) -> int:
        """照片数, without documents and clips."""
        beside = {PDF, *recording.EXTENSIONS}
        return sum(one.get("type") not in beside for one in self.media)

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
    said = ledger.reveal_many([body["said"] for body in bodies if "said" in body])
    told = _Told(_units(bodies), case, names if open_names else {}, said)
    gone = {n: e.n for e, b in zip(entries, bodies, strict=True) for n in b.get("recalled", ())}
    lines = [
        _line(case, e, b, names, told if open_names else replace(told, masks=True))
        for e, b in zip(entries, bodies, strict=True)
    ]
    return [replace(line, recalled_by=gone.get(line.n, 0)) for line in lines]


@dataclass(frozen=True, slots=True)
class _Told:
    """How the values of an entry are said to this reader."""

    units: Mapping[str, str]
    case: Case
    people: Mapping[str, str]
    said: Mapping[str, str]
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


MOMENTS = frozenset({"suspended_until", "handle_due_at", "given_due_at"})


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
            wanted |= {body.get("set", {}).get("checker", ""), body.get("leaver", "")}
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
        facts=(*_facts(body, told), *phone_clock.facts(entry, body)),
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
        "given_due_at": _("来源时限"),
        "answer": _("答复"),
        "confirmation": _("核实结论"),
        "outcome": _("处置结果"),
    }
    if not told.masks:
        labels["checker"] = _("监督员")
        yield from _handed_on(body, told)
    changed = body.get("set", {})
    found = ((key, label, str(changed[key])) for key, label in labels.items() if changed.get(key))
    yield from ((label, told.say(key, value)) for key, label, value in found)
    if lot := body.get("lot"):
        yield (
            _("抽签"),
            _("%(day)s 的签，从 %(n)d 名监督员中抽取")
            % {
                "day": lot.partition(":")[2],
                "n": len(body["among"]),
            },
        )
    yield from _rung(body)
    if into := body.get("into"):
        yield _("新案卷"), into
    yield from _outside(body, told)
    yield from _filed(body)
    for one in body.get("readings", ()):
        yield one["name"], f"{one['value']} {one['unit']}"
    if witness := body.get("witness"):
        yield _("见证人"), told.witness(witness)


def _filed(body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """材料和录音录像 by their hash; photos are counted only."""
    for one in body.get("media", ()):
        kind = one.get("type", "")
        title = _("材料（PDF）") if kind == PDF else ""
        if kind in recording.EXTENSIONS:
            title = _("录像") if kind.startswith("video/") else _("录音")
        if title:
            yield title, _("校验值 %(sha256)s") % {"sha256": one["sha256"]}


def _outside(body: Mapping[str, Any], told: _Told) -> Iterable[tuple[str, str]]:
    """补充反映 and 转送: what was heard from outside, and under which number others have it."""
    if words := told.said.get(body.get("said", "")):
        yield _("补充内容"), rules.masked(words) if told.masks else words
    if relayed := body.get("relay"):
        yield str(Relay.Way(relayed["way"]).label), f"{relayed['peer']} {relayed['remote']}"


def _rung(body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """来电 and 回访: what the caller asked for, and what he said to the two questions."""
    if call := body.get("call"):
        asked = [_("要求回访")] if call["wants_callback"] else []
        asked += [_("要求匿名")] if call["anonymous"] else []
        if asked:
            yield _("来电人"), "、".join(asked)
    if heard := body.get("callback"):
        number = _("第 %(n)d 次") % {"n": heard["try"]}
        yield _("接通情况"), f"{_('已接通') if heard['reached'] else _('未接通')} {number}"
        if heard["solved"] is not None:
            yield _("问题是否解决"), _("是") if heard["solved"] else _("否")
        if heard["satisfaction"]:
            yield _("满意度"), str(Satisfaction(heard["satisfaction"]).label)


def _handed_on(body: Mapping[str, Any], told: _Told) -> Iterable[tuple[str, str]]:
    """换班转交 and 派给监督员 in words: from whom, and why to this one."""
    if leaver := body.get("leaver"):
        yield _("已下班"), told.people.get(leaver, leaver)
        if not body["set"]["checker"]:
            yield _("转交"), _("这里没有监督员在岗，有人上岗后自动派出")
    if (why := body.get("why")) in assigning.WHY:
        yield _("派给"), str(assigning.WHY[why])


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


class _Hidden(TypedDict):
    hidden: bool
    decided: bool


# A photo of a case, whether it is hidden from colleagues, and whether anything was ever decided.
ShownPhoto: TypeAlias = "WithAnnotations[CasePhoto, _Hidden]"


def media_of(case: Case) -> list[ShownPhoto]:
    """案卷照片和材料: in the order in which they came; `hidden` tells what was hidden here."""
    away = PublicPhoto.everything.filter(case=OuterRef("case"), photo=OuterRef("photo"))
    hidden = Exists(away.filter(state=PublicPhoto.State.HIDDEN))
    rows = case.photos.annotate(hidden=hidden, decided=Exists(away.filter(head__isnull=False)))
    return list(rows.select_related("photo").order_by("entry_id", "id"))


def hidden_in(media: Iterable[ShownPhoto]) -> frozenset[int]:
    """隐去的, by their keys."""
    return frozenset(row.pk for row in media if row.hidden)


def parted(media: Iterable[Medium]) -> tuple[list[Medium], list[Medium], list[Medium]]:
    """照片、材料、录音录像: what can be looked at here, the PDF, and what is played."""
    rows = list(media)
    photos = [row for row in rows if row.photo.is_picture]
    papers = [row for row in rows if row.photo.is_document]
    return photos, papers, [row for row in rows if row.photo.is_recording]


def photos_of(case: Case) -> list[CasePhoto]:
    """案卷照片, without documents and without what was hidden: for paper, which goes anywhere."""
    return list(parted([row for row in media_of(case) if not row.hidden])[0])


def named(papers: Iterable[Medium]) -> list[tuple[str, Medium]]:
    """材料名: ours, by its place in the case; the name that it was sent under may name people."""
    return [(_("材料-%(n)d.pdf") % {"n": n}, row) for n, row in enumerate(papers, 1)]


def clips_named(clips: Iterable[Medium]) -> list[tuple[str, Medium]]:
    """录音录像名: 录像-1.webm, 录音-2.m4a."""
    return [
        (
            (_("录像-%(n)d.%(as)s") if row.photo.is_video else _("录音-%(n)d.%(as)s"))
            % {"n": n, "as": recording.EXTENSIONS[row.photo.type]},
            row,
        )
        for n, row in enumerate(clips, 1)
    ]
