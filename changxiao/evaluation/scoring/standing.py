"""生效的外部得分: what the confirmed sheets of a scheme and period say, the newest of each item;
and what is borrowed from the result of the upper level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.rankings.marks import Line, Outside
from changxiao.evaluation.schemes import OutsideItem, Scheme, read_scheme
from changxiao.kernel.refused import Refused


def in_force(scheme: Scheme, period: str) -> list[Outside]:
    """生效的各行, item by item in the order of the scheme, then as the sheet has them.

    Refused `borrow_missing`, `borrow_unlike` where what is borrowed is not there or is no like.
    """
    found: list[Outside] = []
    for item in scheme.outside:
        if item.borrows is None:
            found += _of(scheme.key, period, item.key)
        else:
            found += _borrowed(scheme, item, period)
    return found


def newest(key: str, period: str) -> dict[str, ScoreSheet]:
    """各项现行的表: for each item the last confirmed sheet that tells of it."""
    rows = ScoreSheet.everything.filter(key=key, period=period, state=ScoreSheet.State.CONFIRMED)
    return {
        line["item"]: sheet for sheet in rows.order_by("decided_at", "id") for line in sheet.lines
    }


def lines_of(sheet: ScoreSheet) -> list[Line]:
    """一张表的各行."""
    return [Line(**one) for one in sheet.lines]


def _of(key: str, period: str, item: str) -> Iterator[Outside]:
    sheet = newest(key, period).get(item)
    if sheet is not None:
        for line in lines_of(sheet):
            if line.item == item:
                yield Outside(line, sheet.number, sheet.submitted_by, sheet.decided_by)


def _borrowed(scheme: Scheme, item: OutsideItem, period: str) -> Iterator[Outside]:
    assert item.borrows is not None
    key, name = item.borrows
    told = {"title": item.title, "key": key, "item": name, "group": scheme.group}
    row = SchemeVersion.objects.filter(key=key).order_by("-version").first()
    upper = read_scheme(row.text, LIBRARY) if row else None
    lent = next((one for one in upper.outside if one.key == name), None) if upper else None
    if upper is None or lent is None:
        sentence = _("“%(title)s”借用的方案 %(key)s 没有外部得分项 %(item)s") % told
        raise Refused("borrow_missing", sentence, field="outside")
    if upper.group != scheme.group or lent.most != item.most or lent.kind != item.kind:
        sentence = _("“%(title)s”借用的 %(key)s %(item)s 评价对象或满分不同，不能借用") % told
        raise Refused("borrow_unlike", sentence, field="outside")
    for one in _of(key, period, name):
        if one.line.group.startswith(scheme.within):
            yield replace(one, line=replace(one.line, item=item.key))
