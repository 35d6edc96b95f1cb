"""群机器人页: which unit's group hears by which robot, and whether its file is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import said
from changxiao.catalog.actions.base import who
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import Field, State
from changxiao.ledger.models import Entry
from changxiao.notices.access import SETTERS
from changxiao.notices.actions import drop_robot, set_robot
from changxiao.notices.actions.robots import body_of
from changxiao.notices.channels.base import kept
from changxiao.notices.models_outside import Robot
from changxiao.notices.views.base import for_setters, urls
from changxiao.orgs.models import Unit

METHODS = ["GET", "HEAD", "POST"]
FIELDS = (
    Field("kind", gettext_lazy("种类"), lambda v: str(dict(Robot.Kind.choices).get(v, v))),
    Field("unit", gettext_lazy("单位"), said.unit),
    Field("enabled", gettext_lazy("启用")),
)


class RobotForm(EditForm):
    """群机器人表单."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=40,
        help_text=gettext_lazy("小写字母、数字和短横线，如 roads-group；设定后不能改。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=Robot.Kind.choices)
    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    enabled = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
    field_order = ("name", "kind", "unit", "enabled", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        told: dict[str, Any] = self.fields
        rows = Unit.objects.on(today()).order_by("path").values_list("code", "name")
        told["unit"].choices = [(code, f"{name} {code}") for code, name in rows]


@require_safe
@for_setters
def robots(request: HttpRequest) -> HttpResponse:
    """群机器人."""
    rows = [
        {"row": row, "file": f"keys/notices/robot-{row.name}", "there": kept(f"robot-{row.name}")}
        for row in Robot.objects.select_related("unit")
    ]
    return render(request, "notices/robots.html", {"rows": rows})


@require_http_methods(METHODS)
@for_setters
def edit(request: HttpRequest, name: str = "") -> HttpResponse:
    """设定群机器人."""
    row = _robot(name) if name else None
    shown = page(name)
    told = {"name": row.name, **body_of(row)} if row else {"enabled": True}
    form = RobotForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["name"].disabled = row is not None
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_setters
def drop(request: HttpRequest, name: str) -> HttpResponse:
    """删除群机器人."""
    row = _robot(name)
    return confirming(request, page(name), lambda act: drop_robot(row, act=act))


def page(name: str) -> Page:
    """一个群机器人的页面; "" for a new one."""
    return Page(
        title=_("群机器人：%(name)s") % {"name": name} if name else _("新增群机器人"),
        back=reverse("notice_robots"),
        stream=f"robot:{name}" if name else "",
        fields=FIELDS,
        ends=frozenset({"drop_robot"}),
        posts=SETTERS,
        name_of=who,
        do=_set,
        effects=lambda _old, _new: [_("以后派给这个单位的消息按规则发到群里")],
        **(urls("robot", name) if name else {}),
    )


def _set(form: RobotForm, act: Act) -> Robot:
    told = form.cleaned_data
    if not form.fields["name"].disabled and Robot.objects.filter(name=told["name"]).exists():
        message = _("已有名称为“%(name)s”的群机器人，请换一个") % {"name": told["name"]}
        raise Refused("name_taken", message, field="name")
    unit = _unit(told["unit"])
    return set_robot(told["name"], kind=told["kind"], unit=unit, enabled=told["enabled"], act=act)


def _unit(code: str) -> Unit:
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Refused("unit_unknown", _("没有这个单位，请从列表中选择"), field="unit")
    return found


def _robot(name: str) -> Robot:
    row = Robot.objects.filter(name=name).select_related("unit").first()
    if row is None:
        raise Http404
    return row


def _put(name: str, state: State | None, act: Act) -> object:
    row = Robot.objects.filter(name=name).first()
    if state is None:
        if row is not None:
            drop_robot(row, act=act)
        return None
    unit = _unit(state["unit"])
    return set_robot(name, kind=state["kind"], unit=unit, enabled=state["enabled"], act=act)


def _page(name: str) -> Page:
    known = Robot.objects.filter(name=name).exists()
    if not known and not Entry.objects.filter(stream=f"robot:{name}").exists():
        raise Http404
    return page(name)


ROBOT_KIND = Kind(_page, _put)
