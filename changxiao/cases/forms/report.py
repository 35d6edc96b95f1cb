"""上报表单: what, where and by whom; coordinates, a grid or a component tell the place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.areas.models import DutyGrid, UnitGrid
from changxiao.assets.models import Component
from changxiao.cases import on_spot, rules, subjects, verbs
from changxiao.cases.actions import Calling, Problem, Reporter, Shown
from changxiao.cases.forms import calling
from changxiao.cases.forms import questions as questions_form
from changxiao.cases.forms.acting import PhotosForm
from changxiao.cases.forms.fields import PHOTOS, PhotosField, photo_title
from changxiao.cases.forms.halfwidth import HalfWidthField, HalfWidthNumber, PhoneField
from changxiao.cases.models import CasePhoto, Channel
from changxiao.cases.suggesting.offering import unpacked
from changxiao.catalog import questions
from changxiao.catalog.questions import Answered
from changxiao.kernel.geo import Crs, Point, to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post

OWN = {
    Post.COLLECTOR: Channel.COLLECTOR,
    Post.INSPECTOR: Channel.INSPECTION,
    Post.LEADER: Channel.LEADER,
}
DESKS = frozenset({Post.INTAKE, Post.SHIFT_LEADER, Post.CENTER_DIRECTOR})
# The telephone first: who types this form has somebody on the line.
AT_A_DESK = (
    *(Channel.HOTLINE, Channel.PUBLIC, Channel.LETTER, Channel.UPPER),
    *(Channel.MEDIA, Channel.VIDEO),
)
CRS = (
    (Crs.WGS84.value, gettext_lazy("GPS / 天地图（WGS-84）")),
    (Crs.GCJ02.value, gettext_lazy("高德、腾讯（GCJ-02）")),
    (Crs.BD09.value, gettext_lazy("百度（BD-09）")),
)


COMBO = {
    "role": "combobox",
    "aria-controls": "place-list",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "autocomplete": "off",
}


class ReportForm(PhotosForm):
    """上报表单."""

    channel = forms.ChoiceField(label=gettext_lazy("来源"))
    subcategory = forms.ChoiceField(label=gettext_lazy("小类"))
    criterion = forms.ChoiceField(label=gettext_lazy("立案标准"), required=False)
    description = forms.CharField(
        label=gettext_lazy("问题描述"),
        max_length=rules.MOST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    address = forms.CharField(
        label=gettext_lazy("地点"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=COMBO),
        help_text=gettext_lazy("街道、社区、路名、网格或部件代码，两个字起；选一个即定位。"),
    )
    lon = HalfWidthNumber(label=gettext_lazy("经度"), required=False)
    lat = HalfWidthNumber(label=gettext_lazy("纬度"), required=False)
    crs = forms.ChoiceField(label=gettext_lazy("坐标来自"), choices=CRS)
    grid = HalfWidthField(
        label=gettext_lazy("网格代码"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("没有坐标时，以网格的中心为准。"),
    )
    component = HalfWidthField(
        label=gettext_lazy("部件代码"),
        required=False,
        max_length=16,
        help_text=gettext_lazy("16 位；没有坐标时，以部件的位置为准。"),
    )
    reporter_name = forms.CharField(label=gettext_lazy("来电人姓名"), required=False, max_length=64)
    reporter_phone = PhoneField(
        label=gettext_lazy("来电人电话"), required=False, max_length=32, help_text=calling.PRIVATE
    )

    # Named by the button 并入 beside a like case, never typed.
    into = HalfWidthField(required=False, max_length=16)

    def __init__(
        self, posts: Collection[str], data: Any = None, files: Any = None, **more: Any
    ) -> None:
        super().__init__(data, files, **more)
        self._choose("channel", [(c.value, c.label) for c in channels(posts)])
        self._choose("subcategory", [("", _("请选择")), *subjects.choices()])
        chosen = str(self.data.get("subcategory", ""))
        self._choose("criterion", criterion_choices(chosen))
        self.fields.update(questions_form.fields(chosen))
        if self.data.get("into"):  # joined to what is known: nothing need be asked
            for field in self.questions:
                field.field.required = False
        self.fields["subcategory"].widget.attrs.update(
            {
                "hx-get": reverse("case_criteria"),
                "hx-trigger": "change",
                "hx-target": "#id_criterion",
            }
        )
        self.fields["reporter_phone"].widget.attrs["inputmode"] = "tel"
        for name in ("reporter_name", "reporter_phone"):
            self.fields[name].widget.attrs["data-private"] = ""
        self.fields |= calling.asks()
        roles = PHOTOS["report"]
        if Post.COLLECTOR in posts and on_spot.kinds():
            roles = (CasePhoto.Role.BEFORE, CasePhoto.Role.AFTER, *roles[1:])
            self.fields["on_spot"] = forms.BooleanField(
                label=_("我已当场处置好（自处置）"), required=False, help_text=on_spot.told()
            )
        for role in roles:
            self.fields[f"photos_{role}"] = PhotosField(photo_title(role))

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def problem(self, photos: list[Shown]) -> Problem:
        """问题: as the verb takes it. Refused names the field that cannot be read."""
        told = self.cleaned_data
        (lon, lat), component = place_told(told)
        asked = Calling(told["anonymous"], told["wants_callback"])
        rang = told["channel"] == Channel.HOTLINE or asked != Calling()
        return Problem(
            channel=told["channel"],
            subcategory=verbs.subcategory(told["subcategory"]),
            criterion=verbs.criterion(told["criterion"]),
            component=component,
            lon=lon,
            lat=lat,
            description=told["description"],
            address=told["address"],
            reporter=Reporter(told["reporter_name"], told["reporter_phone"]),
            photos=photos,
            call=asked if rang else None,
            offered=unpacked(self.shown),
            details=self._answers(told),
        )

    def _answers(self, told: Mapping[str, Any]) -> tuple[Answered, ...]:
        """附加回答; a call that is joined to a known case need answer none of them."""
        row, given = verbs.subcategory(told["subcategory"]), questions_form.given(told)
        asked = questions.of(row.pk)
        return questions.answered([q for q in asked if not told["into"] or q.code in given], given)

    def refuse(self, no: Refused) -> None:
        """写上拒绝: what is wrong with an answer stands at its question."""
        name = f"{questions_form.PREFIX}{no.field}"
        if no.code.startswith("answer_") and name in self.fields:
            self.add_error(name, no.sentence)
        else:
            super().refuse(no)

    @property
    def questions(self) -> list[forms.BoundField]:
        """附加问题, as the page draws them apart."""
        return [self[name] for name in self.fields if name.startswith(questions_form.PREFIX)]


def place_told(told: Mapping[str, Any]) -> tuple[Point, Component | None]:
    """位置: by coordinates, else by the component, else by the middle of the grid; the component
    that was named. Refused names the field that is missing or unknown."""
    component = verbs.component(told["component"])
    if told["lon"] is not None and told["lat"] is not None:
        return to_wgs84(told["lon"], told["lat"], told["crs"]), component
    if told["lon"] is not None or told["lat"] is not None:
        missing = "lat" if told["lat"] is None else "lon"
        raise Refused("place_half", _("经度和纬度须一起填写"), field=missing)
    if component is not None:
        return Point(component.lon, component.lat), component
    if told["grid"]:
        return _centre(told["grid"].upper()), component
    sentence = _("请填写位置：地点选一个、地图点一下，或填网格代码、部件代码")
    raise Refused("place_missing", sentence, field="address")


def channels(posts: Collection[str]) -> list[Channel]:
    """可选来源: what a post finds by itself first, then what a desk takes from others."""
    own = [channel for post, channel in OWN.items() if post in posts]
    desk = list(AT_A_DESK) if DESKS & set(posts) else []
    return [*desk, *own] or [Channel.COLLECTOR]


def criterion_choices(key: str) -> list[tuple[str, str]]:
    """立案标准选项 of a sub-category; it may stay open until the case is accepted."""
    return [("", _("受理时再定")), *subjects.criterion_choices(key)]


def _centre(code: str) -> Point:
    found = UnitGrid.objects.filter(code=code).first() or DutyGrid.objects.filter(code=code).first()
    if found is None:
        message = _("没有代码为“%(code)s”的网格，请核对，或改填经度和纬度") % {"code": code[:24]}
        raise Refused("grid_unknown", message, field="grid")
    return Point((found.west + found.east) / 2, (found.south + found.north) / 2)
