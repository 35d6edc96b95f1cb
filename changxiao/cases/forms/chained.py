"""连办表单: what several adjoining steps ask for, once: criterion, unit, note."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from changxiao.cases import inputs, subjects, verbs
from changxiao.cases.actions.amending import copy_of
from changxiao.cases.chains import Chain
from changxiao.cases.flow import Step
from changxiao.cases.forms import fields
from changxiao.cases.forms.acting import PhotosForm
from changxiao.cases.forms.fields import Asked
from changxiao.cases.models import Case
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.day import today


class ChainForm(PhotosForm):
    """连办表单: the fields of all its steps, each once; the unit proposed for the criterion."""

    base_n = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, case: Case, chain: Chain, steps: list[Step], data: Any = None, *, chosen: str = ""
    ) -> None:
        super().__init__(data)
        self.chain, self.steps = chain, steps
        self.fields["base_n"].initial = case.n
        tried = _with_criterion(case, chosen or str(self.data.get("criterion", "")), chain)
        asked = [Asked(tried, step, today()) for step in steps]
        # The step that must have a thing says how it is asked for: the later one.
        for one in asked:
            takes = verbs.VERBS[one.step.verb].takes.model_fields
            for name in ("criterion", "unit", "section", "note"):
                if name in takes:
                    self.fields.update(fields.MAKERS[name](one))
        if chain.fast:
            self._only_urgent(tried)
        self.order_fields(["key", "base_n", "criterion", "unit", "section", "note"])
        self.asked = asked[-1]

    def _only_urgent(self, case: Case) -> None:
        self.fields["note"].label = _("通话说明（可稍后补录）")
        rows = FilingCriterion.objects.of(case.subcategory).filter(urgent=True)
        choices = [(row.code, subjects.criterion_words(row)) for row in rows]
        chosen = case.criterion.code if case.criterion else ""
        title = str(self.fields["criterion"].label)
        self.fields["criterion"] = fields.select(title, choices, chosen=chosen)

    def bodies(self) -> list[inputs.Common]:
        """各步输入: each step's own part of what was written; the note goes with the last."""
        told = self.cleaned_data
        found = []
        for place, step in enumerate(self.steps):
            takes = verbs.VERBS[step.verb].takes
            own = {name: told.get(name) for name in ("criterion", "unit", "section")}
            own["shown"] = self.shown
            own["note"] = told.get("note", "") if place == len(self.steps) - 1 else ""
            known = {k: v for k, v in own.items() if k in takes.model_fields and v}
            found.append(takes.model_validate(known))
        return found

    def act(self, request: HttpRequest, *, post: str) -> Act:
        """连办动作."""
        return Act(
            actor=scope.current().name,
            post=post,
            key=self.cleaned_data["key"],
            base_n=self.cleaned_data.get("base_n"),
            digest=digest_of(request, self.draft()),
        )


def _with_criterion(case: Case, code: str, chain: Chain) -> Case:
    """A copy of the case as it would be with the criterion that is chosen, for the proposals."""
    tried = copy_of(case)
    rows = FilingCriterion.objects.of(case.subcategory).select_related("subcategory")
    known = [row for row in rows if row.urgent or not chain.fast]
    found = next((row for row in known if row.code == code), None)
    if found is None and tried.criterion is None and len(known) == 1:
        found = known[0]
    if found is not None:
        tried.criterion = found
    return tried
