"""飞书群机器人: text, signed in the body where the robot has a secret (签名校验)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

from changxiao.notices.channels import robots
from changxiao.notices.channels.base import Address, Channel, Message, Side, nobody

BUSY = frozenset({-1, 9499, 11232})


def signature(secret: str, seconds: int) -> dict[str, Any]:
    """签名校验: HMAC-SHA256 of nothing under "seconds\\nsecret", in base64."""
    if not secret:
        return {}
    told = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(told).decode()}


def send(to: Address, message: Message) -> None:
    """发到群里."""
    url, secret = robots.secrets(to)
    told = {"msg_type": "text", "content": {"text": robots.words(message)}}
    told |= signature(secret, int(time.time()))
    robots.post(url, told, code="code", busy=BUSY)


CHANNEL = Channel(
    "feishu",
    pgettext_lazy("channel", "飞书群"),
    frozenset({Side.GROUP}),
    partial(robots.off, "feishu"),
    nobody,
    send,
)
