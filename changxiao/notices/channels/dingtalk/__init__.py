"""钉钉群机器人: text, signed in the address where the robot has a secret (加签)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from functools import partial
from urllib.parse import quote_plus

from django.utils.translation import pgettext_lazy

from changxiao.notices.channels import robots
from changxiao.notices.channels.base import Address, Channel, Message, Side, nobody

BUSY = frozenset({-1, 130101, 410100})


def signed(url: str, secret: str, millis: int) -> str:
    """加签: HMAC-SHA256 of "millis\\nsecret" under the secret, in base64, in the address."""
    if not secret:
        return url
    told = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote_plus(base64.b64encode(told))
    return f"{url}{'&' if '?' in url else '?'}timestamp={millis}&sign={sign}"


def send(to: Address, message: Message) -> None:
    """发到群里."""
    url, secret = robots.secrets(to)
    told = {"msgtype": "text", "text": {"content": robots.words(message)}}
    url = signed(url, secret, int(time.time() * 1000))
    robots.post(url, told, code="errcode", busy=BUSY)


CHANNEL = Channel(
    "dingtalk",
    pgettext_lazy("channel", "钉钉群"),
    frozenset({Side.GROUP}),
    partial(robots.off, "dingtalk"),
    nobody,
    send,
)
