"""设置页底座: who may edit, where a row's story stands, and lists with search and paging."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import EDITORS, VERBS
from changxiao.kernel import paging
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import for_posts

TITLES = {verb: title for verb, (title, _posts) in VERBS.items()}
SIZE = 50


for_editors = for_posts(EDITORS)


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


def urls(kind: str, key: str) -> dict[str, Any]:
    """沿革与撤销的地址 of one row, and the verbs of this room in words."""
    return {
        "history": reverse("catalog_history", args=[kind, key]),
        "undo": reverse("catalog_undo", args=[kind, key]),
        "titles": TITLES,
    }


def from_now() -> str:
    """何时起: edits of this room hold from the moment of their confirmation."""
    return _("从确认之时起生效（今天 %(day)s）") % {"day": f"{today():%Y-%m-%d}"}
