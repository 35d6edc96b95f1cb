"""事件入口: POST events, PUT a picture by its hash, GET the schema; errors are problem details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from changxiao.cases.finds import actions, once
from changxiao.cases.finds.models import Find
from changxiao.catalog import policy
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.problem import problem, refusal
from changxiao.kernel.refused import Refused
from changxiao.kernel.unavailable import translate
from changxiao.ledger.media import actions as vault
from changxiao.ledger.media import receiving
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.protocols.cloudevents import events, reading
from changxiao.surfaces.protocols.cloudevents.events import Event
from changxiao.surfaces.protocols.cloudevents.keys import box_of
from changxiao.surfaces.protocols.cloudevents.reading import FindIn
from changxiao.surfaces.protocols.throttled import TooMany

MOST = 24 * 1024 * 1024  # bytes of a request: a picture of 15 MiB in base64, or a batch
View = Callable[..., HttpResponse]


def door(method: str) -> Callable[[View], View]:
    """入口: one method; whatever is refused is answered alike, and nothing is stored then."""

    def made(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def asked(request: HttpRequest, **named: Any) -> HttpResponse:
            if request.method != method:
                answer = problem(405, "method", _("这个地址只接受 %(method)s") % {"method": method})
                answer["Allow"] = method
                return answer
            try:
                return view(request, **named)
            except Exception as wrong:
                return _told(wrong)

        return asked

    return made


def _told(wrong: Exception) -> HttpResponse:
    if isinstance(wrong, Refused):
        answer = refusal(wrong)
        if isinstance(wrong, TooMany):
            answer["Retry-After"] = str(wrong.seconds)
        if wrong.code == "not_signed_in":
            answer["WWW-Authenticate"] = "Bearer"
        return answer
    away = translate(wrong)
    if away is None:
        raise wrong
    answer = problem(503, "unavailable", away.sentence)
    answer["Retry-After"] = str(away.retry_after)
    return answer


@door("POST")
def receive(request: HttpRequest) -> HttpResponse:
    """收事件: one, or a batch that is answered event by event."""
    box = box_of(request).name
    found, batch = events.read(request.headers, _body(request))
    if not batch:
        told, status = _taken(found[0], box)
        answer = JsonResponse(told, status=status)
        if told["replayed"]:
            answer["Idempotent-Replayed"] = "true"
        return answer
    rows = [_one_of_many(request, event, box) for event in found]
    worst = max((row["status"] for row in rows), default=200)
    # One that may be sent again (429, 503) makes the whole batch be sent again: keys make it safe.
    status = worst if worst in {429, 503} else 200 if worst < 300 else 207
    answer = JsonResponse({"results": rows}, status=status)
    if status in {429, 503}:
        answer["Retry-After"] = "60"
    return answer


def _one_of_many(request: HttpRequest, event: Event, box: str) -> dict[str, Any]:
    try:
        box_of(request)  # each counts for itself
        told, status = _taken(event, box)
    except Exception as wrong:
        answer = _told(wrong)
        code, detail = getattr(wrong, "code", "unavailable"), getattr(wrong, "sentence", "")
        return {"id": event.id, "status": answer.status_code, "code": code, "detail": detail}
    return {**told, "status": status}


def _taken(event: Event, box: str) -> tuple[dict[str, Any], int]:
    act = reading.act_of(event, box)
    told = reading.find_of(event)
    with scope.viewing(scope.system("cloudevents")):
        try:
            return _answer(event, _find(told, event, act)), 201
        except Replayed as again:
            code = again.entry.stream.partition(":")[2]
            return _answer(event, Find.everything.get(code=code), replayed=True), 200


def _find(told: FindIn, event: Event, act: Act) -> Find:
    seen = reading.sighting_of(told, reading.camera_of(told, event, act.actor))
    actions.subject_of(seen.camera, seen.kind)
    once.must_be_new(act)
    photo = None
    if actions.asks_somebody(seen, timezone.now()):
        photo = _photo(told, act)
    seen = replace(seen, photo=photo, frame=reading.framed(told, photo))
    return actions.take_find(seen, act=act)


def _photo(told: FindIn, act: Act) -> Photo | None:
    if told.picture is not None and told.picture.sha256:
        rows = Photo.objects.filter(sha256=told.picture.sha256, uploaded_by=act.actor)
        if (found := rows.first()) is not None and found.is_picture:
            return found
        message = _("没有收到过照片%(sha256)s，请先 PUT 到 media/ 再发事件")
        shown = {"sha256": told.picture.sha256[:12]}
        raise Refused("photo_unknown", message % shown, field="data.picture.sha256")
    came = reading.picture_of(told)
    if came is None:
        return None
    data, kind, name = came
    quota = policy.number("find_photos")
    try:
        return vault.store(data, declared_type=kind, name=name, act=act, quota=quota)
    except Refused as no:
        raise Refused(no.code, no.sentence, field="data.picture") from None


def _answer(event: Event, find: Find, *, replayed: bool = False) -> dict[str, Any]:
    return {
        "id": event.id,
        "find": find.code,
        "state": str(find.state),
        "count": find.count,
        "replayed": replayed,
    }


def _body(request: HttpRequest) -> bytes:
    # Not `request.body`: its limit is for forms, and a picture in base64 is longer.
    told = request.META.get("CONTENT_LENGTH") or ""
    length = int(told) if told.isdecimal() else 0
    content = b"" if length > MOST else request.read(MOST + 1)
    if length > MOST or len(content) > MOST:
        message = _("请求正文超过24 MiB，请分批发送，照片可先 PUT 到 media/")
        raise Refused("body_too_large", message)
    if len(content) < length:
        raise Refused("body_unreadable", _("正文没有收完整，请原样重发"))
    return content


@door("PUT")
def media(request: HttpRequest, sha256: str) -> HttpResponse:
    """收照片 by its hash, before the event that names it."""
    box = box_of(request).name
    photo = receiving.receive(request, sha256, actor=box)
    return JsonResponse({"sha256": photo.sha256, "bytes": photo.bytes, "type": photo.type})


@door("GET")
def schema(_request: HttpRequest) -> HttpResponse:
    """数据格式."""
    answer = JsonResponse(reading.schema(), json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = "application/schema+json"
    return answer
