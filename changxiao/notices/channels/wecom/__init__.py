"""企业微信群机器人: text by the robot's address; 20 a minute, beyond that it waits."""

from __future__ import annotations

from functools import partial

from django.utils.translation import pgettext_lazy

from changxiao.notices.channels import robots
from changxiao.notices.channels.base import Address, Channel, Message, Side, nobody

BUSY = frozenset({-1, 45009, 45033})


def send(to: Address, message: Message) -> None:
    """发到群里."""
    url, _none = robots.secrets(to)
    told = {"msgtype": "text", "text": {"content": robots.words(message)}}
    robots.post(url, told, code="errcode", busy=BUSY)


CHANNEL = Channel(
    "wecom",
    pgettext_lazy("channel", "企业微信群"),
    frozenset({Side.GROUP}),
    partial(robots.off, "wecom"),
    nobody,
    send,
)
