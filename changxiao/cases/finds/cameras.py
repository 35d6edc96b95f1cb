"""摄像机的设定: which camera stands where, whose token speaks for it, what its classes mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.areas.locate import locator
from changxiao.cases.finds.models import Camera, Find
from changxiao.catalog import known
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import check_unmoved
from changxiao.orgs.models import Staff

CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")  # the 20 digits of GB/T 28181 among them
KIND = re.compile(r"[A-Za-z0-9_.-]{1,40}")
MOST_CLASSES = 60
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraDraft:
    """摄像机 as its form tells it; without a place it moves and sends one with each find."""

    name: str
    box: str
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True


def set_camera(code: str, draft: CameraDraft, *, act: Act) -> Camera:
    """设定摄像机. Refused `camera_code`, `box_unknown`, `subject_unknown`, `outside_city` and what
    else names the field that will not do."""
    with _editing(act) as at:
        told = _checked(code, draft)
        row = Camera.objects.filter(code=code).first()
        was = _told(row) if row else None
        if was == told:
            assert row is not None
            return row
        row = row or Camera(code=code)
        for name, value in told.items():
            setattr(row, name, value)
        row.save()
        _record(row, "set_camera", act, at, told=told, was=was)
    return row


def drop_camera(row: Camera, *, act: Act) -> None:
    """删除摄像机 that has found nothing yet; another one is switched off. Refused `camera_used`."""
    with _editing(act) as at:
        if Find.everything.filter(camera=row).exists():
            message = _("摄像机“%(camera)s”已有发现，不能删除；不再使用请改为停用")
            raise Refused("camera_used", message % {"camera": row.code})
        was = _told(row)
        if Camera.objects.filter(pk=row.pk).delete()[0]:
            _record(row, "drop_camera", act, at, told={}, was=was)


def _told(row: Camera) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in CameraDraft.__dataclass_fields__}
    return told | {name: _degrees(told[name]) for name in ("lon", "lat")}


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 7)


def _checked(code: str, draft: CameraDraft) -> dict[str, Any]:
    if not CODE.fullmatch(code):
        message = _("摄像机编号“%(code)s”不可用：请用1至40个字母、数字或 - _ .")
        raise Refused("camera_code", message % {"code": code[:60]}, field="code")
    if not draft.name.strip():
        raise Refused("name_missing", _("请填写摄像机名称，例如它看的路口"), field="name")
    if not Staff.objects.filter(username=draft.box, is_active=True).exists():
        message = _("没有设备账号“%(box)s”：请先用 changxiao token create 为它签发令牌")
        raise Refused("box_unknown", message % {"box": draft.box[:40]}, field="box")
    if (draft.lon is None) != (draft.lat is None):
        raise Refused("place_missing", _("经度和纬度要一起填；车载的都留空"), field="lon")
    if draft.lon is not None and draft.lat is not None:
        locator().at(draft.lon, draft.lat)
    told = asdict(draft) | {"classes": _classes(draft.classes), "name": draft.name.strip()}
    return told | {"lon": _degrees(draft.lon), "lat": _degrees(draft.lat)}


def _classes(told: Mapping[str, str]) -> dict[str, str]:
    if not told:
        message = _("请至少登记一个识别类别，例如 garbage e0110")
        raise Refused("classes_missing", message, field="classes")
    if len(told) > MOST_CLASSES:
        message = _("一台摄像机最多登记%(most)d个识别类别")
        raise Refused("classes_many", message % {"most": MOST_CLASSES}, field="classes")
    for kind, key in told.items():
        if not KIND.fullmatch(kind):
            message = _("识别类别“%(kind)s”不可用：请用1至40个字母、数字或 - _ .")
            raise Refused("class_unreadable", message % {"kind": kind[:40]}, field="classes")
        if known.by_key(key) is None:
            message = _(
                "识别类别“%(kind)s”对应的小类“%(key)s”不存在或已停用，请写 e0110 这样的代码"
            )
            told_ = {"kind": kind, "key": key[:20]}
            raise Refused("subject_unknown", message % told_, field="classes")
    return dict(sorted(told.items()))


@contextmanager
def _editing(act: Act) -> Iterator[datetime]:
    if act.post not in EDITORS and not act.actor.startswith("system:"):
        names = "、".join(str(post.label) for post in sorted(EDITORS))
        raise Refused("not_yours", _("设定摄像机须由%(posts)s办理") % {"posts": names})
    with writing():
        yield act.moment()


def _record(
    row: Camera, verb: str, act: Act, at: datetime, *, told: State, was: State | None
) -> None:
    check_unmoved(row.stream, act, who)
    body = {**_plain(told), "was": _plain(was) if was is not None else None}
    ledger.append(stream=row.stream, verb=verb, act=act, at=at, body=body)


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    # The log holds no floats (docs/ledger.md): degrees are written as they are read.
    return {
        name: f"{value:.7f}" if isinstance(value, float) else value for name, value in told.items()
    }
