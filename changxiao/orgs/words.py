"""沿革的说法: what the entries of units and people hold, field by field, in words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.ledger.history import Field
from changxiao.orgs.models import DutyRoster, Unit, UnitRole
from changxiao.orgs.names import Names
from changxiao.orgs.posts import Post
from changxiao.orgs.rules import RIGHTS

TITLES = {right.verb: right.title for right in RIGHTS.values()}


def _choice(choices: Any) -> Callable[[Any], str]:
    known: dict[str, Any] = dict(choices)
    return lambda value: str(known.get(value, value or ""))


def _phone(commit: Any) -> str:
    # The number itself stands in no entry; which of two it was is told by its commitment.
    return _("号码（承诺值 %(commit)s）") % {"commit": str(commit)[:6]} if commit else ""


def _watch(text: str, names: Names) -> str:
    day, shift, username = text.split(" ", 2)
    label = DutyRoster.Shift(shift).label if shift in DutyRoster.Shift.values else shift
    return f"{day[5:]} {label} {names.person(username)}"


def _watches(names: Names) -> Callable[[Any], str]:
    return lambda told: "；".join(_watch(one, names) for one in told or ())


def _areas(names: Names) -> Callable[[Any], str]:
    return lambda codes: "、".join(names.area(code) for code in codes or ())


def _units(names: Names) -> Callable[[Any], str]:
    return lambda codes: "、".join(names.unit(code) for code in codes or ())


def _passed(names: Names) -> Callable[[Any], str]:
    def words(rows: Any) -> str:
        return "；".join(_one_passed(row, names) for row in rows or ())

    return words


def _one_passed(row: Mapping[str, Any], names: Names) -> str:
    kind = row.get("post") or row.get("role") or ""
    known = {**dict(Post.choices), **dict(UnitRole.Role.choices)}
    what = f"{names.unit(row.get('unit'))} {known.get(kind, kind)} {row.get('line', '')}".strip()
    return f"{what} → {names.person(row.get('to')) or _('空缺')}"


def fields(kind: str, names: Names) -> tuple[Field, ...]:
    """各字段 of one kind of stream ("unit", "staff", "role", "roster", "section")."""
    return _FIELDS[kind](names)


def _unit(names: Names) -> tuple[Field, ...]:
    return (
        Field("name", gettext_lazy("名称")),
        Field("kind", gettext_lazy("类别"), _choice(Unit.Kind.choices)),
        Field("parent", gettext_lazy("上级机构"), names.unit),
        Field("area", gettext_lazy("区域"), names.area),
        Field("window", gettext_lazy("作息"), _choice(Unit.WindowKind.choices)),
        Field("oversight", gettext_lazy("主管部门"), names.unit),
        Field("into", gettext_lazy("并入"), names.unit),
        Field("until", gettext_lazy("失效日期")),
    )


def _staff(names: Names) -> tuple[Field, ...]:
    return (
        Field("name", gettext_lazy("姓名")),
        Field("phone", gettext_lazy("电话"), _phone),
        Field("post", gettext_lazy("岗位"), _choice(Post.choices)),
        Field("unit", gettext_lazy("单位"), names.unit),
        Field("area", gettext_lazy("区域"), names.area),
        Field("since", gettext_lazy("起始日期")),
        Field("until", gettext_lazy("失效日期")),
        Field("stands_in_for", gettext_lazy("顶班"), names.person),
        Field("active", gettext_lazy("账号有效")),
        Field("appointments", gettext_lazy("移交岗位"), _passed(names)),
        Field("roles", gettext_lazy("移交责任"), _passed(names)),
        Field("shifts", gettext_lazy("移交班次")),
    )


def _role(names: Names) -> tuple[Field, ...]:
    return (
        Field("staff", gettext_lazy("责任人"), lambda one: names.person(one) or _("空缺")),
        Field("covers", gettext_lazy("分管单位"), _units(names)),
    )


def _roster(names: Names) -> tuple[Field, ...]:
    return (
        Field("monday", gettext_lazy("周一")),
        Field("watches", gettext_lazy("班次"), _watches(names)),
        Field("day", gettext_lazy("日期")),
        Field("shift", gettext_lazy("班次"), _choice(DutyRoster.Shift.choices)),
        Field("staff", gettext_lazy("人员"), names.person),
    )


def _section(names: Names) -> tuple[Field, ...]:
    return (
        Field("contractor", gettext_lazy("管养单位"), names.unit),
        Field("oversight", gettext_lazy("主管部门"), names.unit),
        Field("areas", gettext_lazy("区域"), _areas(names)),
        Field("work", gettext_lazy("管养内容")),
        Field("since", gettext_lazy("起始日期")),
        Field("until", gettext_lazy("失效日期")),
    )


def _people(_names: Names) -> tuple[Field, ...]:
    return (
        Field("hired", gettext_lazy("新入职（人）")),
        Field("changed", gettext_lazy("更新（人）")),
        Field("same", gettext_lazy("没有变化（人）")),
    )


_FIELDS: Mapping[str, Callable[[Names], tuple[Field, ...]]] = {
    "unit": _unit,
    "staff": _staff,
    "role": _role,
    "roster": _roster,
    "section": _section,
    "people": _people,
}
KINDS = tuple(_FIELDS)
