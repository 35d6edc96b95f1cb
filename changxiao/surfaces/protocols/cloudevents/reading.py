"""译入 reading: the data of an event into what a camera saw; its schema is published from here."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from changxiao.cases.finds import rules
from changxiao.cases.finds.actions import Sighting
from changxiao.cases.finds.models import Camera
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.api import keyed_digest
from changxiao.kernel.geo import to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.formats import EXTENSIONS
from changxiao.ledger.media.models import Photo
from changxiao.surfaces.protocols.cloudevents.events import Event

TYPE = "cn.changxiao.camera.find.v1"
_HEX = r"^[0-9a-f]{64}$"


class PictureIn(BaseModel):
    """画面: the file itself in base64, or the hash of one sent before to media/{sha256}."""

    model_config = ConfigDict(extra="ignore")
    type: str = Field("", pattern=r"^(image/(jpeg|png|webp))?$")
    base64: str = Field("", max_length=21_000_000)
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")


class FindIn(BaseModel):
    """发现 as an event's data: what the software calls it, how sure it is, where and in which box
    of the picture. Fields that are not named here are left alone."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, title=TYPE)
    kind: str = Field(alias="class", min_length=1, max_length=40)
    camera: str = Field("", max_length=40)
    confidence: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    crs: str = Field("wgs84", max_length=12)
    box: list[float] = Field(default_factory=list, max_length=4)
    picture: PictureIn | None = None


def schema() -> dict[str, Any]:
    """数据格式 as JSON Schema 2020-12."""
    told = FindIn.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": TYPE, **told}


def find_of(event: Event) -> FindIn:
    """所述; Refused names the field."""
    if event.type != TYPE:
        message = _("事件类型“%(type)s”不认识，请用 %(known)s")
        told = {"type": event.type[:80], "known": TYPE}
        raise Refused("event_type_unknown", message % told, field="type")
    try:
        return FindIn.model_validate(event.data)
    except ValidationError as no:
        first = no.errors(include_url=False, include_input=False)[0]
        name = ".".join(["data", *(str(part) for part in first["loc"])])
        message = _("字段“%(field)s”不可用：%(why)s") % {"field": name, "why": first["msg"]}
        raise Refused("input_unreadable", message, field=name) from None


def camera_of(told: FindIn, event: Event, box: str) -> Camera:
    """摄像机 of this very box: the one that is named, else its only one."""
    code = told.camera or event.subject
    rows = Camera.objects.filter(box=box)
    found = list(rows.filter(code=code) if code else rows[:2])
    if len(found) != 1:
        message = _("设备账号“%(box)s”下没有摄像机“%(code)s”，请核对 data.camera 或去登记")
        told_ = {"box": box, "code": code[:40] or _("（未写编号）")}
        raise Refused("camera_unknown", message % told_, field="data.camera")
    return found[0]


def sighting_of(told: FindIn, camera: Camera) -> Sighting:
    """所见, its picture not stored yet. A fixed camera lends its place."""
    lon, lat = camera.lon, camera.lat
    if told.lon is not None and told.lat is not None:
        lon, lat = to_wgs84(told.lon, told.lat, told.crs)
    if lon is None or lat is None:
        message = _("摄像机“%(camera)s”没有固定位置，请在事件中带上 lon 和 lat")
        raise Refused("place_missing", message % {"camera": camera.code}, field="data.lon")
    return Sighting(camera=camera, kind=told.kind, lon=lon, lat=lat, confidence=told.confidence)


def framed(told: FindIn, photo: Photo | None) -> list[float]:
    """框 as shares of the picture."""
    size = (photo.width, photo.height) if photo and photo.width and photo.height else None
    return rules.framed(told.box, size)


def act_of(event: Event, box: str) -> Act:
    """办理动作: the key is the event's source and id, which the standard makes unique."""
    # The box's name too: no box can use up the keys of another.
    key = uuid.uuid5(NAMESPACE, f"cloudevents/{box}\n{event.source}\n{event.id}")
    return Act(
        actor=box,
        key=str(key),
        occurred_at=event.time,
        digest=keyed_digest("cloudevents", event.told),
    )


def picture_of(told: FindIn) -> tuple[bytes, str, str] | None:
    """画面 that came inside: bytes, type and a name of ours."""
    picture = told.picture
    if picture is None or not picture.base64:
        return None
    try:
        data = base64.b64decode(picture.base64, validate=True)
    except (binascii.Error, ValueError):
        message = _("字段“%(field)s”不可用：%(why)s")
        named = {"field": "data.picture.base64", "why": _("须是 base64")}
        raise Refused("input_unreadable", message % named, field=named["field"]) from None
    kind = picture.type or "image/jpeg"
    ending = next(one for one, known in EXTENSIONS.items() if known == kind)
    return data, kind, f"find.{ending}"
