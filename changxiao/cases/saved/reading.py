"""常用筛选的数: how many cases each one shows now, and which of them names what is no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from changxiao.cases import listing, subjects
from changxiao.cases.forms import filters
from changxiao.cases.saved.models import SavedFilter
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Unit

COUNTED = 1000  # more than that is a list nobody walks through; counting on would cost the city


@dataclass(frozen=True, slots=True)
class Chip:
    """一个常用筛选: its count, None where it cannot be asked; in `gone` what is no more."""

    row: SavedFilter
    count: int | None = None
    gone: str = ""

    @property
    def more(self) -> bool:
        return self.count is not None and self.count > COUNTED

    @property
    def said(self) -> str:
        """件数 in figures: 37, or 1000+."""
        return f"{COUNTED}+" if self.more else str(self.count)


def counted(rows: Iterable[SavedFilter], now: datetime) -> list[Chip]:
    """计数: one bounded statement a filter, within the viewer's reach as the list itself is."""
    found = list(rows)
    gone = gone_of(found, local_time(now).date())
    return [Chip(row, *_count(row, now, gone[row.pk])) for row in found]


def _count(row: SavedFilter, now: datetime, gone: str) -> tuple[int | None, str]:
    asked = QueryDict(row.address)
    try:
        cases = listing.filtered(filters.wanted(asked), at=now)
        cases = cases.filter(filters.search(asked.get("q", "")))
        return cases.order_by()[: COUNTED + 1].count(), gone
    except Refused as no:
        return None, gone or no.sentence


def gone_of(rows: Iterable[SavedFilter], day: date) -> dict[int, str]:
    """已不存在: by key, a sentence on the unit or sub-category that is no more; else ""."""
    asked = {row.pk: QueryDict(row.address) for row in rows}
    codes = {code for one in asked.values() for code in _values(one, "unit")}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    here = set(Unit.objects.on(day).filter(code__in=codes).values_list("code", flat=True))
    return {pk: _gone(one, codes - here, names) for pk, one in asked.items()}


def _gone(asked: QueryDict, ended: set[str], names: dict[str, str]) -> str:
    for code in _values(asked, "unit"):
        if code in ended:
            message = _("单位“%(name)s”已撤销，请换一个单位另存，再删除这一个")
            return message % {"name": names.get(code, code)}
    known = {row.key for row in subjects.enabled()}
    for key in _values(asked, "subcategory"):
        if key not in known:
            message = _("小类“%(key)s”已停用，请换一个小类另存，再删除这一个")
            return message % {"key": key}
    return ""


def _values(asked: QueryDict, name: str) -> list[str]:
    return [one for one in asked.get(name, "").split(",") if one]
