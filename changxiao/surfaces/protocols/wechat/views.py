"""回调 views: GET proves the address, POST stores what came and answers with nothing, at once.

Whatever is wrong is 403 without a word of why; only a store that is away is 503, so that WeChat
asks again. Three tries with one MsgId are one message.
"""

from __future__ import annotations

import hmac
import logging
import re
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from changxiao.cases.chats import post
from changxiao.cases.chats.models import ChatMessage
from changxiao.kernel.home import secret
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.unavailable import translate
from changxiao.orgs import throttle
from changxiao.surfaces.protocols.meter import Meter
from changxiao.surfaces.protocols.throttled import TooMany, within
from changxiao.surfaces.protocols.wechat import reading, sealing
from changxiao.surfaces.protocols.wechat.accounts import Account, account

LOG = logging.getLogger(__name__)
METER = Meter("wechat")
CHANNEL = "wechat"
_ECHO = re.compile(r"[A-Za-z0-9_=+/.-]{1,200}")


@csrf_exempt
@login_not_required
def callback(request: HttpRequest, name: str) -> HttpResponse:
    """回调."""
    try:
        ours = account(name)
        if request.method == "GET":
            return _answer(_proved(request, ours))
        if request.method != "POST":
            answer = _answer("", 405)
            answer["Allow"] = "GET, POST"
            return answer
        _take(request, ours)
    except TooMany as busy:
        answer = _answer("", 429)
        answer["Retry-After"] = str(busy.seconds)
        return answer
    except Refused as no:
        LOG.warning("wechat %s: %s", name[:20], no.code)
        return _answer("", 404 if no.code.startswith("account_") else 403)
    except Exception as wrong:
        if translate(wrong) is None:
            raise
        return _answer("", 503)
    return _answer("")


def _answer(text: str, status: int = 200) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _proved(request: HttpRequest, ours: Account) -> str:
    asked = request.GET
    stamp, nonce = asked.get("timestamp", ""), asked.get("nonce", "")
    sealing.check(asked.get("signature", ""), ours.token, stamp, nonce)
    sealing.check_age(stamp, timezone.now().timestamp())
    echo = asked.get("echostr", "")
    if not _ECHO.fullmatch(echo):
        raise sealing.refused("echo_wrong")
    return echo


def _take(request: HttpRequest, ours: Account) -> None:
    now = timezone.now()
    within(METER, ours.name, now)
    asked = request.GET
    stamp, nonce = asked.get("timestamp", ""), asked.get("nonce", "")
    if asked.get("encrypt_type") != "aes":  # clear mode proves too little
        raise sealing.refused("clear_mode")
    body = request.read(reading.MOST + 1)
    envelope = reading.parsed(body).findtext("Encrypt") or ""
    sealing.check(asked.get("msg_signature", ""), ours.token, stamp, nonce, envelope)
    sealing.check_age(stamp, now.timestamp())
    raw = sealing.opened(envelope, ours.aes_key, ours.appid)
    told = reading.said(reading.parsed(raw))
    row = ChatMessage(
        key=told.key(ours.appid),
        way=ChatMessage.Way.IN,
        channel=CHANNEL,
        account=ours.name,
        sender=sender_of(ours, told.sender),
        raw=raw.decode("utf-8", "replace"),
        came_at=now,
        next_at=now,
    )
    with writing():
        if post.known(row.key):
            return  # their second and third try
        # A nonce serves once; counted with what it brought, so that a lost answer costs nothing.
        if not throttle.allow("wechat_nonce", f"{ours.name}/{stamp}/{nonce}", now):
            raise sealing.refused("nonce_used")
        post.keep(row)


def sender_of(ours: Account, openid: str) -> str:
    """发信人: a digest under a key of this home, so that the table names nobody."""
    told = f"{ours.appid}/{openid}".encode()
    return hmac.new(secret("chats"), told, sha256).hexdigest()
