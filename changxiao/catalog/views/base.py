"""设置页底座: who may edit, what a kind of row owes its pages, and lists with search and paging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import EDITORS, VERBS
from changxiao.kernel import paging
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import Page, acting
from changxiao.ledger.history import State

TITLES = {verb: title for verb, (title, _posts) in VERBS.items()}
SIZE = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """设置的一类: `page` of a row by its key (404 without one), and `put`, which sets a state of
    the row again, or takes it away (None), by the room's own verbs."""

    page: Callable[[str], Page]
    put: Callable[[str, State | None, Act], object]


View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """限设置岗位: 403 for a post that edits nothing here."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        acting(request, EDITORS)
        return view(request, *args, **named)

    return asked


def listed(
    request: HttpRequest, rows: Any, *, order: list[str], size: int = SIZE
) -> dict[str, Any]:
    """一页清单: rows, the next page's cursor and the words that were searched for."""
    try:
        page = paging.page(rows, order=order, cursor=request.GET.get("cursor", ""), size=size)
    except Refused as no:
        raise Http404(no.sentence) from None
    return {"rows": page.items, "next_cursor": page.next, "q": searched(request)}


def searched(request: HttpRequest) -> str:
    """搜索文字, short and storable."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:60]


def from_now() -> str:
    """何时起: edits of this room hold from the moment of their confirmation."""
    return _("从确认之时起生效（今天 %(day)s）") % {"day": f"{today():%Y-%m-%d}"}
