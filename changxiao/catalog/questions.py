"""附加问题 in force and their answers: what a channel offers, and what it may hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog.models import Question
from changxiao.catalog.stamp import Remembered
from changxiao.kernel.api import storable
from changxiao.kernel.refused import Refused

MOST = 1000  # characters of one answer


@dataclass(frozen=True, slots=True)
class Answered:
    """附加回答: values as they were sent (keys of choices), and the same in words."""

    code: str
    label: str
    values: tuple[str, ...]
    words: str


def _read() -> dict[int, tuple[Question, ...]]:
    found: dict[int, tuple[Question, ...]] = {}
    for row in Question.objects.select_related("subcategory").order_by("order", "id"):
        found[row.subcategory_id] = (*found.get(row.subcategory_id, ()), row)
    return found


table = Remembered(_read)


def of(subcategory_id: int) -> tuple[Question, ...]:
    """附加问题 of a sub-category, in their order."""
    return table().get(subcategory_id, ())


def definitions() -> dict[str, list[dict[str, Any]]]:
    """附加问题 of all sub-categories by key, in the reader's words: for forms that work offline."""
    return {
        rows[0].subcategory.key: [
            {
                "code": row.code,
                "words": row.words,
                "hint": row.hint,
                "type": str(row.datatype),
                "required": row.required,
                "choices": [[str(key), str(name)] for key, name in row.choices],
            }
            for row in rows
        ]
        for rows in table().values()
    }


def answered(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]]
) -> tuple[Answered, ...]:
    """核对回答: in the order of the questions; empty ones count as not given. Pure.

    Raises Refused: answer_unknown, answer_missing, answer_unreadable; the field is the code.
    """
    known = {row.code: row for row in questions}
    for code in given:
        if code not in known:
            message = _("没有附加问题“%(code)s”，可用：%(known)s")
            values = {"code": code[:40], "known": "、".join(known) or _("（无）")}
            raise Refused("answer_unknown", message % values, field=code[:40])
    told = {code: tuple(v.strip() for v in values if v.strip()) for code, values in given.items()}
    return tuple(
        Answered(row.code, row.words, told[row.code], _words(row, told[row.code]))
        for row in questions
        if _given(row, told.get(row.code, ()))
    )


def _given(row: Question, values: tuple[str, ...]) -> bool:
    if values:
        return True
    if row.required:
        message = _("请回答“%(question)s”") % {"question": row.words}
        raise Refused("answer_missing", message, field=row.code)
    return False


def _words(row: Question, values: tuple[str, ...]) -> str:
    if len(values) > 1 and row.datatype != Question.DataType.MANY:
        raise _unreadable(row, "、".join(values), _("只答一个"))
    return "、".join(_one(row, value) for value in values)


def _one(row: Question, value: str) -> str:
    if len(value) > MOST or not storable(value):
        raise _unreadable(row, value, _("最多%(n)d字") % {"n": MOST})
    if row.listed:
        names = {str(key): str(name) for key, name in row.choices}
        if value not in names:
            raise _unreadable(row, value, _("可用：%(known)s") % {"known": "、".join(names)})
        return names[value]
    if row.datatype == Question.DataType.NUMBER and not _is_number(value):
        raise _unreadable(row, value, _("请填数"))
    if row.datatype == Question.DataType.DATETIME and not _is_moment(value):
        raise _unreadable(row, value, _("请写成 2026-03-02T09:00+08:00 的样子"))
    return value


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _unreadable(row: Question, value: str, why: str) -> Refused:
    message = _("“%(question)s”的回答“%(value)s”不可用：%(why)s")
    values = {"question": row.words, "value": value[:40], "why": why}
    return Refused("answer_unreadable", message % values, field=row.code)
