"""外部得分的列表: what pages show of a scheme's items and of a sheet, with names in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.listing import latest_schemes
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.naming import names_of
from changxiao.evaluation.rankings.marks import Line, Outside
from changxiao.evaluation.schemes import OutsideItem, Scheme, read_scheme
from changxiao.evaluation.scoring.counted import rows_of
from changxiao.evaluation.scoring.groups import groups_of
from changxiao.evaluation.scoring.reading import headings
from changxiao.evaluation.scoring.standing import newest
from changxiao.kernel import sheets
from changxiao.orgs.models import Staff

MOST_GROUPS = 300  # of a template that names each of them
WIDTHS = (18, 16, 24, 8, 8, 40, 32, 14)


@dataclass(frozen=True, slots=True)
class Shown:
    """一行, in words."""

    line: Line
    title: str
    name: str


def scored_schemes() -> list[SchemeVersion]:
    """有外部得分项的现行方案."""
    return [one for one in latest_schemes() if "[[outside]]" in one.text]


def latest(key: str) -> SchemeVersion | None:
    """现行版本 of a scheme that has outside items; None without."""
    return next((one for one in scored_schemes() if one.key == key), None)


def items_of(scheme: Scheme, period: str) -> list[tuple[OutsideItem, ScoreSheet | None, int]]:
    """各外部得分项: the sheet that counts, and how many lines it has of the item."""
    own = newest(scheme.key, period)
    found = []
    for item in scheme.outside:
        sheet = own.get(item.key) if item.borrows is None else None
        count = sum(line["item"] == item.key for line in sheet.lines) if sheet else 0
        found.append((item, sheet, count))
    return found


def shown(scheme: Scheme, lines: Sequence[Line]) -> list[Shown]:
    """各行 with the names of items and groups; two statements at most."""
    names = names_of(scheme.group, sorted({line.group for line in lines}))
    titles = {one.key: one.title for one in scheme.outside}
    return [
        Shown(line, titles.get(line.item, line.item), names.get(line.group, line.group))
        for line in lines
    ]


def people(usernames: Iterable[str]) -> dict[str, str]:
    """姓名 by user name; who is no longer there stands for himself."""
    asked = {one for one in usernames if one}
    rows = Staff.objects.filter(username__in=asked).values_list("username", "name")
    return {one: one for one in asked} | dict(rows)


def told_sheets(rows: Sequence[ScoreSheet]) -> list[tuple[ScoreSheet, str, str]]:
    """各表, with the title of the scheme and who handed it in."""
    titles = {one.key: one.title for one in latest_schemes()}
    names = people(one.submitted_by for one in rows)
    return [(one, titles.get(one.key, one.key), names[one.submitted_by]) for one in rows]


def template(version: SchemeVersion, period: str) -> IO[bytes]:
    """模板 xlsx: a row for each scored item and group, to be filled in; headings alone where the
    groups are too many."""
    scheme = read_scheme(version.text, LIBRARY)
    title = _("外部得分 %(key)s %(period)s") % {"key": scheme.key, "period": period}
    return sheets.write(title, [list(headings().values()), *_rows(scheme)], WIDTHS)


def counted(row: Evaluation) -> IO[bytes]:
    """计入的外部得分 of a computed evaluation, as xlsx: whoever works it out again reads it."""
    scheme = read_scheme(row.scheme.text, LIBRARY)
    given = [Outside.read(one) for one in row.result["outside"]]
    names = names_of(scheme.group, sorted({one.line.group for one in given}))
    title = _("外部得分 %(key)s %(period)s") % {"key": scheme.key, "period": row.period}
    return sheets.write(title, rows_of(scheme, given, names), (*WIDTHS, 26, 18, 18))


def _rows(scheme: Scheme) -> Iterator[list[str]]:
    groups = groups_of(scheme)
    if len(groups) > MOST_GROUPS:
        return
    for item in scheme.outside:
        if item.borrows is None and item.scored:
            for code, name in groups.items():
                yield [item.title, code, name, "", "", "", "", ""]
