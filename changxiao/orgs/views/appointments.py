"""任命页: a post at a unit over an area from a day until a day; stand-ins 顶班; dismissal."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from changxiao.kernel.day import today
from changxiao.ledger.edits import answer
from changxiao.orgs import actions
from changxiao.orgs.models import Appointment
from changxiao.orgs.posts import Post
from changxiao.orgs.views.base import (
    DayField,
    OrgForm,
    PersonField,
    UnitField,
    posts_for,
    staff_of,
)
from changxiao.orgs.views.people import page

both = require_http_methods(["GET", "HEAD", "POST"])


class AppointForm(OrgForm):
    """任命表单."""

    post = forms.ChoiceField(label=gettext_lazy("岗位"), choices=Post.choices)
    unit = UnitField(
        label=gettext_lazy("单位"),
        required=False,
        help_text=gettext_lazy("岗位的权限及于这个单位和它的下级；不选即全部单位。"),
    )
    area_code = forms.RegexField(
        r"^[0-9A-Za-z-]*$",
        label=gettext_lazy("区划代码"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("区县6位、街道9位、社区12位；管全市则留空。"),
    )
    since = DayField(label=gettext_lazy("起始日期"))
    until = DayField(
        label=gettext_lazy("失效日期"),
        required=False,
        help_text=gettext_lazy("从这一天起不再任职；长期任职则留空。"),
    )
    stands_in_for = PersonField(
        label=gettext_lazy("顶班：替谁"),
        required=False,
        help_text=gettext_lazy("临时替班时填写，须写明失效日期；办理记录里两人的姓名都在。"),
    )


@both
def appoint(request: HttpRequest, username: str) -> HttpResponse:
    """任命岗位, by the security administrator."""
    staff, whole = staff_of(username), page(username)
    told = {"since": today(), "unit": staff.unit.code if staff.unit else ""}
    form = AppointForm(request.POST or None, initial=told, stream=whole.stream)
    shown = replace(
        whole,
        title=_("任命岗位 · %(name)s") % {"name": staff.name},
        posts=posts_for("appoint"),
        template="orgs/edit.html",
        more={"people": form.among(staff.unit) if staff.unit else []},
        do=lambda one, act: actions.appoint(
            staff,
            post=one.cleaned_data["post"],
            unit=one.cleaned_data["unit"],
            area_code=one.cleaned_data["area_code"],
            since=one.cleaned_data["since"],
            until=one.cleaned_data["until"],
            stands_in_for=one.cleaned_data["stands_in_for"],
            act=act,
        ),
        effects=lambda _old, _new: [_("到日子即生效，此人下一次打开页面时就有这个岗位。")],
    )
    return answer(request, form, shown)


@both
def dismiss(request: HttpRequest, username: str, pk: int) -> HttpResponse:
    """免去岗位: from now on."""
    staff, whole = staff_of(username), page(username)
    row = staff.appointments.select_related("unit").filter(pk=pk).first()
    if row is None:
        raise Http404
    shown = replace(
        whole,
        title=_("免去“%(post)s” · %(name)s") % {"post": _label(row), "name": staff.name},
        posts=posts_for("dismiss"),
        do=lambda _form, act: actions.dismiss(row, act=act),
        effects=lambda _old, _new: [_("此人下一次打开页面时就没有这个岗位了。")],
    )
    return answer(request, OrgForm(request.POST or None, stream=shown.stream), shown)


def _label(row: Appointment) -> str:
    label = str(Post(row.post).label)
    return f"{row.unit.name} {label}" if row.unit else label
