"""案卷导出: the list as filtered, as xlsx; it holds what the page holds: no names, no phones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import listing, places, rules
from changxiao.cases.forms import filters
from changxiao.cases.models import Case
from changxiao.catalog import known
from changxiao.kernel.day import local_time
from changxiao.kernel.spreadsheet import MOST, XLSX, Column, Row, Sheet, neutral
from changxiao.orgs.models import Unit

__all__ = ["MOST", "XLSX", "head", "neutral", "sheet"]

WIDTHS = (16, 22, 10, 12, 18, 40, 44, 26, 20, 18, 18, 18, 18, 18, 10, 8, 8, 10, 10, 10)
READ = (
    *("number", "code", "stage", "channel", "subcategory_id", "address", "description"),
    *("unit_id", "unit_grid_code", "community_code", "district_code", "duty_grid_code"),
    *("reported_at", "filed_at", "dispatched_at", "due_at", "ended_at", "handled_late"),
    *("rework_count", "extension_count", "callback", "solved", "satisfaction"),
)


def sheet(wanted: Mapping[str, str], now: datetime) -> Sheet:
    """案卷表 within the viewer's reach. Raises Refused for a filter that means nothing."""
    asked = dict(wanted)
    words = asked.pop("q", "")
    rows = listing.filtered(asked, at=now).filter(filters.search(words))
    keys = list(rows.order_by(*listing.BY_QUEUE).values_list("pk", flat=True)[:MOST])
    columns = [Column(title, width) for title, width in zip(titles(), WIDTHS, strict=True)]
    return Sheet(_("案卷"), head(filters.told(asked), now), columns, keys, _Reader())


def titles() -> Sequence[str]:
    """列名."""
    return (
        _("受理号"),
        _("案卷号"),
        _("环节"),
        _("来源"),
        _("小类"),
        _("位置"),
        _("问题描述"),
        _("承办单位"),
        _("单元网格"),
        _("上报时间"),
        _("立案时间"),
        _("派遣时间"),
        _("本环节时限"),
        _("办结时间"),
        _("处置超期"),
        _("返工"),
        _("延期"),
        _("回访"),
        _("是否解决"),
        _("满意度"),
    )


def head(told: Sequence[tuple[str, str]], now: datetime) -> str:
    """表头说明: which list this is, when it was taken, and the most rows it can hold."""
    filters = "；".join(f"{name}：{value}" for name, value in told) or _("全部")
    words = _("筛选：%(filters)s。导出时间 %(at)s。最多 %(most)s 行。")
    at = f"{local_time(now):%Y-%m-%d %H:%M}"
    return words % {"filters": filters, "at": at, "most": MOST}


class _Reader:
    """Rows of a batch in the order of the keys; scope holds again for each batch."""

    def __init__(self) -> None:
        self.units = dict(Unit.objects.values_list("pk", "name"))

    def __call__(self, keys: Sequence[int]) -> Iterable[Row]:
        found = Case.objects.only(*READ).in_bulk(list(keys))
        return (self._row(found[key]) for key in keys if key in found)

    def _row(self, case: Case) -> Row:
        return (
            case.number,
            case.code,
            case.get_stage_display(),
            case.get_channel_display(),
            known.by_id(case.subcategory_id).label,
            rules.masked(case.address) or places.of_case(case),
            rules.masked(case.description),
            self.units.get(case.unit_id or 0),
            case.unit_grid_code,
            case.reported_at,
            case.filed_at,
            case.dispatched_at,
            case.due_at,
            case.ended_at,
            _("是") if case.handled_late else _("否"),
            case.rework_count,
            case.extension_count,
            case.get_callback_display() if case.callback else "",
            "" if case.solved is None else _("是") if case.solved else _("否"),
            case.get_satisfaction_display() if case.satisfaction else "",
        )
