"""公众号接口 client: customer messages out, pictures in; the access token is the one that notices
keeps for the same account. One fixed host; nothing that a follower sends says where to ask."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from changxiao.kernel.home import folder
from changxiao.ledger.media.actions import MAX_BYTES
from changxiao.ledger.media.formats import sniff
from changxiao.notices import wire
from changxiao.notices.channels import wechat as shared
from changxiao.notices.channels.base import Failed
from changxiao.surfaces.protocols.wechat.accounts import Account

SECONDS = 20.0
MOST_TEXT = 600  # characters of one customer message
# The picture or the follower is gone, or 48 hours without a word have passed.
FOR_GOOD = frozenset({40003, 40007, 40130, 43004, 45015, 45047, 48001, 50002})


def say(ours: Account, openid: str, text: str) -> None:
    """客服消息. Raises Failed, for good where trying again is of no use."""
    told = {"touser": openid, "msgtype": "text", "text": {"content": text[:MOST_TEXT]}}
    body = json.dumps(told, ensure_ascii=False).encode()
    answer = _asked(ours, "/cgi-bin/message/custom/send", body, {})
    _must_be_ok(_code(answer.body), answer.body)


def picture(ours: Account, media_id: str) -> tuple[bytes, str]:
    """取图片: its bytes and their type. Raises Failed."""
    answer = _asked(ours, "/cgi-bin/media/get", None, {"media_id": media_id})
    kind = sniff(answer.body)
    if not kind:
        _must_be_ok(_code(answer.body) or -1, answer.body)
    return answer.body, kind


def _asked(ours: Account, path: str, body: bytes | None, query: dict[str, str]) -> wire.Answer:
    (folder("keys") / "notices").mkdir(mode=0o700, exist_ok=True)
    for fresh in (False, True):
        told = {"access_token": shared.token(dict(ours.asked), fresh=fresh), **query}
        target = wire.known(f"{ours.base}{path}?{urlencode(told)}")
        answer = wire.must_be_taken(
            wire.send(
                target,
                body,
                {"Content-Type": "application/json; charset=utf-8"} if body else {},
                method="POST" if body else "GET",
                timeout=SECONDS,
                most=MAX_BYTES,
            )
        )
        if _code(answer.body) not in shared.TOKEN_OVER:
            break
    return answer


def _code(body: bytes) -> int:
    """The errcode of an answer; 0 for what is no JSON object."""
    if not body.startswith(b"{"):
        return 0
    try:
        told: Any = json.loads(body)
        return int(told.get("errcode", 0))
    except (ValueError, TypeError, AttributeError):
        return -1


def _must_be_ok(code: int, body: bytes) -> None:
    if code:
        words = body[:120].decode("utf-8", "replace")
        raise Failed(_("微信答：%(words)s") % {"words": words}, for_good=code in FOR_GOOD)
