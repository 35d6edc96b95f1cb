"""隐去经过: what was kept from colleagues in a case and given back, as lines of its story.

The entries are of streams of their own. The supervision side of the case reads who it was and why;
everybody else that it happened, when, and in which post: a reason may say what was to be hidden.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from changxiao.cases import access, story
from changxiao.cases.models import Case
from changxiao.cases.models_public import stream_of
from changxiao.cases.showing.page import TITLES
from changxiao.kernel.scope import Viewer
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post

HIDES = frozenset({"hide_photo", "hide_clip"})
GIVES_BACK = frozenset({"put_back_photo", "show_clip"})


class Deed(NamedTuple):
    """一条记录, and what its actor is called now."""

    stream: str
    verb: str
    actor: str
    at: datetime
    recorded_at: datetime
    body: str
    hash: str
    name: str | None


def with_hidden(
    case: Case, viewer: Viewer, lines: Iterable[story.Line], media: Sequence[story.ShownPhoto]
) -> list[story.Line]:
    """案卷故事 with what was hidden of its media, each in its place; one statement where anything
    was ever decided."""
    masks = not access.may_hear(viewer, case)
    titles = dict(_titles(media))
    told = [_line(case, entry, titles, masks=masks) for entry in _entries(case, media)]
    return list(merge(lines, told, key=lambda line: line.recorded_at))


def _entries(case: Case, media: Sequence[story.ShownPhoto]) -> Iterator[Deed]:
    """The entries that hide, and those that undo just that; other decisions are for the public."""
    streams = [stream_of(case.number, row.photo.sha256) for row in media if row.decided]
    if not streams:
        return
    actor = Staff.objects.filter(username=OuterRef("actor")).values("name")[:1]
    hidden: set[str] = set()
    rows = Entry.objects.filter(stream__in=streams).annotate(name=Subquery(actor)).order_by("id")
    for entry in map(Deed._make, rows.values_list(*Deed._fields)):
        if entry.verb in HIDES or (entry.verb in GIVES_BACK and entry.stream in hidden):
            yield entry
        (hidden.add if entry.verb in HIDES else hidden.discard)(entry.stream)


def _titles(media: Sequence[story.ShownPhoto]) -> Iterator[tuple[str, tuple[str, str]]]:
    """What each is called on the page, by its hash."""
    photos, _papers, clips = story.parted(media)
    for row in photos:
        yield row.photo.sha256, (_("照片"), str(row.get_role_display()))
    for name, row in story.clips_named(clips):
        yield row.photo.sha256, (_("录像") if row.photo.is_video else _("录音"), name)


def _line(
    case: Case, entry: Deed, titles: Mapping[str, tuple[str, str]], *, masks: bool
) -> story.Line:
    body = json.loads(entry.body)
    act = body.get("_act", {})
    post = str(act.get("post", ""))
    kind, name = titles[body["photo"]]
    fact = _("%(name)s，校验值 %(sha256)s") % {"name": name, "sha256": body["photo"]}
    return story.Line(
        n=0,
        verb=entry.verb,
        title=str(TITLES[entry.verb]),
        actor="" if masks else entry.actor,
        who=story.masked_who(case, post) if masks else entry.name or entry.actor,
        post=str(Post(post).label) if post else "",
        on_behalf="",
        at=entry.at,
        occurred_at=None,
        recorded_at=entry.recorded_at,
        note="" if masks else str(act.get("note", "")),
        facts=((kind, fact),),
        media=(),
        late=False,
        hash=entry.hash,
    )
