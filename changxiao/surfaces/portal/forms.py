"""市民上报表单: a photo or a place, one sentence, sent. Everything else may stay empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.areas import search as areas
from changxiao.areas.locate import locator
from changxiao.areas.search import Spot
from changxiao.cases import rules
from changxiao.cases.actions import Problem, Reporter, Shown
from changxiao.cases.forms import questions as questions_form
from changxiao.cases.forms.acting import PhotosForm
from changxiao.cases.forms.fields import PhotosField
from changxiao.cases.forms.halfwidth import PhoneField
from changxiao.cases.models import Channel
from changxiao.catalog import questions
from changxiao.catalog.models import Subcategory
from changxiao.catalog.questions import Answered
from changxiao.kernel.geo import Crs, to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.models import Photo
from changxiao.surfaces.portal import kinds

CRS = tuple((one.value, one.value) for one in Crs)


class ReportForm(PhotosForm):
    """市民上报."""

    photos_before = PhotosField(gettext_lazy("照片"))
    kind = forms.CharField(required=False, max_length=8)
    kind_other = forms.CharField(required=False, max_length=8)  # from the list behind the chips
    description = forms.CharField(
        label=gettext_lazy("说一句"),
        max_length=rules.MOST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    address = forms.CharField(
        label=gettext_lazy("地点"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    spot = forms.CharField(required=False, max_length=24)
    lon = forms.FloatField(required=False)
    lat = forms.FloatField(required=False)
    crs = forms.ChoiceField(choices=CRS, required=False)
    into = forms.CharField(required=False, max_length=16)
    reporter_name = forms.CharField(
        label=gettext_lazy("称呼"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reporter_phone = PhoneField(label=gettext_lazy("电话"), required=False, max_length=32)

    def __init__(self, data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        phone = self.fields["reporter_phone"].widget.attrs
        phone.update({"inputmode": "tel", "autocomplete": "tel"})
        self.spots: list[Spot] = []
        self.fields.update(questions_form.fields(self.picked))
        for field in self.questions if self.data.get("into") else ():
            field.field.required = False  # followed together: the first one was asked

    @property
    def picked(self) -> str:
        """选定的小类: the resident's own choice; nobody is asked about a kind that we guessed."""
        return str(self.data.get("kind_other") or self.data.get("kind") or "")[:8]

    @property
    def questions(self) -> list[forms.BoundField]:
        """附加问题, as the page draws them apart."""
        return [self[name] for name in self.fields if name.startswith(questions_form.PREFIX)]

    def refuse(self, no: Refused) -> None:
        """写上拒绝: what is wrong with an answer stands at its question."""
        name = f"{questions_form.PREFIX}{no.field}"
        if no.code.startswith("answer_") and name in self.fields:
            self.add_error(name, no.sentence)
        else:
            super().refuse(no)

    def own_photos(self, actor: str) -> None:
        """只认本机照片: a picture named by its hash must be one that this device has sent."""
        names = [kept.sha256 for kept in self.kept]
        mine = Photo.objects.filter(sha256__in=names, uploaded_by=actor)
        held = set(mine.values_list("sha256", flat=True))
        self.kept = [kept for kept in self.kept if kept.sha256 in held]

    def problem(self, photos: list[Shown], follow: str) -> Problem:
        """问题, as the verb takes it. Refused names the field."""
        told = self.cleaned_data
        if not told["description"] and not photos:
            raise Refused(
                "nothing_told", _("请拍一张照片，或写一句是什么问题"), field="description"
            )
        kind = kinds.chosen(told["kind_other"] or told["kind"], told["description"])
        place = self._place(photos)
        return Problem(
            channel=Channel.PUBLIC,
            subcategory=kind,
            lon=place.lon,
            lat=place.lat,
            description=told["description"],
            address=told["address"],
            reporter=Reporter(told["reporter_name"], told["reporter_phone"]),
            photos=photos,
            follow=follow,
            details=self._answers(kind),
        )

    def _answers(self, kind: Subcategory) -> tuple[Answered, ...]:
        """附加回答; those to a kind that was guessed, or followed, need not be whole."""
        given = questions_form.given(self.cleaned_data)
        must = kind.key == self.picked and not self.cleaned_data["into"]
        asked = questions.of(kind.pk)
        return questions.answered([q for q in asked if must or q.code in given], given)

    def _place(self, photos: list[Shown]) -> _Place:
        """地点: what was tapped or measured, else what was written, else where the photo says."""
        told = self.cleaned_data
        if told["lon"] is not None and told["lat"] is not None:
            return _Place(*to_wgs84(told["lon"], told["lat"], told["crs"] or Crs.WGS84))
        if told["spot"] or told["address"]:
            return self._written(told["spot"], told["address"])
        for shown in photos:
            if isinstance(shown.photo, Photo) and shown.photo.position:
                lon, lat = shown.photo.position
                return _Place(float(lon), float(lat))
        message = _("请告诉我们在哪里：定位、在地图上点一下，或写地名（两个字起）")
        raise Refused("place_missing", message, field="address")

    def _written(self, code: str, words: str) -> _Place:
        found = areas.spots(locator(), words, 8) if words else []
        same = [one for one in found if code == one.code] if code else []
        same = same or [one for one in found if words in (one.name, f"{one.inside}{one.name}")]
        found = same if len(same) == 1 else found
        if not found:
            message = _("没有找到“%(words)s”，请写街道或社区的名字，例如“东方街道”")
            raise Refused("place_unknown", message % {"words": words[:40]}, field="address")
        if len(found) > 1:
            self.spots = found
            message = _("“%(words)s”有几处，请在下面选一处")
            raise Refused("place_many", message % {"words": words[:40]}, field="address")
        return _Place(found[0].lon, found[0].lat)


@dataclass(frozen=True, slots=True)
class _Place:
    """Degrees WGS-84."""

    lon: float
    lat: float


class AnswerForm(PhotosForm):
    """回访: is it really fixed? A no says what is not."""

    fixed = forms.ChoiceField(choices=(("yes", "yes"), ("no", "no")))
    reason = forms.CharField(required=False, max_length=rules.MOST_DESCRIPTION)
    photos_document = PhotosField(gettext_lazy("照片"))
