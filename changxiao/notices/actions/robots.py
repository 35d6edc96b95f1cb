"""设定群机器人: which unit's group hears by which robot. Its address is a file, never a row."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.notices.editing import editing, record
from changxiao.notices.models_outside import Robot
from changxiao.orgs.models import Unit

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def set_robot(name: str, *, kind: str, unit: Unit, enabled: bool, act: Act) -> Robot:
    """设定群机器人. Refused `name_unreadable`, `kind_unknown`."""
    if not _NAME.fullmatch(name):
        message = _("名称“%(name)s”不可用：请用小写字母、数字和短横线，如 roads-group")
        raise Refused("name_unreadable", message % {"name": name[:40]}, field="name")
    if kind not in Robot.Kind.values:
        message = _("没有“%(kind)s”这种群机器人") % {"kind": kind[:20]}
        raise Refused("kind_unknown", message, field="kind")
    with editing(act) as at:
        row = Robot.objects.filter(name=name).select_related("unit").first()
        was = body_of(row) if row else None
        row = row or Robot(name=name)
        row.kind, row.unit, row.enabled = kind, unit, enabled
        if was == body_of(row):
            return row
        row.save()
        record(row.stream, "set_robot", act, at, {**body_of(row), "was": was})
    return row


def drop_robot(row: Robot, *, act: Act) -> None:
    """删除群机器人; what it was told is forgotten with it."""
    with editing(act) as at:
        was = body_of(row)
        if Robot.objects.filter(pk=row.pk).delete()[0]:
            record(row.stream, "drop_robot", act, at, {"was": was})


def body_of(row: Robot) -> dict[str, Any]:
    """机器人内容, as an entry holds it."""
    return {"kind": str(row.kind), "unit": row.unit.code, "enabled": row.enabled}
