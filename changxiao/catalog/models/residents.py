"""对市民的表: what they are answered, and where and when they cannot report."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AnswerTemplate(models.Model):
    """答复模板: the words that an answer begins with, by kind and by how it ended.

    The nearest row decides: the sub-category's, its category's, the city's (which names neither).
    """

    class Result(models.TextChoices):
        """结果: the outcomes of handling, and a refusal."""

        RESTORED = "restored", pgettext_lazy("outcome", "恢复")
        PERSUADED = "persuaded", pgettext_lazy("outcome", "劝离")
        NOT_FOUND = "not_found", pgettext_lazy("outcome", "现场未发现")
        HANDED_OVER = "handed_over", pgettext_lazy("outcome", "移交")
        DECLINED = "declined", pgettext_lazy("outcome", "不予受理")

    subject = models.CharField(_("对象"), max_length=8)  # "e0110", "e01", or "*" for all others
    result = models.CharField(_("结果"), max_length=12, choices=Result)
    text = models.TextField(_("答复文字"))

    class Meta:
        verbose_name = _("答复模板")
        ordering = ["subject", "result"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "result"], name="answer_template_once")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """键: "e0110:restored", "e01:restored", or "*:restored" for the city's own."""
        return f"{self.subject}:{self.result}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"answer_template:{self.key}"


class ControlArea(models.Model):
    """管控区: an area and a period in which residents cannot report, and where they go instead.

    An empty area is the whole city, empty keys are all kinds, an empty last day is until further
    notice.
    """

    name = models.CharField(_("名称"), max_length=60, unique=True)
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True)
    keys = models.JSONField(_("适用小类"), default=list)
    from_date = models.DateField(_("开始日期"))
    to_date = models.DateField(_("结束日期"), null=True)
    sentence = models.CharField(_("告知"), max_length=200)

    class Meta:
        verbose_name = _("管控区")
        ordering = ["-from_date", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="control_area_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """记录流."""
        return f"control_area:{self.name}"
