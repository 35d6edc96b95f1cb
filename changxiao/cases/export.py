"""案卷导出: the list as filtered, as xlsx, row by row into a temporary file.

The sheet holds what the page holds: no names, no phones. Text is written as text, so that a
description beginning with = is never a formula. Each export is an entry: who took which list.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases import places, rules
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry

MOST = 50_000
CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (16, 22, 10, 12, 18, 40, 44, 26, 20, 18, 18, 18, 18, 18, 10, 8, 8)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def columns() -> Sequence[str]:
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
    )


def write(rows: QuerySet[Case], told: Sequence[tuple[str, str]], now: datetime) -> IO[bytes]:
    """写表: into a temporary file that goes when it is closed; at most `MOST` rows, and says so."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, _OPTIONS)
    sheet = book.add_worksheet(_("案卷"))
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, head(told, now))
    sheet.freeze_panes(2, 1)
    for number, title in enumerate(columns()):
        sheet.write_string(1, number, title, bold)
    last = 1
    for last, case in enumerate(rows[:MOST].iterator(chunk_size=CHUNK), start=2):
        _write(sheet, last, values(case), moment)
    sheet.autofilter(1, 0, max(last, 2), len(WIDTHS) - 1)
    book.close()
    file.seek(0)
    return file


def head(told: Sequence[tuple[str, str]], now: datetime) -> str:
    """表头说明: which list this is, when it was taken, and the most rows it can hold."""
    filters = "；".join(f"{name}：{value}" for name, value in told) or _("全部")
    words = _("筛选：%(filters)s。导出时间 %(at)s。最多 %(most)s 行。")
    at = f"{timezone.localtime(now):%Y-%m-%d %H:%M}"
    return words % {"filters": filters, "at": at, "most": MOST}


def values(case: Case) -> Iterable[Any]:
    """一行的值; phone and identity numbers in the free text are masked for everybody."""
    return (
        case.number,
        case.code or "",
        str(case.get_stage_display()),
        str(case.get_channel_display()),
        case.subcategory.label,
        rules.masked(case.address) or places.of_case(case),
        rules.masked(case.description),
        case.unit.name if case.unit else "",
        case.unit_grid_code,
        case.reported_at,
        case.filed_at,
        case.dispatched_at,
        case.due_at,
        case.ended_at,
        _("是") if case.handled_late else _("否"),
        case.rework_count,
        case.extension_count,
    )


def _write(sheet: Any, row: int, cells: Iterable[Any], moment: Any) -> None:
    for number, value in enumerate(cells):
        if isinstance(value, datetime):
            local = timezone.localtime(value).replace(tzinfo=None)
            sheet.write_datetime(row, number, local, moment)
        elif isinstance(value, int):
            sheet.write_number(row, number, value)
        elif value:
            sheet.write_string(row, number, neutral(str(value)))


def neutral(text: str) -> str:
    """去公式: what a spreadsheet would run when the cell is edited gets an apostrophe in front."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def log(wanted: Mapping[str, str], post: str) -> Entry:
    """导出留痕: an entry on the exporter's own stream says which list left the house."""
    name = scope.current().name
    act = Act(actor=name, post=post, key=str(uuid.uuid4()))
    with writing():
        body = {"list": "cases", "filters": dict(wanted), "most": MOST}
        return ledger.append(stream=f"export:{name}", verb="export", act=act, body=body)
