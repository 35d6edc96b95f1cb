"""外部得分的列表: what pages show of a scheme's items and of a sheet, with names in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.listing import latest_schemes
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.naming import names_of
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rankings.marks import Line, Outside
from changxiao.evaluation.schemes import OutsideItem, Scheme, read_scheme
from changxiao.evaluation.scoring.contracts import Contracts
from changxiao.evaluation.scoring.counted import columns, rows_of
from changxiao.evaluation.scoring.groups import contracts_of, groups_of
from changxiao.evaluation.scoring.reading import contract_headings, headings
from changxiao.evaluation.scoring.standing import newest
from changxiao.kernel import sheets
from changxiao.kernel.day import city_zone
from changxiao.orgs.models import Staff

MOST_GROUPS = 300  # of a template that names each of them
MOST_NAMED = 4_000  # rows of a template; a sheet that is read back has 5,000 at most
WIDTHS = {
    "item": 18,
    "most": 22,
    "code": 16,
    "name": 24,
    "contract": 18,
    "section": 14,
    "score": 8,
    "minus": 8,
    "reason": 40,
    "evidence": 32,
    "author": 14,
    "sheet": 26,
    "submitted_by": 18,
    "confirmed_by": 18,
}


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
    """模板 xlsx: a row for each item and group, with what may be given, to be filled in; of points
    a row for each contract of a contractor that has several. Headings alone where these are too
    many."""
    scheme = read_scheme(version.text, LIBRARY)
    contracts = contracts_of(scheme, read_period(period, city_zone()))
    own = contract_headings() if contracts else {}
    told = list(headings().items())
    heads = dict([told[0], ("most", _("满分或上限")), *told[1:3], *own.items(), *told[3:]])
    title = _("外部得分 %(key)s %(period)s") % {"key": scheme.key, "period": period}
    named = list(islice(_rows(scheme, contracts), MOST_NAMED + 1))
    rows = [[one.get(name, "") for name in heads] for one in named if len(named) <= MOST_NAMED]
    widths = [WIDTHS[name] for name in heads]
    return sheets.write(title, [list(heads.values()), *rows], widths)


def counted(row: Evaluation) -> IO[bytes]:
    """计入的外部得分 of a computed evaluation, as xlsx: whoever works it out again reads it."""
    scheme = read_scheme(row.scheme.text, LIBRARY)
    given = [Outside.read(one) for one in row.result["outside"]]
    names = names_of(scheme.group, sorted({one.line.group for one in given}))
    title = _("外部得分 %(key)s %(period)s") % {"key": scheme.key, "period": row.period}
    widths = [WIDTHS[name] for name in columns(scheme)]
    return sheets.write(title, rows_of(scheme, given, names), widths)


def _rows(scheme: Scheme, contracts: Contracts | None) -> Iterator[dict[str, str]]:
    groups = groups_of(scheme)
    if len(groups) > MOST_GROUPS:
        return
    for item in (one for one in scheme.outside if one.borrows is None):
        for code, name in groups.items():
            row = {"item": item.title, "most": item.told(), "code": code, "name": name}
            several = contracts.of(code) if contracts and not item.scored else []
            if len(several) < 2:
                yield row
            for one in several if len(several) > 1 else ():
                yield row | {"contract": one.number, "section": one.section}
