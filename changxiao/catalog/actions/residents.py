"""设定对市民的话: templates of answers, and control areas with where to go instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog import residents
from changxiao.catalog.actions.base import check_area, check_keys, doing
from changxiao.catalog.models import AnswerTemplate, ControlArea
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

MOST_TEXT, MOST_SENTENCE = 1000, 200
ALL = "*"


def set_answer_template(subject: str, result: str, *, text: str, act: Act) -> AnswerTemplate:
    """设定答复模板: of a sub-category, a category or all others ("*"), for one result.

    Refused `result_unknown`, `subject_unknown`, `text_missing`, `text_long`, `blank_unknown`.
    """
    with doing("set_answer_template", act) as now:
        text = text.strip()
        _check(subject, result, text)
        row = AnswerTemplate.objects.filter(subject=subject, result=result).first()
        was = {"text": row.text} if row else None
        row = row or AnswerTemplate(subject=subject, result=result)
        if row.text == text:
            return row
        row.text = text
        row.save()
        now.record(row.stream, text=text, was=was)
    return row


def drop_answer_template(row: AnswerTemplate, *, act: Act) -> None:
    """删除答复模板: the category's or the city's words again."""
    with doing("drop_answer_template", act) as now:
        if AnswerTemplate.objects.filter(pk=row.pk).delete()[0]:
            now.record(row.stream, was={"text": row.text})


def _check(subject: str, result: str, text: str) -> None:
    if result not in AnswerTemplate.Result.values:
        message = _("结果“%(value)s”不存在，可用：%(known)s")
        values = {"value": result[:20], "known": "、".join(AnswerTemplate.Result.values)}
        raise Refused("result_unknown", message % values, field="result")
    if subject != ALL:
        check_keys([subject])
    if not text:
        raise Refused("text_missing", _("请填写答复文字"), field="text")
    if len(text) > MOST_TEXT:
        message = _("答复文字共%(n)d字，最多%(most)d字，请精简")
        raise Refused("text_long", message % {"n": len(text), "most": MOST_TEXT}, field="text")
    if unknown := residents.blanks(text):
        message = _("空格“{%(name)s}”没有可填的内容，可用：%(known)s")
        known = "、".join(f"{{{name}}}" for name in residents.BLANKS)
        raise Refused("blank_unknown", message % {"name": unknown[0], "known": known}, field="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlDraft:
    """管控区草案: everything but its name."""

    first: date
    last: date | None
    sentence: str
    area_code: str = ""
    keys: Sequence[str] = ()


def set_control_area(name: str, draft: ControlDraft, *, act: Act) -> ControlArea:
    """设定管控区: residents cannot report there and then; the sentence says where to go.

    Refused `days_out_of_order`, `sentence_missing`, `area_unreadable`, `subject_unknown`.
    """
    with doing("set_control_area", act) as now:
        if draft.last is not None and draft.last < draft.first:
            message = _("管控区“%(name)s”的结束日期早于开始日期，请改正") % {"name": name}
            raise Refused("days_out_of_order", message, field="last")
        sentence = draft.sentence.strip()[:MOST_SENTENCE]
        if not sentence:
            raise Refused("sentence_missing", _("请写明市民该去哪里反映"), field="sentence")
        values = {
            "from_date": draft.first,
            "to_date": draft.last,
            "sentence": sentence,
            "area_code": check_area(draft.area_code),
            "keys": check_keys(list(draft.keys)),
        }
        row = ControlArea.objects.filter(name=name).first()
        was = body_of(row) if row else None
        row, _made = ControlArea.objects.update_or_create(name=name, defaults=values)
        if was != body_of(row):
            now.record(row.stream, **body_of(row), was=was)
    return row


def drop_control_area(row: ControlArea, *, act: Act) -> None:
    """取消管控区: from now on it can be reported there."""
    with doing("drop_control_area", act) as now:
        if ControlArea.objects.filter(pk=row.pk).delete()[0]:
            now.record(row.stream, was=body_of(row))


def body_of(row: ControlArea) -> dict[str, Any]:
    """管控区内容, as an entry holds it."""
    return {
        "first": row.from_date.isoformat(),
        "last": row.to_date.isoformat() if row.to_date else "",
        "area": row.area_code,
        "keys": list(row.keys),
        "sentence": row.sentence,
    }
