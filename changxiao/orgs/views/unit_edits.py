"""机构的修改: found, edit, merge, end and reopen a unit; its seats; its contract sections."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import Page, answer
from changxiao.ledger.history import State
from changxiao.orgs import actions, words
from changxiao.orgs.access import name_of
from changxiao.orgs.actions.roles import seat
from changxiao.orgs.models import Staff, Unit, UnitRole
from changxiao.orgs.names import Names
from changxiao.orgs.views.base import (
    Kind,
    OrgForm,
    PersonField,
    UnitField,
    UnitsField,
    posts_for,
    unit_of,
)

both = require_http_methods(["GET", "HEAD", "POST"])


class UnitForm(OrgForm):
    """机构表单."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=Unit.Kind.choices)
    parent = UnitField(label=gettext_lazy("上级机构"), required=False)
    area_code = forms.RegexField(
        r"^[0-9A-Za-z-]*$",
        label=gettext_lazy("区划代码"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("区县6位、街道9位、社区12位；管全市则留空。"),
    )
    window_kind = forms.ChoiceField(label=gettext_lazy("作息"), choices=Unit.WindowKind.choices)
    oversight = UnitField(label=gettext_lazy("主管部门"), required=False)

    field_order = ("code", "name", "kind", "parent", "area_code", "window_kind", "oversight")


class NewUnitForm(UnitForm):
    """设立机构表单."""

    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=32,
        help_text=gettext_lazy("字母、数字和连字符；设立后不再改变。"),
    )


class MergeForm(OrgForm):
    """合并表单."""

    into = UnitField(
        label=gettext_lazy("并入"),
        help_text=gettext_lazy("人员、任职、下级机构、标段和班次都转到这个机构。"),
    )


class SeatForm(OrgForm):
    """责任席位表单; nobody named is a vacancy that shows."""

    staff = PersonField(
        label=gettext_lazy("责任人"),
        required=False,
        help_text=gettext_lazy("填姓名或用户名；留空即登记空缺。"),
    )


class DeputyForm(SeatForm):
    """分管领导席位: with the units below that the line is made of."""

    covers = UnitsField(
        label=gettext_lazy("分管单位"),
        required=False,
        help_text=gettext_lazy(
            "勾选的下级机构由这条线负责，其余由一把手负责；都不勾，这条线管全单位。"
        ),
    )

    def __init__(self, *args: Any, unit: Unit, **more: Any) -> None:
        super().__init__(*args, **more)
        below = Unit.objects.on(today()).filter(path__startswith=unit.path).exclude(pk=unit.pk)
        covers = self.fields["covers"]
        assert isinstance(covers, UnitsField)
        covers.queryset = below.order_by("path")
        if not below.exists():
            del self.fields["covers"]


class LineForm(DeputyForm):
    """增设分管线."""

    line = forms.CharField(label=gettext_lazy("分管线"), max_length=60)
    field_order = ("line", "staff", "covers")


def page(code: str) -> Page:
    """机构的修改页."""
    unit = unit_of(code)
    return Page(
        title=unit.name,
        back=reverse("unit", args=[code]),
        history=reverse("orgs_history", args=["unit", code]),
        stream=unit.stream,
        fields=words.fields("unit", Names()),
        posts=posts_for("edit_unit"),
        ends=frozenset({"end_unit"}),
        name_of=name_of,
        do=lambda form, act: actions.edit_unit(unit, act=act, **_columns(form)),
        effects=lambda _old, _new: [
            _("从确认之时起生效；更名前的日子仍用旧名。"),
            _("在办案卷仍由原机构承办，移动上级时下级机构一起移动。"),
        ],
    )


def _columns(form: UnitForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in UnitForm.base_fields if name in COLUMNS}


COLUMNS = ("name", "kind", "parent", "area_code", "window_kind", "oversight")


def put(code: str, state: State | None, act: Act) -> object:
    """恢复机构的某一状态; None: it was not there, so it ends."""
    unit = unit_of(code)
    if state is None:
        return actions.end_unit(unit, act=act)
    if unit.until_date is not None:
        return actions.reopen_unit(unit, act=act)
    found = {row.code: row for row in Unit.objects.all()}
    return actions.edit_unit(
        unit,
        act=act,
        name=state["name"],
        kind=state["kind"],
        parent=found.get(state["parent"]),
        area_code=state["area"],
        window_kind=state["window"],
        oversight=found.get(state["oversight"]),
    )


