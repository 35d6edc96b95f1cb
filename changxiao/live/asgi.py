"""即时更新入口: GET /live/?ticket=…&after=… answers server-sent events, five minutes at a time.

uvicorn and a plain app carry 10,000 listeners a process; streaming through Django lost a third of
the events at that number, and granian held back near a thousand.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
django.setup()

from changxiao.cases import live  # noqa: E402
from changxiao.live.hub import Hub  # noqa: E402

HEARTBEAT, LIFETIME = 15.0, 300.0  # seconds; a new ticket brings the rights of its own moment
LISTENERS = 5_000
# The page comes from another port; what lets in is the ticket, never a cookie.
ANYONE = (b"access-control-allow-origin", b"*")
STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    ANYONE,
]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
HUB = Hub()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """ASGI 入口."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    looking = asyncio.create_task(HUB.run())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    looking.cancel()
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(scope: Message, receive: Receive, send: Send) -> None:
    told = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if scope["method"] != "GET" or not scope["path"].rstrip("/").endswith("/live"):
        return await _refuse(send, 404)
    if len(HUB.listeners) >= LISTENERS:
        return await _refuse(send, 503)
    viewer = await HUB.ask(live.bearer, told.get("ticket", ""))
    if viewer is None:
        return await _refuse(send, 403)
    listener = await HUB.join(viewer, _place(told.get("after", "")))
    leaving = asyncio.create_task(_left(receive))
    leaving.add_done_callback(lambda _done: HUB.listeners.pop(listener, None))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM})
        # First where we stand, so that whoever loses us at once can ask on from here.
        await _say(send, f"retry: 5000\nevent: hello\nid: {HUB.position}\ndata: {{}}\n\n".encode())
        until = asyncio.get_running_loop().time() + LIFETIME
        while listener in HUB.listeners and asyncio.get_running_loop().time() < until:
            try:
                await _say(send, await asyncio.wait_for(listener.get(), HEARTBEAT))
            except TimeoutError:
                await _say(send, b"event: beat\ndata: {}\n\n")
    finally:
        leaving.cancel()
        HUB.listeners.pop(listener, None)
    await send({"type": "http.response.body", "body": b""})


def _place(after: str) -> int | None:
    # -1 is the place of a page that was drawn before anything had been written.
    known = after.removeprefix("-").isdecimal() and len(after) < 19
    return int(after) if known else None


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, frame: bytes) -> None:
    await send({"type": "http.response.body", "body": frame, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [ANYONE]})
    await send({"type": "http.response.body", "body": b""})
