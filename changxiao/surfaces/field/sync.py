"""外业同步 sync: what the phone kept, taken once (reliability.md §6.2; docs/channels.md).

An item is a key, a content and a manifest of its photos. Answers are the API's: 201 or 200 with
what is `missing`; 4xx parks the item, anything else is sent again under the same key. A photo's
bytes come by hash, in pieces, before or after the words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from gzip import compress
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, ValidationError

from changxiao.cases import access, answers, api, awaiting, inputs, reporting, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.problem import problem, refusal
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import incoming
from changxiao.ledger.media.actions import MAX_BYTES, RECORDING
from changxiao.ledger.media.recording import EXTENSIONS
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post

# What a collector does to a case that stands already.
VERBS = (
    "confirm",
    "refute",
    "handle_on_spot",
    "verify",
    "rework",
    "recheck",
    "dispute_check",
    "add_photo",
    "give_up_photo",
)
_HASH = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
View = Callable[..., HttpResponse]
Input = TypeVar("Input", bound=BaseModel)


def door(view: View) -> View:
    """外业之门: signed in as the person whose item it is, and a collector; a refusal is a problem
    and never a page. Whoever is not signed in keeps the item and its key (401)."""

    @login_not_required
    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        # A phone is handed on with its last user's queue: nobody sends in another's name.
        owner = request.headers.get("X-Field-User")
        viewer = scope.current()
        if viewer.kind != "staff" or (owner is not None and owner != viewer.name):
            return problem(
                401, "not_signed_in", _("请用保存这条内容的账号重新登录，内容仍在手机中")
            )
        if not viewer.holds(Post.COLLECTOR):
            return problem(403, "not_yours", _("外业页面供监督员使用，您的岗位没有这项权限"))
        try:
            return view(request, *args, **more)
        except Refused as no:
            return refusal(no)

    return asked


def zipped(told: dict[str, Any]) -> HttpResponse:
    """压缩回应: what a phone fetches by mobile data, a tenth of it on the wire."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    answer = HttpResponse(compress(text, 6, mtime=0), content_type="application/json")
    answer["Content-Encoding"] = "gzip"
    return answer


@door
@require_safe
def hello(request: HttpRequest) -> HttpResponse:
    """问候: who is signed in, the token that a post needs, and what the server's clock says."""
    return JsonResponse(
        {
            "user": scope.current().name,
            "csrf": get_token(request),
            "now": timezone.now().isoformat(),
        }
    )


@door
@require_POST
def reports(request: HttpRequest) -> HttpResponse:
    """上报同步: one report, however often it is sent."""
    body = read(request, reporting.ReportIn)
    act = answers.act_of(request, body, post=Post.COLLECTOR)
    try:
        case = api.reported(body, act, asks=False)
    except Replayed as again:
        return _answer(api.last_of(again.entry, body), body, again=True)
    return _answer(_head(case), body)


@door
@require_POST
def step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """步骤同步: one verb on a case, by what the phone had last seen of it (`base_n`).

    A case that moved on meanwhile decides by its flow: what still fits is done and marked late,
    what does not is refused with what happened since.
    """
    if verb not in VERBS:
        raise Refused("unknown_verb", _("外业页面不能办理这个步骤"), field="verb")
    taken = verbs.VERBS[verb]
    body = read(request, taken.takes)
    case = access.case_for(number)
    _must_be_known(case, body)
    post = access.post_for(scope.current(), case, flow_in_force().step(verb), wish=Post.COLLECTOR)
    try:
        taken.call(case, body, answers.act_of(request, body, post=post))
    except Replayed as again:
        return _answer(again.entry, body, again=True)
    except Refused as no:
        no.more = api.faster(case, body.base_n)
        raise
    case.refresh_from_db(fields=["head"])
    return _answer(_head(case), body)


def _must_be_known(case: Case, body: inputs.Common) -> None:
    # The phone has seen more than we have (a restored server): it waits, and nothing is judged.
    if body.base_n is not None and body.base_n > case.n:
        raise Refused("too_early", _("服务器尚未收到本案卷的上一步，请稍后自动重试"))


@door
@require_http_methods(["GET", "HEAD", "PUT"])
def media(request: HttpRequest, sha256: str) -> HttpResponse:
    """照片同步: HEAD tells how much is here, PUT lays one piece (`Content-Range`) or the whole."""
    if not _HASH.fullmatch(sha256):
        raise Refused("photo_name", _("照片地址须是64位小写校验值"), field="sha256")
    owner = scope.current().name
    stored = awaiting.stored(owner, sha256)
    if request.method != "PUT":
        answer = HttpResponse()
        answer["Upload-Offset"] = str(stored or incoming.held(owner, sha256))
        return answer
    if stored:
        return JsonResponse({"held": stored, "whole": True, "missing": []})
    piece = request.read(MAX_BYTES + 1)
    start, total = _range(request, len(piece))
    kind = RECORDING if request.content_type in EXTENSIONS else "photo"
    whole = incoming.put(owner, sha256, piece, start=start, total=total, kind=kind)
    if whole:
        awaiting.settle(owner, sha256)
    told = {"held": incoming.held(owner, sha256), "whole": whole}
    return JsonResponse(told | {"missing": _why(owner, sha256)})


def _why(owner: str, sha256: str) -> list[dict[str, Any]]:
    numbers = {row.case.number for row in awaiting.waiting(owner, sha256)}
    return [one for n in sorted(numbers) for one in awaiting.missing(n) if one["sha256"] == sha256]


def _range(request: HttpRequest, length: int) -> tuple[int, int]:
    told = request.headers.get("Content-Range", "")
    if not told:
        return 0, length
    found = _RANGE.fullmatch(told)
    if not found:
        message = _("分段“%(range)s”无法识别，请写成 bytes 0-65535/200000 的样子")
        raise Refused("range_unreadable", message % {"range": told[:60]}, field="Content-Range")
    # How far it goes is what came, not what was announced: a line may break inside a piece.
    return int(found[1]), int(found[3])


def read(request: HttpRequest, kind: type[Input]) -> Input:
    """读取: a body as its input; Refused names the first field that cannot be read."""
    try:
        return kind.model_validate_json(request.body)
    except ValidationError as no:
        first = no.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        message = _("字段“%(field)s”不可用：%(why)s") % {"field": field, "why": first["msg"]}
        raise Refused("input_unreadable", message, field=field or "body") from None


def _answer(entry: Entry, body: inputs.Common, *, again: bool = False) -> HttpResponse:
    owner = scope.current().name
    for photo in getattr(body, "photos", ()):
        awaiting.settle(owner, photo.sha256)
    answer = JsonResponse(answers.done_of(entry, body), status=200 if again else 201)
    if again:
        answer["Idempotent-Replayed"] = "true"
    return answer


def _head(case: Case) -> Entry:
    assert case.head is not None
    return case.head
