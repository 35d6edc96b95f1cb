"""沿革与撤销: for units, seats, rosters, sections and people, by the same two views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.ledger.edits import acting, answer_undo, for_posts, told
from changxiao.ledger.models import Entry
from changxiao.orgs.rules import RIGHTS
from changxiao.orgs.views import people, roster, sections, unit_edits
from changxiao.orgs.views.base import Kind, posts_for
from changxiao.orgs.words import TITLES

KINDS: Mapping[str, Kind] = {
    "unit": unit_edits.KIND,
    "role": unit_edits.SEAT,
    "roster": roster.KIND,
    "section": sections.KIND,
    "staff": people.KIND,
}


# Each kind has its own posts, asked again by its page; nobody else learns what there is.
ANY = frozenset(people.READERS | posts_for(*RIGHTS))


@require_safe
@for_posts(ANY)
def history(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """沿革: who changed this row when, before → after, the newest first."""
    found = _kind(kind)
    page = found.page(key)
    post = acting(request, page.posts | people.READERS)
    rows = told(page, TITLES, may_undo=post in page.posts)
    rows = [row if row.edit.verb in found.undoable else replace(row, undo=False) for row in rows]
    context = {"page": page, "rows": rows, "undo_url": reverse("orgs_undo", args=[kind, key])}
    return render(request, "ledger/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(ANY)
def undo(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """撤销: the newest edit of this row, previewed and confirmed as a new edit."""
    found, number = _kind(kind), request.GET.get("n", "")
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    page = replace(found.page(key), template="ledger/edit.html")
    entry = Entry.objects.filter(stream=page.stream, n=int(number)).first()
    if entry is None or entry.verb not in found.undoable:
        raise Http404
    return answer_undo(request, entry.n, page, lambda state, act: found.put(key, state, act))


def _kind(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise Http404 from None
