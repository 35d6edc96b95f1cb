"""设定小类: a city adds sub-categories of its own; national ones it may only switch off."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import Category, Edition, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused


def set_subcategory(
    category: Category, *, name: str, act: Act, code: str = "", name_en: str = "", source: str = ""
) -> Subcategory:
    """设定小类: a local sub-category; without a code the next free one down from 99.

    Refused `code_unreadable`, `codes_used_up`.
    """
    with doing("set_subcategory", act) as now:
        kept = _own(category).filter(**({"code": code} if code else {"name": name})).first()
        row = kept or Subcategory(code=_code(category, code))
        row.kind, row.category, row.edition = category.kind, category, Edition.LOCAL
        before = (row.name, row.name_en, row.source)
        row.name, row.name_en, row.source = name, name_en, source
        if kept is not None and before == (name, name_en, source):
            return row
        row.status = Subcategory.Status.LOCAL
        row.save()
        now.record(f"subcategory:{row.key}", name=name, name_en=name_en, source=source)
    return row


def _own(category: Category) -> QuerySet[Subcategory]:
    return Subcategory.objects.filter(
        kind=category.kind, edition=Edition.LOCAL, code__startswith=category.code
    )


def _code(category: Category, wished: str) -> str:
    if wished:
        if len(wished) == 4 and wished.isdigit() and wished.startswith(category.code):
            return wished
        message = _("小类代码“%(code)s”不可用：须为四位数字，前两位是大类 %(category)s")
        values = {"code": wished, "category": category.code}
        raise Refused("code_unreadable", message % values, field="code")
    used = set(
        Subcategory.objects.filter(kind=category.kind, code__startswith=category.code).values_list(
            "code", flat=True
        )
    )
    for number in range(99, 0, -1):
        if f"{category.code}{number:02d}" not in used:
            return f"{category.code}{number:02d}"
    message = _("大类“%(name)s”的小类代码已用完") % {"name": category.name}
    raise Refused("codes_used_up", message, field="code")
