"""微信: template messages of the city's public account to residents who agreed, by a thin client.

`keys/notices/wechat.json` holds `appid`, `secret`, `template_id` and `fields` (the template's own
names for `title`, `text`, `number`, `time`). The token is the stable one, which several machines
may ask for; it is kept in the home until five minutes before its end.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from changxiao.kernel.home import folder
from changxiao.ledger.actions import reveal
from changxiao.notices import wire
from changxiao.notices.channels.base import Address, Channel, Failed, Message, Side, kept, nobody

FILE = "wechat.json"
BASE = "https://api.weixin.qq.com"
TOKEN_OVER = frozenset({40001, 40014, 42001})
AGAIN = frozenset({-1, 45009, 45011, 45047})  # busy, or too often today
EARLY = 300  # seconds
MOST_FIELD = 20  # a template's field takes this many signs
MOST_TEXT = 200


def off() -> str:
    """未开通的原因."""
    if not kept(FILE):
        return _("缺少文件 %(file)s：请写入公众号的 appid、secret、template_id") % {
            "file": f"keys/notices/{FILE}"
        }
    told = _read()
    if not all(isinstance(told.get(name), str) for name in ("appid", "secret", "template_id")):
        return _("文件 %(file)s 无法识别：须有 appid、secret、template_id") % {
            "file": f"keys/notices/{FILE}"
        }
    return ""


def appid() -> str:
    """公众号: whose followers it reaches; "" while it is off. An openid is of one account only."""
    return "" if off() else str(_read()["appid"])


def send(to: Address, message: Message) -> None:
    """发模板消息; a token that has ended meanwhile is asked for once more."""
    if why := off():
        raise Failed(why)
    openid = json.loads(reveal(to.contact) or "{}").get("openid")
    if not openid:
        raise Failed(_("没有可用的微信标识"), for_good=True)
    told = _read()
    body = {
        "touser": openid,
        "template_id": told["template_id"],
        "url": message.url,
        "data": _data(told, message),
        "client_msg_id": message.key[:32],
    }
    said = _asked(told, "/cgi-bin/message/template/send", body, token(told))
    if said.get("errcode") in TOKEN_OVER:
        said = _asked(told, "/cgi-bin/message/template/send", body, token(told, fresh=True))
    _must_be_ok(said)


def token(told: dict[str, Any], *, fresh: bool = False) -> str:
    """访问令牌 of the account: the kept one while it lasts, else a new one."""
    path = folder("keys") / "notices" / f"{_named(told)}.token"
    if not fresh:
        try:
            value, until = path.read_text(encoding="utf-8").split()
            if float(until) > time.time():
                return value
        except (OSError, ValueError):
            pass
    asked = {"grant_type": "client_credential", "appid": told["appid"], "secret": told["secret"]}
    asked["force_refresh"] = fresh
    said = wire.must_be_taken(
        wire.post_json(wire.known(_base(told) + "/cgi-bin/stable_token"), asked)
    ).json
    if "access_token" not in said:
        _must_be_ok({"errcode": -1, **said})
    value, ends = str(said["access_token"]), time.time() + int(said["expires_in"]) - EARLY
    draft = path.with_suffix(f".{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{value} {ends}")
    draft.replace(path)
    return value


def _named(told: dict[str, Any]) -> str:
    return "wechat-" + "".join(sign for sign in told["appid"] if sign.isalnum())[:40]


def _read() -> dict[str, Any]:
    try:
        told = json.loads(kept(FILE))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _base(told: dict[str, Any]) -> str:
    return str(told.get("base", BASE)).rstrip("/")


def _data(told: dict[str, Any], message: Message) -> dict[str, dict[str, str]]:
    fields = told.get("fields") or {"title": "thing1", "text": "thing2"}
    words = {"title": message.title[:MOST_FIELD], "text": message.text[:MOST_TEXT]}
    words["time"] = time.strftime("%Y-%m-%d %H:%M")
    return {name: {"value": words[ours]} for ours, name in fields.items() if ours in words}


def _asked(told: dict[str, Any], path: str, body: dict[str, Any], bearer: str) -> dict[str, Any]:
    url = f"{_base(told)}{path}?access_token={bearer}"
    return wire.must_be_taken(wire.post_json(wire.known(url), body)).json


def _must_be_ok(said: dict[str, Any]) -> None:
    code = said.get("errcode", -1)
    if code == 0:
        return
    words = str(said.get("errmsg", ""))[:120]
    message = _("微信答 %(code)s %(words)s") % {"code": code, "words": words}
    raise Failed(message, for_good=code not in AGAIN | TOKEN_OVER)


CHANNEL = Channel(
    "wechat", pgettext_lazy("channel", "微信"), frozenset({Side.RESIDENT}), off, nobody, send
)
