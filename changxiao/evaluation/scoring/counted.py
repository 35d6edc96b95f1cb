"""计入的外部得分 as a table: the lines that a ranking counted, each with the sheet it came in by,
written for whoever works it out again, and read back. No Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from changxiao.evaluation.rankings.marks import CONTRACTOR, Outside
from changxiao.evaluation.schemes import Scheme
from changxiao.evaluation.scoring.reading import (
    Fault,
    Reader,
    cell,
    contract_headings,
    head,
    headings,
)
from changxiao.kernel.words import gettext as _


def columns(scheme: Scheme) -> dict[str, str]:
    """列名: those of the sheet, then where a line came from."""
    contract = contract_headings() if scheme.group == CONTRACTOR else {}
    came = {"sheet": _("表号"), "submitted_by": _("提交人"), "confirmed_by": _("复核人")}
    return headings() | contract | came


def rows_of(scheme: Scheme, given: Sequence[Outside], names: Mapping[str, str]) -> list[list[str]]:
    """写出: headings and a row for each line, in the order in which they count."""
    titles = {one.key: one.title for one in scheme.outside}
    heads = columns(scheme)
    rows = [list(heads.values())]
    for one in given:
        told = dict.fromkeys(heads, "") | one.told()
        told |= {"code": one.line.group, "name": names.get(one.line.group, "")}
        told["item"] = titles.get(one.line.item, one.line.item)
        rows.append([told[name] for name in heads])
    return rows


def read_counted(
    rows: Sequence[Sequence[str]], scheme: Scheme
) -> tuple[list[Outside], list[Fault]]:
    """读回, item by item as the scheme has them; the faults, where there are any.

    Refused `table_unreadable`, `table_empty`.
    """
    found = head(rows, columns(scheme))
    read = Reader(scheme, None, found).read(rows)
    given = [
        Outside(line, *_came(rows[number], found.places))
        for line, number in zip(read.lines, read.numbers, strict=True)
    ]
    order = {one.key: n for n, one in enumerate(scheme.outside)}
    return sorted(given, key=lambda one: order.get(one.line.item, 0)), read.faults


def _came(row: Sequence[str], places: Mapping[str, int]) -> list[str]:
    names = ("sheet", "submitted_by", "confirmed_by")
    return [cell(row, places[name]) if name in places else "" for name in names]
