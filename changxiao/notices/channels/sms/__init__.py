"""短信: through whatever gateway the city has, told by a template in `keys/notices/sms.json`.

Vendors differ in every field, so the file says how the request looks: `url`, `headers`, `body` (a
JSON object, or `form` for a form) with the blanks `{phone}`, `{text}`, `{key}` in its texts, and in
`ok` where the answer says that it was taken (`{"field": "code", "value": "0"}`); `gone` lists
values that mean that trying again is of no use. See docs/notices.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from changxiao.ledger.actions import reveal
from changxiao.notices import wire
from changxiao.notices.channels.base import Address, Channel, Failed, Message, Side, kept
from changxiao.orgs.models import Staff

FILE = "sms.json"


def off() -> str:
    """未开通的原因."""
    written = kept(FILE)
    if not written:
        return _("缺少文件 %(file)s：请写明短信网关怎么发") % {"file": f"keys/notices/{FILE}"}
    try:
        _read(written)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _("文件 %(file)s 无法识别：须有 url，以及 body 或 form") % {
            "file": f"keys/notices/{FILE}"
        }
    return ""


def reaches(staff: Collection[int]) -> set[int]:
    """登记了电话的人."""
    rows = Staff.objects.filter(pk__in=staff, is_active=True).exclude(phone="")
    return set(rows.values_list("pk", flat=True))


def send(to: Address, message: Message) -> None:
    """发短信."""
    if why := off():
        raise Failed(why)
    told = _read(kept(FILE))
    text = " ".join(part for part in (message.text, message.url) if part)
    words = {"phone": _phone(to), "text": text, "key": message.key[:32]}
    headers = {k: str(v) for k, v in told.get("headers", {}).items()}
    target = wire.known(_filled(told["url"], words))
    if "form" in told:
        body = urlencode(_filled(told["form"], words)).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        answer = wire.send(target, body, {**kind, **headers})
    else:
        answer = wire.post_json(target, _filled(told["body"], words), headers)
    _must_be_ok(wire.must_be_taken(answer), told)


def _read(written: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(written)
    if not told["url"].startswith(("https://", "http://")) or not ({"body", "form"} & set(told)):
        raise ValueError
    return told


def _phone(to: Address) -> str:
    if to.staff is not None:
        found = Staff.objects.filter(pk=to.staff).values_list("phone", flat=True).first()
    else:
        found = json.loads(reveal(to.contact) or "{}").get("phone")
    if not found:
        raise Failed(_("没有可用的手机号"), for_good=True)
    return str(found)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """填写 every text within; what is filled in is never read again."""
    if isinstance(value, Mapping):
        return {key: _filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    if not isinstance(value, str):
        return value
    parts = value.split("{")
    found = parts[0]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        found += words[name] + rest if brace and name in words else "{" + part
    return found


def _must_be_ok(answer: wire.Answer, told: Mapping[str, Any]) -> None:
    wanted = told.get("ok")
    if not wanted:
        return
    found: Any = answer.json
    for name in str(wanted["field"]).split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if str(found) == str(wanted["value"]):
        return
    said = " ".join(answer.body[:120].decode("utf-8", "replace").split())
    lasting = str(found) in {str(one) for one in told.get("gone", [])}
    raise Failed(_("短信网关答 %(words)s") % {"words": said}, for_good=lasting)


CHANNEL = Channel(
    "sms",
    pgettext_lazy("channel", "短信"),
    frozenset({Side.STAFF, Side.RESIDENT}),
    off,
    reaches,
    send,
)
