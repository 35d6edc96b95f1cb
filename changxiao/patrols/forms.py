"""巡查表单: where one starts, and the words of a decision; each carries the key of its act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.geo import Point
from changxiao.kernel.scope import Viewer
from changxiao.ledger.keyed import KeyedForm
from changxiao.patrols import access

# Verb: what its button says, and what its words are called.
DECISIONS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "confirm_missed": (_("认定漏报"), _("认定理由")),
    "dismiss_missed": (_("不认定"), _("认定理由")),
    "object_missed": (_("申诉"), _("申诉理由")),
    "uphold_missed": (_("维持认定"), _("复核意见")),
    "overturn_missed": (_("撤销认定"), _("复核意见")),
}


class StartForm(KeyedForm):
    """开始巡查: which of one's own grids; the phone adds where it is."""

    grid = forms.ChoiceField(label=_("责任网格"))
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)

    def __init__(self, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["grid"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = access.grids_of(viewer)

    @property
    def here(self) -> Point | None:
        """手机所在."""
        return place(self.cleaned_data)


class FinishForm(KeyedForm):
    """结束巡查."""

    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)

    @property
    def here(self) -> Point | None:
        """手机所在."""
        return place(self.cleaned_data)


class DecideForm(KeyedForm):
    """认定、申诉、复核: the words; which button was pressed is the verb."""

    note = forms.CharField(
        label=_("理由"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def place(told: Mapping[str, Any]) -> Point | None:
    """位置, where the phone told both."""
    lon, lat = told.get("lon"), told.get("lat")
    return Point(lon, lat) if lon is not None and lat is not None else None
