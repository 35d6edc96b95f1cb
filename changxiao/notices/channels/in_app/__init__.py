"""站内: the bell. A message is delivered with the transaction that makes it; nothing is sent."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import pgettext_lazy

from changxiao.notices.channels.base import Address, Channel, Message, Side


def off() -> str:
    """总是可用."""
    return ""


def reaches(staff: Collection[int]) -> set[int]:
    """全部人员."""
    return set(staff)


def send(_to: Address, _message: Message) -> None:
    """不必发送: its row is the delivery."""


CHANNEL = Channel(
    "in_app", pgettext_lazy("channel", "站内"), frozenset({Side.STAFF}), off, reaches, send
)
