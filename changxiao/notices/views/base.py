"""通知设置页底座: where a row's story stands, in whose hands it is."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from changxiao.ledger.edits import for_posts
from changxiao.notices.access import SETTERS
from changxiao.notices.editing import TITLES

for_setters = for_posts(SETTERS)


def urls(kind: str, key: str) -> dict[str, Any]:
    """沿革与撤销的地址 of one row, and the verbs of this room in words."""
    return {
        "history": reverse("notice_history", args=[kind, key]),
        "undo": reverse("notice_undo", args=[kind, key]),
        "titles": TITLES,
    }
