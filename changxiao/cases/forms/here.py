"""这里归谁: what the side of the report form says of a place: whose it is and which unit's.

The same fields as the report's, all of them optional: it answers as far as it knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from changxiao.areas.locate import Place, locator
from changxiao.cases import near, subjects
from changxiao.cases.forms.halfwidth import HalfWidthField, HalfWidthNumber
from changxiao.cases.forms.report import CRS, place_told
from changxiao.cases.near import Near
from changxiao.cases.suggesting import city
from changxiao.cases.suggesting.chips import Chips, chips
from changxiao.catalog import proposals
from changxiao.catalog.models import FilingCriterion
from changxiao.catalog.proposals import Proposal
from changxiao.kernel.day import local_date
from changxiao.kernel.geo import Crs
from changxiao.kernel.refused import Refused


@dataclass(frozen=True, slots=True)
class Here:
    """这里: the place or why not; who would get it and why; what was reported nearby."""

    place: Place | None = None
    refusal: str = ""
    criterion: FilingCriterion | None = None
    proposals: tuple[Proposal, ...] = ()
    near: tuple[Near, ...] = ()
    asked: bool = False  # a sub-category was chosen, so an empty list of units is a gap

    @property
    def gap(self) -> bool:
        """责任空白: nobody answers for this problem at this place."""
        return self.asked and self.place is not None and not self.proposals


class HereForm(forms.Form):
    """这里归谁, as the report's fields stand now."""

    lon = HalfWidthNumber(required=False)
    lat = HalfWidthNumber(required=False)
    crs = forms.ChoiceField(choices=CRS, required=False)
    grid = HalfWidthField(required=False, max_length=24)
    component = HalfWidthField(required=False, max_length=16)
    subcategory = forms.CharField(required=False, max_length=8)
    criterion = forms.CharField(required=False, max_length=24)
    description = forms.CharField(required=False)

    def chips(self) -> Chips | None:
        """建议的小类, from what was typed and, where it is known, from the place."""
        told = self.cleaned_data if self.is_valid() else {}
        text = told.get("description", "")
        if not text:
            return None
        try:
            point, _component = place_told(told | {"crs": told["crs"] or Crs.WGS84.value})
            place = locator().at(*point)
        except Refused:  # `here` says what is wrong with it
            place = None
        return chips(text, city.context_at(place, timezone.now()))

    def here(self) -> Here:
        """回答; a place that cannot be read is answered by the sentence that filing would give."""
        if not self.is_valid():
            return Here(refusal=" ".join(str(e) for errors in self.errors.values() for e in errors))
        told = self.cleaned_data
        if not any(told[name] for name in ("lon", "lat", "grid", "component")):
            return Here()
        try:
            point, component = place_told(told | {"crs": told["crs"] or Crs.WGS84.value})
            place = locator().at(*point)
        except Refused as no:
            return Here(refusal=no.sentence)
        now = timezone.now()
        subject = subjects.by_key(told["subcategory"])
        criterion = _criterion(told["subcategory"], told["criterion"])
        found: tuple[Proposal, ...] = ()
        if criterion is not None:
            found = tuple(
                proposals.unit_for(
                    criterion,
                    place.community_code,
                    local_date(now),
                    owner=component.owner_unit if component else None,
                    maintainer=component.maintainer if component else None,
                )
            )
        return Here(
            place,
            criterion=criterion,
            proposals=found,
            near=tuple(
                near.like(point, subject.pk if subject else None, now, text=told["description"])
            ),
            asked=criterion is not None,
        )


def _criterion(key: str, code: str) -> FilingCriterion | None:
    """The chosen one; else the first of the sub-category, for they are seldom another unit's."""
    rows = subjects.criteria_of(key)
    return next((row for row in rows if row.code == code), rows[0] if rows else None)
