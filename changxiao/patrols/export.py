"""巡查和漏报的导出, as filtered on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from changxiao.kernel import scope
from changxiao.kernel.day import local_time
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet
from changxiao.patrols import listing
from changxiao.patrols.access import READS
from changxiao.patrols.models import MissedReport, Patrol


def patrols(wanted: Mapping[str, str], now: datetime) -> Sheet:
    """巡查表. PermissionDenied for whoever reads no walks of others."""
    _must_read()
    rows = listing.patrols(wanted, now).order_by("-started_at", "-id")
    keys = list(rows.values_list("pk", flat=True)[:MOST])
    columns = [
        Column(_("巡查号"), 14),
        Column(_("监督员"), 12),
        Column(_("责任网格"), 18),
        Column(_("社区"), 18),
        Column(_("开始时间")),
        Column(_("结束时间")),
        Column(_("在岗分钟"), 10),
        Column(_("怎样结束"), 12),
        Column(_("开始收到时间")),
        Column(_("结束收到时间")),
    ]

    def read(some: Sequence[int]) -> Iterable[Row]:
        held = Patrol.objects.in_bulk(list(some))
        for one in listing.rows_of([held[key] for key in some if key in held], now):
            row = one.patrol
            ended = row.get_ended_display() if row.ended else _("巡查中")
            times = (row.started_at, row.finished_at, one.minutes)
            heard = (row.started_recorded_at or "", row.finished_recorded_at or "")
            yield row.number, one.who, row.duty_grid_code, one.grid, *times, ended, *heard

    return Sheet(_("巡查"), _head(now), columns, keys, read)


def missed(wanted: Mapping[str, str], now: datetime) -> Sheet:
    """漏报表."""
    _must_read()
    rows = listing.missed(wanted).order_by("-proposed_at", "-id")
    keys = list(rows.values_list("pk", flat=True)[:MOST])
    columns = [
        Column(_("受理号"), 16),
        Column(_("小类"), 16),
        Column(_("监督员"), 12),
        Column(_("责任网格"), 18),
        Column(_("巡查结束")),
        Column(_("他人上报")),
        Column(_("现状"), 12),
        Column(_("认定理由"), 30),
        Column(_("申诉理由"), 30),
        Column(_("复核意见"), 30),
    ]

    def read(some: Sequence[int]) -> Iterable[Row]:
        rows = MissedReport.objects.select_related("case__subcategory", "patrol")
        held = rows.in_bulk(list(some))
        names = listing.names_of({one.patrol.collector for one in held.values()})
        for one in (held[key] for key in some if key in held):
            walk, case = one.patrol, one.case
            who = names.get(walk.collector, walk.collector)
            place = (who, walk.duty_grid_code, walk.finished_at, case.reported_at)
            words = (one.get_state_display(), one.reason, one.objection, one.opinion)
            yield case.number, case.subcategory.label, *place, *words

    return Sheet(_("漏报"), _head(now), columns, keys, read)


def _must_read() -> None:
    if not scope.current().holds(*READS):
        raise PermissionDenied


def _head(now: datetime) -> str:
    words = _("导出时间 %(at)s。最多 %(most)s 行。")
    return words % {"at": f"{local_time(now):%Y-%m-%d %H:%M}", "most": MOST}
