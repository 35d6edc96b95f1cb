"""应急令导出: every order with its area and days; public, like its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.catalog.models import Emergency
from changxiao.kernel.day import local_time
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet


def emergencies(_wanted: Mapping[str, str], now: datetime) -> Sheet:
    """应急令表, the newest first."""
    keys = list(Emergency.objects.order_by("-from_at").values_list("pk", flat=True)[:MOST])
    words = _("导出时间 %(at)s。最多 %(most)s 行。")
    head = words % {"at": f"{local_time(now):%Y-%m-%d %H:%M}", "most": MOST}
    columns = [
        Column(_("编号"), 26),
        Column(_("名称"), 24),
        Column(_("起"), 18),
        Column(_("止"), 18),
        Column(_("区域"), 14),
        Column(_("小类"), 40),
        Column(_("已解除"), 10),
    ]
    return Sheet(_("应急令"), head, columns, keys, _read)


def _read(keys: Sequence[int]) -> Iterable[Row]:
    found = Emergency.objects.in_bulk(list(keys))
    for one in (found[key] for key in keys if key in found):
        lifted = _("是") if one.lifted else _("否")
        keys_told = "、".join(one.keys)
        yield one.order_number, one.name, one.from_at, one.to_at, one.area_code, keys_told, lifted
