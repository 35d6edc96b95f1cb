"""说法 said: the fields of each kind of row and how their values are said, for preview and history.

The names of the fields are those of the entries' bodies (`body_of` of each verb).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog.known import by_key
from changxiao.catalog.models import (
    FilingCriterion,
    Need,
    PlaceKind,
    PublicRule,
    Question,
    Responsibility,
    Subcategory,
)
from changxiao.kernel.limits import parse_limit
from changxiao.kernel.refused import Refused
from changxiao.ledger.history import Field, plain
from changxiao.orgs.models import Unit


def limit(value: Any) -> str:
    """时限, in the reader's language."""
    try:
        return str(parse_limit(value))
    except Refused:
        return str(value)


def subject(key: Any) -> str:
    """小类: name and code."""
    row = by_key(key)
    return f"{row.label} {row.code}" if row else str(key)


def unit(code: Any) -> str:
    """单位: name and code."""
    name = Unit.objects.filter(code=code).values_list("name", flat=True).first()
    return f"{name} {code}" if name else str(code)


def _grade(value: Any) -> str:
    return str(dict(FilingCriterion.Grade.choices).get(value, value))


def _needs(value: Any) -> str:
    return "、".join(need(one) for one in value) or _("无")


def need(written: str) -> str:
    """结案材料一项; as it is written where nobody can read it any more."""
    try:
        return Need.read(written).words
    except Refused:
        return written


def _origin(value: Any) -> str:
    return str(dict(Responsibility.Origin.choices).get(value, value))


def criterion(code: Any) -> str:
    """立案标准: condition and code."""
    row = FilingCriterion.objects.filter(code=code).order_by("-version").first() if code else None
    return f"{row.condition} {code}" if row else str(code)


def window(kind: Any) -> str:
    """作息类别."""
    return str(dict(Unit.WindowKind.choices).get(kind, kind))


CRITERION = (
    Field("subcategory", gettext_lazy("小类"), subject),
    Field("condition", gettext_lazy("立案条件")),
    Field("condition_en", gettext_lazy("立案条件（英文）")),
    Field("limit", gettext_lazy("处置时限"), limit),
    Field("urgent", gettext_lazy("紧急")),
    Field("grade", gettext_lazy("程度"), _grade),
    Field("closing_condition", gettext_lazy("结案条件")),
    Field("closing_needs", gettext_lazy("结案材料"), _needs),
    Field("capture_rule", gettext_lazy("采集要求")),
    Field("stage", gettext_lazy("阶段")),
    Field("is_first", gettext_lazy("首阶段")),
    Field("successor", gettext_lazy("后续阶段"), criterion),
    Field("source", gettext_lazy("出处")),
)
RESPONSIBILITY = (
    Field("unit", gettext_lazy("责任单位"), unit),
    Field("section", gettext_lazy("标段")),
    Field("priority", gettext_lazy("次序"), lambda value: str(int(value) + 1)),
    Field("origin", gettext_lazy("来源"), _origin),
    Field("basis", gettext_lazy("依据")),
    Field("since", gettext_lazy("起始日期")),
)
CATEGORY = (
    Field("name", gettext_lazy("名称")),
    Field("name_en", gettext_lazy("英文名称")),
)
SUBCATEGORY = (
    *CATEGORY,
    Field("source", gettext_lazy("出处")),
    Field("enabled", gettext_lazy("启用")),
)


def _view(value: Any) -> str:
    return str(dict(PublicRule.View.choices).get(value, value))


def _place(value: Any) -> str:
    return str(dict(PublicRule.Place.choices).get(value, value))


def _photos(value: Any) -> str:
    return str(dict(PublicRule.Photos.choices).get(value, value))


def _place_kind(value: Any) -> str:
    return str(dict(PlaceKind.Kind.choices).get(value, value))


PLACE_KIND = (Field("kind", gettext_lazy("场所类型"), _place_kind),)
PUBLIC = (
    Field("view", gettext_lazy("何时公开"), _view),
    Field("place", gettext_lazy("公开位置"), _place),
    Field("photos", gettext_lazy("公开照片"), _photos),
)


ANSWER = (Field("text", gettext_lazy("答复文字")),)


def _datatype(value: Any) -> str:
    return str(dict(Question.DataType.choices).get(value, value))


def _choices(value: Any) -> str:
    return "、".join(f"{name}（{key}）" for key, name in value)


QUESTION = (
    Field("label", gettext_lazy("问题")),
    Field("label_en", gettext_lazy("问题（英文）")),
    Field("hint", gettext_lazy("怎么答")),
    Field("datatype", gettext_lazy("回答类型"), _datatype),
    Field("required", gettext_lazy("必答")),
    Field("order", gettext_lazy("次序")),
    Field("choices", gettext_lazy("选项"), _choices),
)
CONFIRM = (Field("needed", gettext_lazy("须核实")),)
STAGE = (
    Field("limit", gettext_lazy("处置时限"), limit),
    Field("window", gettext_lazy("作息"), window),
)
GRADE = (
    Field("grade", gettext_lazy("等级")),
    Field("factor", gettext_lazy("时限系数"), plain),
    Field("since", gettext_lazy("起始日期")),
)


def label_of(row: FilingCriterion | Subcategory | Any) -> str:
    """对象的名称: criterion, sub-category or category, with its code."""
    if isinstance(row, FilingCriterion):
        return f"{row.subcategory.label}：{row.condition}"
    return f"{getattr(row, 'label', row.name)} {row.code}"
