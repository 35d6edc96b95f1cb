"""设定大类与小类: a city adds its own, down from 99; national ones it may only switch off."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import Category, Edition, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused


def set_category(kind: str, *, name: str, act: Act, code: str = "", name_en: str = "") -> Category:
    """设定大类: a local category; without a code the next free one down from 99.

    Refused `name_missing`, `name_taken`, `category_unknown`, `codes_used_up`.
    """
    with doing("set_category", act) as now:
        own = Category.objects.filter(kind=kind, edition=Edition.LOCAL)
        row = own.filter(code=code).first() if code else None
        if code and row is None:
            message = _("没有地方大类“%(code)s”") % {"code": code}
            raise Refused("category_unknown", message, field="code")
        name = _named(name, own.exclude(code=code).values_list("name", flat=True))
        if row is not None and (row.name, row.name_en) == (name, name_en):
            return row
        was = {"name": row.name, "name_en": row.name_en} if row else None
        if row is None:
            used = set(Category.objects.filter(kind=kind).values_list("code", flat=True))
            row = Category(kind=kind, edition=Edition.LOCAL, code=_free("", used, name))
        row.name, row.name_en = name, name_en
        row.save()
        now.record(row.stream, name=name, name_en=name_en, was=was)
    return row


def set_subcategory(
    category: Category, *, name: str, act: Act, code: str = "", name_en: str = "", source: str = ""
) -> Subcategory:
    """设定小类: a local sub-category; without a code the next free one down from 99.

    Refused `name_missing`, `name_taken`, `code_unreadable`, `codes_used_up`.
    """
    with doing("set_subcategory", act) as now:
        kept = _own(category).filter(**({"code": code} if code else {"name": name})).first()
        others = _own(category).exclude(code=kept.code if kept else "")
        name = _named(name, others.values_list("name", flat=True))
        row = kept or Subcategory(code=_code(category, code, name))
        was = body_of(row) if kept else None
        row.kind, row.category, row.edition = category.kind, category, Edition.LOCAL
        row.name, row.name_en, row.source = name, name_en, source
        row.status = Subcategory.Status.LOCAL
        if was == body_of(row):
            return row
        row.save()
        now.record(row.stream, **body_of(row), was=was)
    return row


def switch_subcategory(row: Subcategory, *, enabled: bool, act: Act) -> Subcategory:
    """启停小类: one that is off is not offered for new reports; its cases run on."""
    with doing("switch_subcategory", act) as now:
        row = Subcategory.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.enabled != enabled:
            was = body_of(row)
            row.enabled = enabled
            row.save(update_fields=["enabled"])
            now.record(row.stream, **body_of(row), was=was)
    return row


def body_of(row: Subcategory) -> dict[str, Any]:
    """小类内容: what a city may say of one, as an entry holds it."""
    return {
        "name": row.name,
        "name_en": row.name_en,
        "source": row.source,
        "enabled": row.enabled,
    }


def _named(name: str, others: Collection[str]) -> str:
    name = name.strip()
    if not name:
        raise Refused("name_missing", _("请填写名称"), field="name")
    if name in others:
        message = _("已有同名的“%(name)s”，请换一个名称或修改原有的") % {"name": name}
        raise Refused("name_taken", message, field="name")
    return name


def _own(category: Category) -> QuerySet[Subcategory]:
    return Subcategory.objects.filter(
        kind=category.kind, edition=Edition.LOCAL, code__startswith=category.code
    )


def _code(category: Category, wished: str, name: str) -> str:
    if wished:
        if len(wished) == 4 and wished.isdigit() and wished.startswith(category.code):
            return wished
        message = _("小类代码“%(code)s”不可用：须为四位数字，前两位是大类 %(category)s")
        values = {"code": wished, "category": category.code}
        raise Refused("code_unreadable", message % values, field="code")
    rows = Subcategory.objects.filter(kind=category.kind, code__startswith=category.code)
    return _free(category.code, set(rows.values_list("code", flat=True)), category.name)


def _free(prefix: str, used: Collection[str], name: str) -> str:
    for number in range(99, 0, -1):
        if f"{prefix}{number:02d}" not in used:
            return f"{prefix}{number:02d}"
    message = _("“%(name)s”的代码已用完（01 至 99 都有了）") % {"name": name}
    raise Refused("codes_used_up", message, field="code")
