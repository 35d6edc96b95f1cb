"""设定附加问题: what is asked besides of a kind of problem; answers given before stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import Question, Subcategory
from changxiao.catalog.models.questions import CODE
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

MOST = 40  # choices of one question


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """附加问题草案: everything but its place (sub-category and code)."""

    label: str
    datatype: str
    label_en: str = ""
    hint: str = ""
    required: bool = False
    order: int = 1
    choices: Sequence[Sequence[str]] = ()


def set_question(
    subcategory: Subcategory, code: str, draft: QuestionDraft, *, act: Act
) -> Question:
    """设定附加问题: asked from now on. Refused: code_unreadable, label_missing, datatype_unknown,
    choices_unreadable."""
    with doing("set_question", act) as now:
        _check(code, draft)
        row = Question.objects.filter(subcategory=subcategory, code=code).first()
        was = body_of(row) if row else None
        row = row or Question(subcategory=subcategory, code=code)
        for name, value in asdict(draft).items():
            setattr(row, name, value)
        row.choices = [list(pair) for pair in draft.choices] if row.listed else []
        if was == body_of(row):
            return row
        row.save()
        now.record(row.stream, **body_of(row), was=was)
    return row


def drop_question(row: Question, *, act: Act) -> None:
    """删除附加问题: no longer asked."""
    with doing("drop_question", act) as now:
        found = Question.objects.filter(pk=row.pk).first()
        if found is None:
            return
        found.delete()
        now.record(row.stream, was=body_of(row))


def body_of(row: Question) -> dict[str, Any]:
    """附加问题内容, as an entry holds it."""
    names = ("label", "label_en", "hint", "datatype", "required", "order", "choices")
    return {name: getattr(row, name) for name in names}


def _check(code: str, draft: QuestionDraft) -> None:
    if not re.fullmatch(CODE, code):
        message = _("附加问题的代码“%(code)s”不可用：小写字母开头，只用小写字母、数字和下划线")
        raise Refused("code_unreadable", message % {"code": code[:40]}, field="code")
    if not draft.label.strip():
        raise Refused("label_missing", _("请填写问题"), field="label")
    if draft.datatype not in Question.DataType.values:
        message = _("回答类型“%(value)s”不存在，可用：%(known)s")
        values = {"value": draft.datatype[:20], "known": "、".join(Question.DataType.values)}
        raise Refused("datatype_unknown", message % values, field="datatype")
    if draft.datatype in {Question.DataType.ONE, Question.DataType.MANY}:
        _check_choices(draft.choices)


def _check_choices(choices: Sequence[Sequence[str]]) -> None:
    keys = [pair[0] for pair in choices]
    whole = all(len(pair) == 2 and all(part.strip() for part in pair) for pair in choices)
    if not choices or not whole or len(set(keys)) < len(keys) or len(keys) > MOST:
        message = _("选项须有1至%(most)d行，每行写“键:名称”，键不能重复")
        raise Refused("choices_unreadable", message % {"most": MOST}, field="choices")
