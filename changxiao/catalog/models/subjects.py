"""大类与小类: what a case is about, by the national codes and a city's own (GB/T 30428.2).

Components and events use the same digits (0110 is both 暴露垃圾 and 热力井盖), so every code stands
with its kind; `key` is the two together ("e0110", "c0110") and a prefix of it names a category.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """类型: a component 部件 has a place in the census, an event 事件 has not."""

    COMPONENT = "component", _("部件")
    EVENT = "event", _("事件")

    @property
    def letter(self) -> str:
        return self.value[0]


class Edition(models.TextChoices):
    """版本: which catalogue a code belongs to; the same digits differ between them."""

    GB = "gb30428", "GB/T 30428.2"
    CJT = "cjt214", "CJ/T 214-2007"
    LOCAL = "local", _("地方扩展")


def _in_readers_language(row: Category | Subcategory) -> str:
    """English where the catalogue has a word for it."""
    english = (get_language() or "").startswith("en")
    return row.name_en if english and row.name_en else row.name


class Category(models.Model):
    """大类: two digits within kind and edition."""

    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    edition = models.CharField(_("版本"), max_length=10, choices=Edition.choices)
    code = models.CharField(_("代码"), max_length=2)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True, default="")

    class Meta:
        verbose_name = _("大类")
        ordering = ["edition", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "code"], name="category_code_once"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{2}$"), name="category_code_two_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """键: "e01" or "c03"."""
        return f"{Kind(self.kind).letter}{self.code}"

    @property
    def label(self) -> str:
        """名称, in the reader's language."""
        return _in_readers_language(self)

    @property
    def stream(self) -> str:
        """记录流."""
        return f"category:{self.key}"


class Subcategory(models.Model):
    """小类: four digits, category first; local ones count down from 99 within their category."""

    class Status(models.TextChoices):
        """来历: whether the code itself was seen in a source or derived from its neighbours."""

        SOURCED = "sourced", _("有出处")
        INFERRED_CODE = "inferred_code", _("代码系推断")
        PROVISIONAL_CODE = "provisional_code", _("代码系暂定")
        LOCAL = "local", _("地方自定")

    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    edition = models.CharField(_("版本"), max_length=10, choices=Edition.choices)
    code = models.CharField(_("代码"), max_length=4)
    category = models.ForeignKey(Category, models.PROTECT, related_name="subcategories")
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True, default="")
    cjt214_code = models.CharField(_("CJ/T 214 代码"), max_length=4, blank=True, default="")
    status = models.CharField(_("来历"), max_length=16, choices=Status.choices)
    source = models.CharField(_("出处"), max_length=200, blank=True, default="")
    suggested = models.CharField(_("建议处置部门"), max_length=120, blank=True, default="")
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("小类")
        ordering = ["edition", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "code"], name="subcategory_code_once"
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{4}$"), name="subcategory_code_four_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """键: "e0110" or "c0101"."""
        return f"{Kind(self.kind).letter}{self.code}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"subcategory:{self.key}"

    @property
    def label(self) -> str:
        """名称, in the reader's language."""
        return _in_readers_language(self)
