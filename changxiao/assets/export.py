"""部件导出: the list as filtered, within the viewer's reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.assets.models import Component, State
from changxiao.kernel.day import local_time
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet


def sheet(wanted: Mapping[str, str], now: datetime) -> Sheet:
    """部件表; `q` and `state` as the page has them."""
    rows = Component.objects.search(wanted.get("q", "")[:60])
    if wanted.get("state") in State.values:
        rows = rows.filter(state=wanted["state"])
    keys = list(rows.order_by("code").values_list("pk", flat=True)[:MOST])
    words = _("导出时间 %(at)s。最多 %(most)s 行。")
    head = words % {"at": f"{local_time(now):%Y-%m-%d %H:%M}", "most": MOST}
    return Sheet(_("部件"), head, _columns(), keys, _read)


def _columns() -> list[Column]:
    return [
        Column(_("部件代码"), 20),
        Column(_("小类"), 16),
        Column(_("名称"), 24),
        Column(_("状态"), 10),
        Column(_("权属单位"), 26),
        Column(_("管养单位"), 26),
        Column(_("所在单元网格"), 20),
        Column(_("经度"), 14),
        Column(_("纬度"), 14),
    ]


def _read(keys: Sequence[int]) -> Iterable[Row]:
    rows = Component.objects.select_related("subcategory", "owner_unit", "maintainer")
    found = rows.in_bulk(list(keys))
    for one in (found[key] for key in keys if key in found):
        yield (
            one.code,
            one.subcategory.label,
            one.name,
            str(State(one.state).label),
            one.owner_unit.name if one.owner_unit else "",
            one.maintainer.name if one.maintainer else "",
            one.unit_grid_code,
            f"{one.lon:.7f}",
            f"{one.lat:.7f}",
        )
