"""页面底座: what the pages of units and people share: rows or 404, who may edit, form fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Page
from changxiao.ledger.history import State
from changxiao.orgs import names, rules
from changxiao.orgs.models import Staff, Unit

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
LISTED = 300  # people offered while one types a name


@dataclass(frozen=True, slots=True)
class Kind:
    """可修改的一类: the page of a row by its key (404 without one), `put`, which sets a state of it
    again, and the verbs whose entries can be taken back."""

    page: Callable[[str], Page]
    put: Callable[[str, State | None, Act], object]
    undoable: frozenset[str]


def unit_of(code: str) -> Unit:
    """机构, by its code; 404 without one."""
    found = Unit.objects.select_related("parent", "oversight", "successor").filter(code=code)
    row = found.first()
    if row is None:
        raise Http404
    return row


def staff_of(username: str) -> Staff:
    """人员, by user name; 404 without one."""
    row = Staff.visible.select_related("unit").filter(username=username).first()
    if row is None:
        raise Http404
    found: Staff = row
    return found


def may(request: HttpRequest, *verbs: str) -> dict[str, bool]:
    """可办: which of the verbs a post of the reader may do; a button that may not is absent."""
    held = set(request.posts)  # type: ignore[attr-defined]
    return {verb: bool(held & rules.RIGHTS[verb].posts) for verb in verbs}


def posts_for(*verbs: str) -> frozenset[str]:
    """可办岗位 of any of the verbs."""
    return frozenset(post.value for verb in verbs for post in rules.RIGHTS[verb].posts)


def asked_day(request: HttpRequest) -> date:
    """哪一天: of the address bar (`day`), today without one; 404 for what is no day."""
    told = request.GET.get("day", "")
    return read_day(told) if told else today()


def read_day(text: str) -> date:
    """日期, as addresses have it; 404 for 31 February and for years beyond all plans."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= found < LATEST:
        raise Http404
    return found


def searched(request: HttpRequest) -> str:
    """搜索文字, short and storable."""
    return rules.plain(request.GET.get("q", "").replace("\x00", ""))[:60]


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """机构选择: living units in the order of the tree, indented."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("empty_label", gettext_lazy("（无）"))
        super().__init__(Unit.objects.none(), to_field_name="code", **more)

    def label_from_instance(self, obj: Any) -> str:
        return "　" * (str(obj.path).count(".") - 1) + str(obj.name)


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """几个机构: boxes in the order of the tree, indented."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            Unit.objects.none(),
            to_field_name="code",
            widget=forms.CheckboxSelectMultiple,
            **more,
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PersonField(forms.CharField):
    """人员: by name or user name, those of the unit first; the nearest is offered."""

    def __init__(self, **more: Any) -> None:
        self.among: Unit | None = None
        super().__init__(max_length=80, **more)
        self.widget.attrs |= {"list": "people", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        told = super().clean(value)
        if not told:
            return None
        try:
            return names.person(str(told), among=self.among)
        except Refused as no:
            raise forms.ValidationError(no.sentence) from None


class DayField(forms.DateField):
    """日期, between 1990 and 2099."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], **more)

    def clean(self, value: Any) -> Any:
        told = super().clean(value)
        if told is not None and not EARLIEST <= told < LATEST:
            message = _("日期%(day)s不在1990至2099年之间，请核对年份") % {"day": told}
            raise forms.ValidationError(message)
        return told


class OrgForm(EditForm):
    """机构与人员表单: fills its unit choices when it is made."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.queryset = Unit.objects.on(today()).order_by("path")

    def draft(self) -> dict[str, Any]:
        """内容, rows by their codes, for the digest of the act."""
        told = super().draft()
        return {name: _plain(value) for name, value in told.items()}

    def hidden(self) -> dict[str, Any]:
        """未显示的值 of a fresh form, for one that is filled from a file."""
        return {name: self[name].value() for name in ("key", "base_n")} | {"note": ""}

    def among(self, unit: Unit) -> list[str]:
        """就近取人: of this unit first; the names that are offered while one types."""
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.among = unit
        return people_near(unit)


def _plain(value: Any) -> Any:
    if isinstance(value, Unit):
        return value.code
    if isinstance(value, Staff):
        return value.username
    if isinstance(value, QuerySet):
        return [_plain(one) for one in value]
    return value


def people_near(unit: Unit) -> list[str]:
    """可选人员: of the unit and those below it; everybody where the unit has nobody."""
    rows = Staff.objects.filter(is_active=True).order_by("name")
    near = rows.filter(unit__path__startswith=unit.path)
    chosen: Iterable[str] = (near if near.exists() else rows).values_list("name", flat=True)
    return list(dict.fromkeys(chosen))[:LISTED]