UNDOABLE = frozenset({"create_unit", "edit_unit", "rename_unit", "end_unit", "reopen_unit"})
KIND = Kind(page, put, UNDOABLE)


@both
def create(request: HttpRequest) -> HttpResponse:
    """设立机构, below the unit of `?parent=` where one is named."""
    parent = request.GET.get("parent", "")
    form = NewUnitForm(request.POST or None, initial={"parent": parent})
    shown = Page(
        title=_("设立机构"),
        back=reverse("unit", args=[parent]) if parent else reverse("units"),
        stream=f"unit:{form.data.get('code', '')}",
        fields=words.fields("unit", Names()),
        posts=posts_for("create_unit"),
        name_of=name_of,
        do=lambda one, act: actions.create_unit(
            code=one.cleaned_data["code"], act=act, **_columns(one)
        ),
        effects=lambda _old, _new: [_("从今天起设立；可以向它派遣、排班和任命。")],
    )
    return answer(request, form, shown)


@both
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """修改机构: name, kind, place in the tree, area, working windows, oversight."""
    unit, shown = unit_of(code), page(code)
    told = {name: getattr(unit, name) for name in COLUMNS}
    told |= {name: told[name].code if told[name] else "" for name in ("parent", "oversight")}
    return answer(request, UnitForm(request.POST or None, initial=told, stream=shown.stream), shown)


@both
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """合并机构: this one ends today, and all it had goes to another."""
    unit, whole = unit_of(code), page(code)
    form = MergeForm(request.POST or None)
    into = form.fields["into"]
    assert isinstance(into, UnitField)
    into.queryset = Unit.objects.on(today()).exclude(pk=unit.pk).order_by("path")
    shown = Page(
        title=_("合并“%(unit)s”") % {"unit": unit.name},
        back=whole.back,
        stream=unit.stream,
        fields=(),
        posts=posts_for("merge_units"),
        name_of=name_of,
        do=lambda one, act: actions.merge_units(
            [unit], into=one.cleaned_data["into"], act=replace(act, base_n=None)
        ),
        effects=lambda _old, _new: _moves(unit),
    )
    return answer(request, form, shown)


def _moves(unit: Unit) -> list[str]:
    counts = (
        (_("人员%(n)d名"), unit.staff.count()),
        (_("任职%(n)d项"), unit.appointments.filter(until_date=None).count()),
        (_("下级机构%(n)d个"), unit.children.filter(until_date=None).count()),
        (_("标段%(n)d个"), unit.sections.filter(until_date=None).count()),
        (_("责任席位%(n)d个（随机构终止）"), unit.roles.filter(until_date=None).count()),
    )
    moved = [text % {"n": n} for text, n in counts if n]
    return [
        _("“%(unit)s”今天撤销，由所选机构承接。") % {"unit": unit.name},
        _("随之移动：%(list)s") % {"list": "、".join(moved) or _("没有")},
        _("案卷上仍写当时的名称；合并不能撤销。"),
    ]


@both
def end(request: HttpRequest, code: str) -> HttpResponse:
    """撤销机构, once nobody and nothing is left in it."""
    unit, whole = unit_of(code), page(code)
    shown = Page(
        title=_("撤销“%(unit)s”") % {"unit": unit.name},
        back=whole.back,
        stream=unit.stream,
        fields=whole.fields,
        ends=whole.ends,
        posts=posts_for("end_unit"),
        name_of=name_of,
        do=lambda _form, act: actions.end_unit(unit, act=act),
        effects=lambda _old, _new: [_("今天起撤销，名称和经办的案卷都保留；可以恢复。")],
    )
    return answer(request, OrgForm(request.POST or None, stream=shown.stream), shown)


