"""机器发现页: one picture after the other with its box drawn; yes, no, on to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.cases.finds import access, sources
from changxiao.cases.finds.actions import affirm_find, reject_find
from changxiao.cases.finds.models import Find
from changxiao.catalog import known
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.models import Staff
from changxiao.ui.htmx import is_htmx
from changxiao.ui.toasts import toast

SIZE = 20
OLDEST, NEWEST = ("first_at", "id"), ("-first_at", "-id")
WITH = ("camera", "photo", "case")
State = Find.State


@dataclass(frozen=True, slots=True)
class Tally:
    """一个计数 and the filter that opens the rows behind it."""

    value: str
    label: str
    count: int


@never_cache
@require_safe
def finds(request: HttpRequest) -> HttpResponse:
    """机器发现: what waits, the oldest first, the one that is looked at beside it."""
    return _drawn(request, _told(request.GET))


def _told(query: QueryDict, refusal: str = "", reason: str = "") -> dict[str, Any]:
    """The page by its filter; `query` is the address's, or that of the find that comes next."""
    if not scope.current().holds(*access.SEES_FINDS):
        raise PermissionDenied
    asked = _asked(query)
    try:
        page = paging.page(
            _filtered(asked).select_related(*WITH),
            order=OLDEST if asked["state"] == State.WAITING else NEWEST,
            cursor=query.get("cursor", ""),
            size=SIZE,
        )
    except Refused as no:
        return {"asked": asked, "refusal": no.sentence, "rows": []}
    rows = [_known(row) for row in page.items]
    one = _chosen(query, rows)
    return {
        "rows": rows,
        "next_cursor": page.next,
        "asked": asked,
        "states": _states(asked),
        "cameras": _cameras(asked),
        "kinds": _kinds(asked),
        "one": one,
        "refusal": refusal,
        "key": new_key(),
        "reasons": Find.Reason.choices,
        "reason": reason or Find.Reason.NOTHING.value,
        **(_about(one) if one else {}),
    }


def _asked(query: QueryDict) -> dict[str, str]:
    told = {name: query.get(name, "")[:40] for name in ("state", "camera", "kind")}
    if told["state"] not in State.values:
        told["state"] = State.WAITING.value
    return {name: value.replace("\x00", "") for name, value in told.items()}


def _filtered(asked: dict[str, str], *less: str) -> QuerySet[Find]:
    rows = Find.objects.all()
    for name, column in (("state", "state"), ("camera", "camera__code"), ("kind", "kind")):
        if asked[name] and name not in less:
            rows = rows.filter(**{column: asked[name]})
    return rows


def _states(asked: dict[str, str]) -> list[Tally]:
    rows = _filtered(asked, "state").order_by().values_list("state").annotate(n=Count("pk"))
    told = dict(rows)
    return [Tally(one.value, str(one.label), told.get(one.value, 0)) for one in State]


def _cameras(asked: dict[str, str]) -> list[Tally]:
    rows = _filtered(asked, "camera").order_by().values_list("camera__code", "camera__name")
    told = rows.annotate(n=Count("pk")).order_by("camera__code")[:200]
    return [Tally(code, name, count) for code, name, count in told]


def _kinds(asked: dict[str, str]) -> list[Tally]:
    rows = _filtered(asked, "kind").order_by().values_list("kind", "subcategory")
    found: dict[str, Tally] = {}
    for kind, subject, count in rows.annotate(n=Count("pk")).order_by("-n", "kind")[:60]:
        before = found.get(kind)
        words = known.by_id(subject).label
        found[kind] = Tally(kind, words, count + (before.count if before else 0))
    return list(found.values())


def _known(row: Find) -> Find:
    row.subcategory = known.by_id(row.subcategory_id)
    return row


def _chosen(query: QueryDict, rows: list[Find]) -> Find | None:
    wanted = query.get("find", "")
    same = [row for row in rows if str(row.pk) == wanted]
    if same:
        return same[0]
    if wanted.isdecimal() and len(wanted) < 12:
        row = Find.objects.select_related(*WITH).filter(pk=wanted).first()
        if row is not None:
            return _known(row)
    return rows[0] if rows else None


def _about(row: Find) -> dict[str, Any]:
    posts = scope.current().posts() & access.DECIDES
    names = Staff.objects.filter(username=row.decided_by).values_list("name", flat=True)
    return {
        "rate": sources.rate_of(sources.source(row.camera, row.kind), timezone.now()),
        "decides": row.state == State.WAITING and bool(posts),
        "who": names.first() if row.decided_by else "",
    }


def _drawn(request: HttpRequest, told: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "cases/_finds.html" if is_htmx(request) else "cases/finds.html"
    return render(request, template, told, status=status)


@never_cache
@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """判定: yes or no, and the next one is there without a reload; a refusal keeps the reason."""
    if not scope.current().holds(*access.SEES_FINDS):
        raise PermissionDenied
    row = Find.objects.filter(pk=pk).first()
    if row is None or verb not in {"yes", "no"}:
        raise Http404
    following = _following(request, row)
    try:
        words = _done(request, row, verb)
    except Refused as no:
        told = _told(request.GET, no.sentence, request.POST.get("reason", ""))
        told |= {"one": _known(Find.objects.select_related(*WITH).get(pk=pk))}
        return _drawn(request, told | _about(told["one"]), status=422)
    asked = request.GET.copy()
    asked.pop("find", None)
    if following is not None:
        asked["find"] = str(following)
    if not is_htmx(request):
        messages.success(request, words)
        return redirect(f"{reverse('finds')}?{asked.urlencode()}")
    answer = _drawn(request, _told(asked))
    answer["HX-Replace-Url"] = f"{reverse('finds')}?{asked.urlencode()}"
    return toast(answer, words)


def _following(request: HttpRequest, row: Find) -> int | None:
    rows = _filtered(_asked(request.GET)).filter(state=State.WAITING)
    after = rows.filter(first_at__gte=row.first_at).exclude(pk=row.pk).order_by(*OLDEST)
    first = rows.exclude(pk=row.pk).order_by(*OLDEST)
    found = after.values_list("pk", flat=True).first()
    return found if found is not None else first.values_list("pk", flat=True).first()


def _done(request: HttpRequest, row: Find, verb: str) -> str:
    reason = request.POST.get("reason", "") if verb == "no" else ""
    posts = scope.current().posts()
    held = [post for post in (str(getattr(request, "acting_post", "")), *sorted(posts))]
    act = Act(
        actor=scope.current().name,
        post=next((post for post in held if post in access.DECIDES), ""),
        key=request.POST.get("key") or new_key(),
        digest=digest_of(request, [verb, reason]),
    )
    try:
        if verb == "yes":
            case = affirm_find(row, act=act).case
            assert case is not None
            return _("已上报为 %(number)s") % {"number": case.number}
        reject_find(row, reason=reason, act=act)
        return _("已记为误报")
    except Replayed:
        return _("此前已经判定，没有重复记录")
