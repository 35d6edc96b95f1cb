"""办理表单: the form of any verb, made from what the verb takes, and read back as its input.

The act's key is made when the form is opened and stays through refusals, because nothing was
stored under it. Photos are stored before the verb is asked, so a refusal keeps them in the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from pydantic import ValidationError

from changxiao.cases import inputs, subjects, verbs
from changxiao.cases.actions import evidence as proof
from changxiao.cases.evidence import lacking_words
from changxiao.cases.flow import Step
from changxiao.cases.forms import fields
from changxiao.cases.forms.fields import Asked
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.rechecks import dispute
from changxiao.cases.suggesting.offering import MOST
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.keyed import KeyedForm
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.models import Photo

SHOWS_LACKING = frozenset({"feed_back", "verify", "close", "add_photo"})
# Inputs that a form asks for in several fields: a refusal stands beside the first of them.
PREFIXES = {"photos": "photos_", "readings": "reading_", "witness": "witness_"}
# A photo that is stored already: its role and hash, and where the browser was (degrees, metres).
_KEPT = re.compile(
    r"(?P<role>[a-z]{1,10}):(?P<sha256>[0-9a-f]{64})"
    r"(?:@(?P<lon>-?\d{1,3}\.\d{1,7}),(?P<lat>-?\d{1,2}\.\d{1,7}),(?P<accuracy>\d{1,6}))?"
)


class PhotosForm(KeyedForm):
    """带照片的表单: carries besides the act's key the photos that an earlier attempt has stored."""

    def __init__(self, data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.kept = _kept(data)

    @property
    def shown(self) -> str:
        """已给建议: the hidden field that the suggestion beside the form brings along; no part of
        what was written, so no field of this form and not in its digest."""
        return str(self.data.get("shown", ""))[:MOST]

    def store_photos(self, act: Act) -> list[inputs.PhotoIn]:
        """存照片: the new ones and those kept from before, by role; Refused names the field.

        `act` carries the form's key; each photo's own entry has a key derived from it.
        """
        for name, files in self.cleaned_data.items():
            if not name.startswith("photos_"):
                continue
            for file in files:
                self.kept.append(self._stored(file, name, act))
        return list(dict.fromkeys(self.kept))

    def _stored(self, file: Any, name: str, act: Act) -> inputs.PhotoIn:
        field = self.fields[name]
        try:
            photo: Photo = media.store(
                file,
                declared_type=file.content_type or "",
                name=file.name or "",
                act=act,
                also=media.PAPERS if _takes_papers(field) else media.PHOTOS_ONLY,
            )
        except Refused as no:
            raise Refused(no.code, f"{file.name}：{no.sentence}", field=name) from None
        return PhotoRef(sha256=photo.sha256, role=name.removeprefix("photos_"))

    def field_of(self, no: Refused) -> str | None:
        """Of an input that is asked for in several fields, the first of them."""
        if prefix := PREFIXES.get(no.field or ""):
            return next((name for name in self.fields if name.startswith(prefix)), None)
        return no.field

    @property
    def kept_rows(self) -> list[tuple[str, str, str]]:
        """已存照片: value, role in words and short hash, for the boxes that keep or drop them."""
        return [
            (str(p), str(fields.photo_title(p.role)), p.sha256[:8])
            for p in dict.fromkeys(self.kept)
        ]

    def draft(self) -> dict[str, Any]:
        """内容: what was written, without the key, for the keyed digest of the act."""
        skip = {"key", "base_n"}
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in skip and not name.startswith("photos_")
        }


def _takes_papers(field: forms.Field) -> bool:
    return isinstance(field, fields.PhotosField) and field.documents


class PhotoRef(inputs.PhotoIn):
    """照片引用, hashable."""

    def __hash__(self) -> int:
        return hash((self.sha256, self.role))

    def __str__(self) -> str:
        """表单值, as `_KEPT` reads it back."""
        place = f"@{self.lon:.7f},{self.lat:.7f},{self.accuracy:.0f}" if self.spot else ""
        return f"{self.role}:{self.sha256}{place}"


def _kept(data: Any) -> list[inputs.PhotoIn]:
    values = data.getlist("kept") if isinstance(data, MultiValueDict) else []
    found = (_KEPT.fullmatch(value) for value in values)
    return [
        PhotoRef.model_validate({name: value for name, value in hit.groupdict().items() if value})
        for hit in found
        if hit and hit["role"] in CasePhoto.Role.values
    ]


