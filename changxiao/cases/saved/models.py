"""常用筛选的表."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.orgs.models import Staff


class SavedFilter(models.Model):
    """常用筛选: one person's name for one address of the list; default of one of his posts."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("名称"), max_length=20)
    address = models.CharField(_("筛选条件"), max_length=600)  # a query string, as `book` writes it
    place = models.PositiveSmallIntegerField(_("次序"))
    default_for = models.CharField(_("默认岗位"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("常用筛选")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "name"], name="saved_filter_one_name"),
            models.UniqueConstraint(
                fields=["staff", "default_for"],
                condition=~Q(default_for=""),
                name="saved_filter_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name
