"""进展 servicerequestupdates: what became of public cases, step by step, and what others add."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases import actions, public
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.protocols.open311 import media, statuses
from changxiao.surfaces.protocols.open311.keys import must_hold, reader, reported_by
from changxiao.surfaces.protocols.open311.operation import operation
from changxiao.surfaces.protocols.open311.posting import act_of
from changxiao.surfaces.protocols.open311.reading import Sent, posted, queried
from changxiao.surfaces.protocols.open311.requests import MOST, span
from changxiao.surfaces.protocols.open311.writing import answer

# Steps that change what a stranger is told; the rest is the house's own business.
TOLD = frozenset(
    {
        *("accept", "decline", "file", "dispatch", "rule_ownership", "take_back", "suspend"),
        *("resume", "wake", "feed_back", "verify", "rework", "close", "force_close", "void"),
        *("join", "split_off"),
    }
)
_BY_VERB = {"rework": "REOPEN", "split_off": "REOPEN"}


@operation("GET", "POST")
def updates(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET 进展, POST 补充反映."""
    return _add(request, fmt) if request.method == "POST" else _list(request, fmt)


def _list(request: HttpRequest, fmt: str) -> HttpResponse:
    sent, viewer = queried(request), reader(request)
    begin, end = span(sent, ("start_date", "end_date"), timezone.now())
    assert begin is not None and end is not None
    rows = public.public_cases()
    if numbers := sent.texts("service_request_id"):
        named = numbers[:MOST]
        known = {row.case.number for row in rows.filter(case__number__in=named)}
        known |= reported_by(viewer, named) if viewer else frozenset()
    else:
        moved = rows.filter(case__head__at__gte=begin, reported_at__lte=end)
        known = set(moved.order_by("-reported_at").values_list("case__number", flat=True)[:MOST])
    told = _told(known, begin, end, sent)
    return answer(fmt, "service_request_updates", told)


def _told(
    numbers: Iterable[str], begin: datetime, end: datetime, sent: Sent
) -> Sequence[dict[str, Any]]:
    streams = [f"case:{number}" for number in numbers]
    entries = Entry.objects.filter(stream__in=streams, verb__in=TOLD, at__gte=begin, at__lte=end)
    size = sent.count("page_size", MOST, MOST)
    first = (sent.count("page", 1, MOST) - 1) * size
    rows = entries.order_by("at", "id")[first : first + size]
    return [_update(row, plain=not sent.flag("extended_statuses")) for row in rows]


def _update(entry: Entry, *, plain: bool) -> dict[str, Any]:
    stage, number = Stage(json.loads(entry.body)["stage"]), entry.stream.partition(":")[2]
    words = _BY_VERB.get(entry.verb, statuses.EXTENDED[stage])
    return {
        "update_id": f"{number}-{entry.n}",
        "service_request_id": number,
        "status": statuses.plain(stage) if plain else words,
        "updated_datetime": entry.at,
        "description": str(stage.label),
    }


def _add(request: HttpRequest, fmt: str) -> HttpResponse:
    """补充反映: by whoever reported the case with the same key, until it has ended."""
    holder, sent = must_hold(request), posted(request)
    case = _own(sent.text("service_request_id", 40), holder)
    offered = media.offered(request)
    act = act_of(request, "supplement", holder.name, [offered.digests])
    words = [sent.text("description"), *offered.links]
    if status := sent.text("status", 40):
        words.insert(0, _("对方状态：%(status)s") % {"status": status})
    code = 201
    try:
        photos = offered.stored(act)
        with scope.viewing(scope.system("open311")):
            text = "\n".join(word for word in words if word)
            case = actions.supplement(case, text=text, act=act, photos=photos)
        n = case.n
    except Replayed as again:
        n, code = again.entry.n, 200
    told = [{"update_id": f"{case.number}-{n}"}]
    return answer(fmt, "service_request_updates", told, status=code)


def _own(number: str, holder: scope.Viewer) -> Case:
    if not reported_by(holder, [number]):
        message = _("您没有用这个 api_key 上报过“%(number)s”，不能补充") % {"number": number[:40]}
        raise Refused("not_found", message, field="service_request_id")
    return Case.everything.select_related("subcategory").get(number=number)