class ActForm(PhotosForm):
    """办理表单 of one step on one case."""

    base_n = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, asked: Asked, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.step: Step = asked.step
        self.case = asked.case
        self.takes = takes(asked.step.verb)
        self.fields["base_n"].initial = asked.case.n
        for name, maker in fields.MAKERS.items():
            if name in self.takes.model_fields and name not in HIDES.get(self.takes, ()):
                self.fields.update(maker(asked))
        if data is not None and data.get("subcategory"):
            self.offer_criteria_of(data["subcategory"])

    def offer_criteria_of(self, key: str) -> None:
        """可选标准 of another sub-category than the case's: else a page that is shown once more
        would not have the chosen one among its choices, and lose it."""
        field = self.fields.get("criterion")
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("不选")), *subjects.criterion_choices(key)]

    @property
    def lacking(self) -> str:
        """目前缺少, in words, where the step could bring it or must not go without it."""
        if self.step.verb not in SHOWS_LACKING:
            return ""
        return lacking_words(proof.lacking(self.case))

    @property
    def doubt(self) -> str:
        """办理前要问的: a check that another found wrong, before the case is closed; ""."""
        return dispute(self.case, scope.current()) if self.step.verb == "close" else ""

    @property
    def asks(self) -> bool:
        """有内容: whether there is anything that must or may be filled in."""
        return any(not field.widget.is_hidden for field in self.fields.values())

    def act(self, request: HttpRequest, *, post: str, photos: Iterable[inputs.PhotoIn] = ()) -> Act:
        """办理动作: with a digest over what was written and the photos that belong to it."""
        content = [self.draft(), [f"{p.role}:{p.sha256}" for p in photos]]
        return Act(
            actor=scope.current().name,
            post=post,
            key=self.cleaned_data["key"],
            note=self.cleaned_data.get("note", ""),
            on_behalf=self.cleaned_data.get("on_behalf", ""),
            base_n=self.cleaned_data.get("base_n"),
            digest=digest_of(request, content),
        )

    def body(self, photos: Iterable[inputs.PhotoIn]) -> inputs.Common:
        """动词输入: as the API would have received it; Refused names the field at fault."""
        told = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.takes.model_fields and value not in (None, "")
        }
        if "shown" in self.takes.model_fields:
            told["shown"] = self.shown
        if "photos" in self.takes.model_fields:
            told["photos"] = [p.model_dump(exclude_none=True) for p in photos]
        told |= self._proof()
        if "assisting" in told:
            task = self.cleaned_data.get("task", "")
            told["assisting"] = [{"unit": code, "task": task} for code in told["assisting"]]
        try:
            return self.takes.model_validate(told)
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0]) if first["loc"] else None
            raise Refused("input_unreadable", str(first["msg"]), field=field) from None

    def _proof(self) -> dict[str, Any]:
        """读数与见证人, from the fields that ask for their parts."""
        filled = {name: value for name, value in self.cleaned_data.items() if value}
        readings = [
            {"name": field.widget.attrs["data-reading"], "value": filled[name]}
            for name, field in self.fields.items()
            if name.startswith("reading_") and name in filled
        ]
        parts = ("account", "name", "post")
        witness = {p: filled[f"witness_{p}"] for p in parts if f"witness_{p}" in filled}
        told = {"readings": readings, "witness": witness}
        return {name: value for name, value in told.items() if value}


# What a verb takes and its form need not ask: the reason of a 不予受理 is its note.
HIDES: Mapping[type[inputs.Common], tuple[str, ...]] = {
    inputs.Declined: ("note",),
    inputs.Amended: ("crs",),
    inputs.Published: ("on_behalf",),
}


def takes(verb: str) -> type[inputs.Common]:
    """所需输入; 查看当事人 takes a note only and answers to a person instead of a list."""
    known = verbs.VERBS.get(verb)
    return known.takes if known else inputs.Common


def of_step(case: Case, step: Step, day: date, data: Any = None, files: Any = None) -> ActForm:
    """某步骤的表单."""
    return ActForm(Asked(case, step, day), data, files)


def filled(form: ActForm, told: Mapping[str, str]) -> ActForm:
    """预填: what a suggestion that was pressed puts into a form that is opened; nothing is taken
    until a person confirms it."""
    names = [name for name in FILLABLE if name in form.fields and told.get(name)]
    form.initial = {name: told[name][:200] for name in names}
    if "subcategory" in names:
        form.offer_criteria_of(told["subcategory"])
    return form


# What an opened form may be filled with from its address.
FILLABLE = ("subcategory", "criterion", "unit", "note", "to")
