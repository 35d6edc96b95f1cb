"""通知意愿 consenting: a follower asks to be told of his reports here, or no longer.

Template messages go out by the `notices` room, under the credentials of its own file; an openid is
of one account, so nothing is offered where that file names another.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from changxiao.cases import followed
from changxiao.cases.chats.models import Chat, ChatMessage
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.notices.actions import agree_wechat, withdraw_notice
from changxiao.notices.actions.consents import WECHAT
from changxiao.notices.channels import wechat
from changxiao.surfaces.protocols.wechat import words
from changxiao.surfaces.protocols.wechat.accounts import Account

if TYPE_CHECKING:
    from changxiao.surfaces.protocols.wechat.talking import Turn


def offered(ours: Account) -> bool:
    """可在此通知: whether template messages reach the followers of this account."""
    return wechat.appid() == ours.appid


def agreed(turn: Turn) -> str:
    """同意: of all his reports that are still in hand; what he is answered."""
    if not offered(turn.ours):
        return _("现在还不能在这里通知；把查询码发给我，随时可看办到哪一步。")
    chats = [chat for chat in _filed(turn.row) if chat.case and not chat.case.ended]
    if not chats:
        return _("您没有在办的上报，不用通知。")
    for chat in chats:
        assert chat.case is not None
        code = followed.code_of(f"wechat/{chat.key}")
        act = Act.system("wechat", _key(turn.row, chat, "tell"))
        try:
            agree_wechat(chat.case, openid=turn.said.sender, code=code, act=act)
        except (Refused, Replayed):
            continue  # he is told of it already, or has changed his mind too often
    numbers = "、".join(chat.case.number for chat in chats if chat.case)
    return _("好的，%(numbers)s 有进展就在这里告诉您；不想要了回复“别通知”。") % {
        "numbers": numbers
    }


def withdrawn(turn: Turn) -> str:
    """撤回, of all his reports."""
    for chat in _filed(turn.row):
        assert chat.case is not None
        act = Act.system("wechat", _key(turn.row, chat, "hush"))
        withdraw_notice(chat.case, channel=WECHAT, act=act)
    return _("好的，不再通知；发查询码仍可看进展。")


def _filed(row: ChatMessage) -> list[Chat]:
    chats = Chat.objects.filter(channel=row.channel, account=row.account, sender=row.sender)
    return list(
        chats.filter(case__isnull=False).select_related("case").order_by("-id")[: words.MOST_MINE]
    )


def _key(row: ChatMessage, chat: Chat, what: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{what}/{row.key}/{chat.key}"))


ORDERS: Mapping[str, Callable[[Turn], str]] = {"tell": agreed, "hush": withdrawn}
