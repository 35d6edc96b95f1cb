"""机构与人员导出: units with who answers for them; people with their posts, for administrators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from changxiao.kernel import scope
from changxiao.kernel.day import local_date, local_time
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet
from changxiao.orgs.models import Appointment, Staff, Unit, UnitRole
from changxiao.orgs.posts import Post

TAKES_PEOPLE = (Post.CITY_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR)


def units(_wanted: Mapping[str, str], now: datetime) -> Sheet:
    """单位表: the tree in force today with heads, deputies and liaisons."""
    day = local_date(now)
    roles: dict[int, list[str]] = {}
    for role in UnitRole.objects.on(day).select_related("staff").order_by("role", "line"):
        who = role.staff.name if role.staff else _("空缺")
        line = f"（{role.line}）" if role.line else ""
        roles.setdefault(role.unit_id, []).append(f"{role.get_role_display()}{line} {who}")

    def read(keys: Sequence[int]) -> Iterable[Row]:
        found = Unit.objects.select_related("parent").in_bulk(list(keys))
        for unit in (found[key] for key in keys if key in found):
            parent = unit.parent.name if unit.parent else ""
            kind = str(unit.get_kind_display())
            yield (
                unit.code,
                unit.name,
                kind,
                parent,
                unit.area_code,
                "；".join(roles.get(unit.pk, [])),
            )

    columns = [
        Column(_("代码"), 14),
        Column(_("名称"), 30),
        Column(_("类别"), 14),
        Column(_("上级"), 30),
        Column(_("区划代码"), 14),
        Column(_("责任人"), 50),
    ]
    keys = list(Unit.objects.on(day).order_by("path").values_list("pk", flat=True)[:MOST])
    return Sheet(_("单位"), _head(now), columns, keys, read)


def people(_wanted: Mapping[str, str], now: datetime) -> Sheet:
    """人员表: names, units and posts of today; no phone. For the administrators and the auditor."""
    if not scope.current().holds(*TAKES_PEOPLE):
        raise PermissionDenied
    day = local_date(now)
    posts: dict[int, list[str]] = {}
    for row in Appointment.objects.on(day).select_related("unit").order_by("id"):
        over = row.unit.name if row.unit else row.area_code or _("全市")
        posts.setdefault(row.staff_id, []).append(f"{Post(row.post).label}（{over}）")

    def read(keys: Sequence[int]) -> Iterable[Row]:
        found = Staff.visible.select_related("unit").in_bulk(list(keys))
        for one in (found[key] for key in keys if key in found):
            unit = one.unit.name if one.unit else ""
            active = _("是") if one.is_active else _("否")
            yield one.username, one.name, unit, active, "；".join(posts.get(one.pk, []))

    columns = [
        Column(_("用户名"), 18),
        Column(_("姓名"), 12),
        Column(_("单位"), 30),
        Column(_("在职"), 8),
        Column(_("岗位"), 50),
    ]
    keys = list(Staff.visible.order_by("username").values_list("pk", flat=True)[:MOST])
    return Sheet(_("人员"), _head(now), columns, keys, read)


def _head(now: datetime) -> str:
    words = _("导出时间 %(at)s。最多 %(most)s 行。")
    return words % {"at": f"{local_time(now):%Y-%m-%d %H:%M}", "most": MOST}
