"""微信的清扫: messages in are worked, chats end in time, answers go out; safe to run twice."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import datetime

from django.utils import translation

from changxiao.cases.chats import post
from changxiao.cases.chats.models import Chat, ChatMessage
from changxiao.kernel.act import NAMESPACE
from changxiao.kernel.refused import Refused
from changxiao.kernel.unavailable import Unavailable
from changxiao.ledger.actions import reveal
from changxiao.notices.channels.base import Failed
from changxiao.surfaces.protocols.wechat import client, reading, talking
from changxiao.surfaces.protocols.wechat.accounts import Account, account
from changxiao.surfaces.protocols.wechat.views import CHANNEL

LOG = logging.getLogger(__name__)
Way = ChatMessage.Way


def sweep(now: datetime) -> int:
    """清扫: how much was done. One sender's trouble holds up nobody else."""
    with translation.override("zh-hans"):  # who follows an account reads the city's language
        worked = _incoming(now) + _ended(now)
        return worked + _outgoing(now)


def _incoming(now: datetime) -> int:
    rows = post.due(CHANNEL, Way.IN, now)
    for row in rows:
        try:
            ours = account(row.account)
            said = reading.said(reading.parsed(row.raw.encode()))
            answer = talking.heard(talking.Turn(ours, said, row, now))
        except Failed as no:
            post.again(row, str(no), now, for_good=no.for_good)
            continue
        except Unavailable:
            raise
        except Refused as no:
            post.again(row, no.code, now)
            continue
        except Exception as wrong:
            LOG.exception("wechat message %s", row.key)
            post.again(row, f"{type(wrong).__name__}: {wrong}", now)
            continue
        if answer:
            _say(f"re/{row.key}", row, json.dumps({"openid": said.sender}), answer, now)
        post.done(row)
    return len(rows)


def _ended(now: datetime) -> int:
    rows = list(Chat.objects.filter(state=Chat.State.OPEN, channel=CHANNEL, ends_at__lte=now)[:50])
    for chat in rows:
        try:
            answer, contact = talking.over(chat, account(chat.account), now)
        except Refused as no:
            LOG.warning("wechat chat %s: %s", chat.key, no.code)
            continue
        if answer:
            _say(f"end/{chat.key}", chat, reveal(contact) or "{}", answer, now)
    return len(rows)


def _say(name: str, to: ChatMessage | Chat, contact: str, text: str, now: datetime) -> None:
    told = json.loads(contact) | {"text": text}
    post.keep(
        ChatMessage(
            key=str(uuid.uuid5(NAMESPACE, f"wechat/out/{name}")),
            way=Way.OUT,
            channel=to.channel,
            account=to.account,
            sender=to.sender,
            raw=json.dumps(told, ensure_ascii=False),
            came_at=now,
            next_at=now,
        )
    )


def _outgoing(now: datetime) -> int:
    rows = post.due(CHANNEL, Way.OUT, now)
    for row in rows:
        told = json.loads(row.raw)
        try:
            _sent(account(row.account), told)
        except Failed as no:
            post.again(row, str(no), now, for_good=no.for_good)
        except Refused as no:
            post.again(row, no.code, now)
        else:
            post.done(row)
    return len(rows)


def _sent(ours: Account, told: dict[str, str]) -> None:
    if told.get("openid"):
        client.say(ours, told["openid"], told["text"])
