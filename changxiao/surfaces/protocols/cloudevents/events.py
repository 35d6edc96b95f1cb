"""事件 events: CloudEvents 1.0.2 as HTTP carries them: binary, structured and batched mode.

Written here and not by an SDK: the binding is a page long, and every refusal is to name the
attribute. Their SDK is the client that the tests send with. No database.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import unquote

from django.utils.translation import gettext as _

from changxiao.kernel.api import check_text
from changxiao.kernel.refused import Refused

VERSION = "1.0"
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
MOST_EVENTS = 50
MOST_ATTRIBUTE = 400  # characters; the standard lets intermediaries cut what is longer
_JSON = re.compile(r"application/(json|[\w.-]+\+json)|text/json")
_QUOTED = re.compile(r"\\(.)")
REQUIRED = ("id", "source", "specversion", "type")


@dataclass(frozen=True, slots=True)
class Event:
    """一个事件: its context attributes and its data, read from JSON."""

    id: str
    source: str
    type: str
    data: Any
    subject: str = ""
    time: datetime | None = None
    told: Mapping[str, Any] = field(default_factory=dict)  # what its digest is made of


def read(headers: Mapping[str, str], body: bytes) -> tuple[list[Event], bool]:
    """读事件: those of one request, and whether they came as a batch.

    Refused names the attribute: `event_unreadable`, `type_unsupported`, `events_many`.
    """
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == BATCH:
        rows = _json(body)
        if not isinstance(rows, list):
            _no("", _("成批发送的正文须是事件的列表"))
        if len(rows) > MOST_EVENTS:
            message = _("一批最多%(most)d个事件，收到%(n)d个，请分批发送")
            told_many = {"most": MOST_EVENTS, "n": len(rows)}
            raise Refused("events_many", message % told_many, field="body")
        return [_structured(row) for row in rows], True
    if kind == STRUCTURED:
        return [_structured(_json(body))], False
    if kind.startswith("application/cloudevents"):
        message = _("格式“%(kind)s”不支持，请用 %(known)s，或二进制模式加 ce- 头")
        told = {"kind": kind[:60], "known": f"{STRUCTURED}、{BATCH}"}
        raise Refused("type_unsupported", message % told, field="Content-Type")
    return [_binary(headers, kind, body)], False


def _binary(headers: Mapping[str, str], kind: str, body: bytes) -> Event:
    told = {
        name[3:].lower(): _unescaped(value)
        for name, value in headers.items()
        if name.lower().startswith("ce-")
    }
    if "specversion" not in told:
        message = _("没有 CloudEvents 属性：请用 %(kind)s 发送，或带上 ce-specversion 等头")
        raise Refused("type_unsupported", message % {"kind": STRUCTURED}, field="Content-Type")
    check_text(told)
    return _event(told, _data(kind, body) if body else None)


def _unescaped(value: str) -> str:
    """HTTP binding §3.1.3.2: percent-encoded UTF-8, perhaps in double quotes."""
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        value = _QUOTED.sub(r"\1", value[1:-1])
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        _no("ce-", _("头的值须是百分号编码的 UTF-8"))


def _structured(row: Any) -> Event:
    if not isinstance(row, dict):
        _no("", _("事件须是 JSON 对象"))
    if "data" in row and "data_base64" in row:
        _no("data", _("data 和 data_base64 只能有一个"))
    data = row.get("data")
    if "data_base64" in row:
        kind = str(row.get("datacontenttype", "application/json")).partition(";")[0].strip()
        data = _data(kind.lower(), _decoded(row["data_base64"]))
    return _event({name: value for name, value in row.items() if name != "data_base64"}, data)


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        _no("data_base64", _("须是 base64"))


def _data(kind: str, body: bytes) -> Any:
    if kind and not _JSON.fullmatch(kind):
        message = _("数据格式“%(kind)s”不支持，请用 application/json")
        raise Refused("type_unsupported", message % {"kind": kind[:60]}, field="datacontenttype")
    return _json(body)


def _json(body: bytes) -> Any:
    try:
        found = json.loads(body, parse_constant=_constant)
    except (ValueError, RecursionError):
        _no("", _("不是可读的 JSON"))
    check_text(found)
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _event(told: Mapping[str, Any], data: Any) -> Event:
    named = {name: _text(told, name) for name in REQUIRED}
    for name in REQUIRED:
        if not named[name]:
            _no(name, _("必须填写"))
    if named["specversion"] != VERSION:
        message = _("CloudEvents 版本“%(version)s”不支持，请用 1.0")
        shown = {"version": named["specversion"][:20]}
        raise Refused("event_unreadable", message % shown, field="specversion")
    subject, time = _text(told, "subject"), _text(told, "time")
    kind = named["type"]
    return Event(
        id=named["id"],
        source=named["source"],
        type=kind,
        data=data,
        subject=subject,
        time=_moment(time),
        told={"type": kind, "subject": subject, "time": time, "data": data},
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if value is None:  # JSON format §2.2: null is the same as absent
        return ""
    if not isinstance(value, str) or len(value) > MOST_ATTRIBUTE:
        _no(name, _("须是文字，最多%(n)d字") % {"n": MOST_ATTRIBUTE})
    return value


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        good = found.tzinfo is not None and 1970 <= found.year <= 2200
    except (ValueError, OverflowError):
        good = False
    if not good:
        _no("time", _("请写成 2026-03-02T09:00:00+08:00 的样子"))
    return found


def _no(name: str, why: str) -> NoReturn:
    message = _("事件属性“%(name)s”不可用：%(why)s")
    told = {"name": name or _("正文"), "why": why}
    raise Refused("event_unreadable", message % told, field=name or "body")