def seat_page(key: str) -> Page:
    """某一席位的修改页; `key` is CODE/ROLE/LINE."""
    unit, role, line = _seat(key)
    label = UnitRole.Role(role).label
    title = f"{unit.name} {label}" + (f"（{line}）" if line else "")
    return Page(
        title=title,
        back=reverse("unit", args=[unit.code]),
        history=reverse("orgs_history", args=["role", key]),
        stream=seat(unit, role, line),
        fields=words.fields("role", Names()),
        posts=posts_for("set_role"),
        ends=frozenset({"end_role"}),
        name_of=name_of,
        do=lambda form, act: actions.set_role(
            unit,
            role=role,
            line=line,
            staff=form.cleaned_data["staff"],
            covers=form.cleaned_data.get("covers"),
            act=act,
        ),
        template="orgs/edit.html",
        effects=lambda _old, _new: [_("从今天起；前任的任期到今天为止，留在沿革里。")],
    )


def _seat(key: str) -> tuple[Unit, str, str]:
    code, _slash, rest = key.partition("/")
    role, _slash, line = rest.partition("/")
    if role not in UnitRole.Role.values:
        raise Http404
    return unit_of(code), role, line


def put_seat(key: str, state: State | None, act: Act) -> object:
    """恢复席位: whoever sat there; None: the seat was not there."""
    unit, role, line = _seat(key)
    if state is None:
        return actions.end_role(unit, role=role, line=line, act=act)
    staff = Staff.objects.filter(username=state["staff"]).first() if state["staff"] else None
    # An entry of before lines named units says nothing of them: they stay as they are.
    covers = list(Unit.objects.filter(code__in=state["covers"])) if "covers" in state else None
    return actions.set_role(unit, role=role, line=line, staff=staff, covers=covers, act=act)


SEAT = Kind(seat_page, put_seat, frozenset({"set_role", "end_role"}))


@both
def role(request: HttpRequest, key: str) -> HttpResponse:
    """确定责任人 of one seat."""
    shown = seat_page(key)
    unit, name, line = _seat(key)
    held = unit.roles.filter(role=name, line=line, until_date=None).select_related("staff").first()
    told: dict[str, Any] = {"staff": held.staff.username if held and held.staff else ""}
    told["covers"] = [one.code for one in held.covers.all()] if held else []
    form: SeatForm = (
        DeputyForm(request.POST or None, initial=told, stream=shown.stream, unit=unit)
        if name == UnitRole.Role.DEPUTY
        else SeatForm(request.POST or None, initial=told, stream=shown.stream)
    )
    shown.more["people"] = form.among(unit)
    if held is not None:
        shown.more["ends_url"] = reverse("unit_role_end", args=[key])
    return answer(request, form, shown)


@both
def role_end(request: HttpRequest, key: str) -> HttpResponse:
    """取消责任设置: a line that nobody need answer for any more."""
    whole = seat_page(key)
    unit, name, line = _seat(key)
    shown = Page(
        title=_("取消 %(seat)s") % {"seat": whole.title},
        back=whole.back,
        stream=whole.stream,
        fields=whole.fields,
        ends=whole.ends,
        posts=posts_for("end_role"),
        name_of=name_of,
        do=lambda _form, act: actions.end_role(unit, role=name, line=line, act=act),
        effects=lambda _old, _new: [_("以后不再显示这一席位，也不算空缺；可以恢复。")],
    )
    return answer(request, OrgForm(request.POST or None, stream=shown.stream), shown)


@both
def line(request: HttpRequest, code: str) -> HttpResponse:
    """增设分管线: a deputy's line of work."""
    unit = unit_of(code)
    form = LineForm(request.POST or None, unit=unit)
    wanted = form.data.get("line", "").strip()

    def do(one: Any, act: Act) -> object:
        told = one.cleaned_data
        if unit.roles.filter(role="deputy", line=told["line"], until_date=None).exists():
            message = _("“%(unit)s”已有分管线“%(line)s”")
            values = {"unit": unit.name, "line": told["line"]}
            raise Refused("line_taken", message % values, field="line")
        return actions.set_role(
            unit,
            role="deputy",
            line=told["line"],
            staff=told["staff"],
            covers=told.get("covers"),
            act=replace(act, base_n=None),
        )

    shown = Page(
        title=_("%(unit)s：增设分管领导") % {"unit": unit.name},
        back=reverse("unit", args=[code]),
        stream=seat(unit, "deputy", wanted),
        fields=words.fields("role", Names()),
        posts=posts_for("set_role"),
        name_of=name_of,
        do=do,
        template="orgs/edit.html",
        more={"people": form.among(unit)},
    )
    return answer(request, form, shown)
