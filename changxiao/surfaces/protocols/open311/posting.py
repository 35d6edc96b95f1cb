"""上报 posting: one form into one `cases.actions.report`, exactly once however often it is sent.

The commit is synchronous, so the answer is an id and never a token. A client that chose its own
`Idempotency-Key` and lost the answer (a photo over a bad line) asks `tokens/{key}`. Without a key
the content is the key: the same holder, the same words, place and files within a day are one
report.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.areas import search as areas
from changxiao.areas.locate import locator
from changxiao.assets.models import Component
from changxiao.cases import actions
from changxiao.cases.actions import Problem, Reporter
from changxiao.cases.models import Channel
from changxiao.catalog import questions
from changxiao.catalog.questions import Answered
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.api import key_of, keyed_digest
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.protocols.open311 import media
from changxiao.surfaces.protocols.open311.keys import must_hold
from changxiao.surfaces.protocols.open311.operation import operation
from changxiao.surfaces.protocols.open311.reading import Sent, place, posted, queried, service
from changxiao.surfaces.protocols.open311.writing import answer, filled

DAY = timedelta(days=1)
# What a client adds for itself and its next attempt may say otherwise.
_NOT_CONTENT = frozenset({"api_key", "jurisdiction_id", "device_id", "account_id"})


def create(request: HttpRequest, fmt: str) -> HttpResponse:
    """上报: 201 the first time; the same again is answered the same, with 200."""
    holder, sent = must_hold(request), posted(request)
    offered = media.offered(request)
    act = act_of(request, "report", holder.name, [offered.digests])
    status = 201
    try:
        number = actions.report(_problem(sent, offered, act), act=act).number
    except Replayed as again:
        number, status = again.entry.stream.partition(":")[2], 200
    told = filled(service_request_id=number, service_notice=_notice())
    made = answer(fmt, "service_requests", [told], status=status)
    if status == 200:
        made["Idempotent-Replayed"] = "true"
    return made


def _notice() -> str:
    return _("已收到，受理后按时限办理；凭号码可查进展。")


@operation("GET")
def token(request: HttpRequest, fmt: str, token: str) -> HttpResponse:
    """凭据换号: the number of the report that was sent under this Idempotency-Key."""
    queried(request)
    rows = Entry.objects.filter(act_key=token[:64], verb="report", n=1)
    entry = rows.first() if "\x00" not in token else None
    if entry is None or entry.data["set"].get("channel") != Channel.OPEN311:
        message = _("没有凭据“%(token)s”对应的上报：尚未收到，请原样重发") % {"token": token[:40]}
        raise Refused("token_unknown", message, field="token")
    number = entry.stream.partition(":")[2]
    return answer(fmt, "service_requests", [{"service_request_id": number, "token": token}])


def act_of(request: HttpRequest, verb: str, name: str, files: list[Any]) -> Act:
    """办理动作: under the client's key, else under one made of what it sends and the day."""
    fields = {k: v for k, v in sorted(request.POST.lists()) if k not in _NOT_CONTENT}
    content = [verb, fields, files]
    digest = keyed_digest("open311", content)
    if request.headers.get("Idempotency-Key", "").strip():
        return Act(actor=name, key=key_of(request), digest=digest)
    return Act(actor=name, key=_content_key(name, content, timezone.now()), digest=digest)


def _content_key(name: str, content: list[Any], now: datetime) -> str:
    """A key a day; what was sent yesterday, but less than a day ago, goes by yesterday's."""
    told = sha256(json.dumps(content, sort_keys=True, default=str).encode("utf-8", "replace"))
    day = int(now.timestamp() // DAY.total_seconds())
    base = f"open311/{name}/{told.hexdigest()}"
    keys = [str(uuid.uuid5(NAMESPACE, f"{base}/{d}")) for d in (day, day - 1)]
    held = Entry.objects.filter(act_key=keys[1], recorded_at__gt=now - DAY)
    return keys[1] if held.exists() else keys[0]


def _problem(sent: Sent, offered: media.Offered, act: Act) -> Problem:
    subject = service(sent.text("service_code", 80))
    lon, lat, component = _where(sent)
    details = questions.answered(questions.of(subject.pk), sent.attributes())
    return Problem(
        channel=Channel.OPEN311,
        subcategory=subject,
        component=component,
        lon=lon,
        lat=lat,
        description=sent.text("description"),
        address=sent.text("address_string", 200) or sent.text("address", 200),
        reporter=_reporter(sent),
        photos=offered.stored(act),
        details=(*details, *_links(offered.links)),
    )


def _where(sent: Sent) -> tuple[float, float, Component | None]:
    """地点: coordinates, else a component's code or a grid's, else a name that one place bears."""
    code, words = sent.text("address_id", 40), sent.text("address_string", 200)
    here = place({name: sent.number(name) for name in ("long", "lat")})
    thing = _component(code)
    if here is not None:
        return *here, thing
    if thing is not None:
        return thing.lon, thing.lat, thing
    if not code and not words:
        message = _("请给出地点：lat 和 long，或 address_string，或 address_id（部件或网格代码）")
        raise Refused("place_missing", message, field="lat")
    found = areas.spots(locator(), code or words, 2)
    if len(found) == 1 or (found and code and found[0].code == code):
        return found[0].lon, found[0].lat, None
    message = _("找不到地址“%(address)s”（或有几处同名），请同时给出 lat 和 long")
    field = "address_id" if code else "address_string"
    raise Refused("address_unknown", message % {"address": (code or words)[:40]}, field=field)


def _component(code: str) -> Component | None:
    if len(code) != 16 or not code.isdecimal():
        return None
    return Component.objects.filter(code=code).first()


def _reporter(sent: Sent) -> Reporter:
    last, first = sent.text("last_name", 64), sent.text("first_name", 64)
    # 陈 and 大文 are written together, Doe and John apart and the other way round.
    name = f"{first} {last}".strip() if (first + last).isascii() else f"{last}{first}"
    return Reporter(name[:64], sent.text("phone", 32), sent.text("email", 120))


def _links(links: tuple[str, ...]) -> tuple[Answered, ...]:
    if not links:
        return ()
    return (Answered("media_url", _("照片链接"), links, "\n".join(links)),)
