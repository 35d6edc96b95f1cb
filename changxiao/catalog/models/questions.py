"""附加问题: what is asked besides, for one sub-category: of a manhole whether it is open.

A channel that can ask (Open311 definitions, the portal) offers them; answers stay with the case.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.models.subjects import Subcategory

CODE = r"[a-z][a-z0-9_]{0,39}"


class Question(models.Model):
    """附加问题: one of a sub-category, in its order; `choices` is a list of [key, name]."""

    class DataType(models.TextChoices):
        """回答类型, by their Open311 names."""

        STRING = "string", _("一行文字")
        NUMBER = "number", _("数")
        DATETIME = "datetime", _("时间")
        TEXT = "text", _("多行文字")
        ONE = "singlevaluelist", _("单选")
        MANY = "multivaluelist", _("多选")

    subcategory = models.ForeignKey(Subcategory, models.PROTECT, related_name="questions")
    code = models.CharField(_("代码"), max_length=40, validators=[RegexValidator(f"^{CODE}$")])
    label = models.CharField(_("问题"), max_length=200)
    label_en = models.CharField(_("问题（英文）"), max_length=200, blank=True, default="")
    hint = models.CharField(_("怎么答"), max_length=200, blank=True, default="")
    datatype = models.CharField(_("回答类型"), max_length=16, choices=DataType)
    required = models.BooleanField(_("必答"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=1)
    choices = models.JSONField(_("选项"), default=list)

    class Meta:
        verbose_name = _("附加问题")
        ordering = ["subcategory_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["subcategory", "code"], name="question_code_once")
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """问题, in the reader's language where the city has given both."""
        english = (get_language() or "").startswith("en")
        return self.label_en if english and self.label_en else self.label

    @property
    def listed(self) -> bool:
        """从选项中答."""
        return self.datatype in {self.DataType.ONE, self.DataType.MANY}

    @property
    def key(self) -> str:
        """键: "e0110:open"."""
        return f"{self.subcategory.key}:{self.code}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"question:{self.key}"
