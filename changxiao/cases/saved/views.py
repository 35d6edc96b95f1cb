"""常用筛选页: chips above the list, a form that keeps the address, a page to put them in order."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from changxiao.cases.saved import book, reading
from changxiao.cases.saved.models import SavedFilter
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from changxiao.ui.htmx import is_htmx
from changxiao.ui.toasts import Undo, toast

CHANGED = "saved"  # told to the page: chips and list ask anew


@never_cache
@require_safe
def chips(request: HttpRequest) -> HttpResponse:
    """常用筛选的数: fetched after the list, for counting grows with the city."""
    rows = reading.counted(book.of(_owner(request)), timezone.now())
    told = {"chips": rows, "asked": book.canonical(_asked(request))}
    return render(request, "cases/_saved_chips.html", told)


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """常用筛选页: rename, move, set as default, delete."""
    template = "cases/_saved_list.html" if is_htmx(request) else "cases/saved.html"
    return render(request, template, _listed(request))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """保存 the filter of the address bar."""
    owner, asked = _owner(request), _asked(request)
    name = request.POST.get("name", "")
    try:
        row = book.keep(owner, name, asked)
    except Refused as no:
        if not is_htmx(request):
            messages.error(request, no.sentence)
            return redirect(f"{reverse('cases')}?{asked.urlencode()}")
        told = block(owner, asked) | {"refusal": no.sentence, "typed": name}
        return render(request, "cases/_saved.html", told, status=422)
    words = _("已保存为常用筛选“%(name)s”") % {"name": row.name}
    if not is_htmx(request):
        messages.success(request, words)
        return redirect(f"{reverse('cases')}?{row.address}")
    undo = Undo(reverse("saved_change", args=[row.pk, "drop"]), _("撤销"))
    return toast(render(request, "cases/_saved.html", block(owner, asked)), words, undo=undo)


@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """恢复 what was deleted a moment ago."""
    told = request.POST
    place = int(told["place"]) if told.get("place", "").isdecimal() else book.MOST
    post = told.get("default_for", "")
    try:
        row = book.put_back(
            _owner(request),
            told.get("name", ""),
            QueryDict(told.get("address", "")),
            place=min(place, book.MOST),
            post=post if post in Post.values else "",
        )
    except Refused as no:
        return _answered(request, no.sentence, state="overdue")
    return _answered(request, _("已恢复“%(name)s”") % {"name": row.name})


@require_POST
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """改一个: rename, up, down, default, drop; another person's does not exist."""
    row = get_object_or_404(book.of(_owner(request)), pk=pk)
    if what not in _CHANGES:
        raise Http404
    try:
        words, undo = _CHANGES[what](request, row)
    except Refused as no:
        if not is_htmx(request):
            messages.error(request, no.sentence)
            return redirect("saved_filters")
        told = _listed(request) | {"refused": row.pk, "refusal": no.sentence}
        told["typed"] = request.POST.get("name", "")
        return render(request, "cases/_saved_list.html", told, status=422)
    return _answered(request, words, undo=undo)


Told = tuple[str, Undo | None]


def _renamed(request: HttpRequest, row: SavedFilter) -> Told:
    before = row.name
    book.rename(row, request.POST.get("name", ""))
    if row.name == before:
        return "", None
    undo = Undo(reverse("saved_change", args=[row.pk, "rename"]), _("撤销"), {"name": before})
    return _("“%(before)s”已改名为“%(name)s”") % {"before": before, "name": row.name}, undo


def _moved(step: int) -> Any:
    def move(_request: HttpRequest, row: SavedFilter) -> Told:
        book.move(row, step)
        return "", None

    return move


def _defaulted(request: HttpRequest, row: SavedFilter) -> Told:
    post = str(getattr(request, "acting_post", ""))
    book.make_default(row, "" if row.default_for == post else post)
    told = {"name": row.name, "post": Post(post).label if post else ""}
    if row.default_for:
        return _("以%(post)s打开案卷列表时，先看“%(name)s”") % told, None
    return _("“%(name)s”不再是默认筛选") % told, None


def _dropped(_request: HttpRequest, row: SavedFilter) -> Told:
    fields = {name: str(getattr(row, name)) for name in ("name", "address", "place", "default_for")}
    book.drop(row)
    undo = Undo(reverse("saved_put_back"), _("撤销"), fields)
    return _("已删除常用筛选“%(name)s”") % {"name": row.name}, undo


_CHANGES = {
    "rename": _renamed,
    "up": _moved(-1),
    "down": _moved(1),
    "default": _defaulted,
    "drop": _dropped,
}


def _answered(
    request: HttpRequest, words: str, *, state: str = "on-track", undo: Undo | None = None
) -> HttpResponse:
    if not is_htmx(request):
        if words:
            messages.info(request, words)
        return redirect("saved_filters")
    answer = render(request, "cases/_saved_list.html", _listed(request))
    # The toast of another page has no list to swap: it hears that the chips are others now.
    trigger_client_event(answer, CHANGED, after="settle")
    return toast(answer, words, state=state, undo=undo) if words else answer


def block(owner: Staff, asked: QueryDict) -> dict[str, Any]:
    """常用筛选 above the list, without counts."""
    chips = [reading.Chip(row) for row in book.of(owner)]
    return {"chips": chips, "asked": book.canonical(asked)}


def _listed(request: HttpRequest) -> dict[str, Any]:
    post = str(getattr(request, "acting_post", ""))
    return {
        "chips": reading.counted(book.of(_owner(request)), timezone.now()),
        "most": book.MOST,
        "post": post,
        "post_label": Post(post).label if post else "",
    }


def _asked(request: HttpRequest) -> QueryDict:
    """The address that stands in the bar: the list's filters change it without a new page."""
    url = HtmxDetails(request).current_url
    return QueryDict(urlsplit(url).query if url else request.POST.get("address", ""))


def _owner(request: HttpRequest) -> Staff:
    assert isinstance(request.user, Staff)  # no page of the desk opens for a visitor
    return request.user
