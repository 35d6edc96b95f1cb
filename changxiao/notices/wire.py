"""收发 wire: one request over HTTP to the address that was checked; no redirect, five seconds, a
small answer. Nothing of what is sent or answered is logged.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from changxiao.kernel.words import gettext as _
from changxiao.notices.channels.base import TIMEOUT, Failed
from changxiao.notices.guard import Target

MOST = 64 * 1024
AGENT = "changxiao-notices"
_TOO_BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """回答: status and the first of its body."""

    status: int
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """JSON 对象; empty where it is none."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class _Checked(http.client.HTTPConnection):
    """To one address and no other, whatever the name means by now."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self._target.ip, self._target.port), self.timeout)
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)


def known(url: str) -> Target:
    """运维所配的地址: of a file of the home, so it is not asked where it leads."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.hostname or ""
    return Target(parts.scheme, host, port, path, host)


def send(
    target: Target,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    timeout: float = TIMEOUT,
    most: int = MOST,
) -> Answer:
    """发一次. Raises Failed where no answer came within the time."""
    until = time.monotonic() + timeout
    connection = _Checked(target, timeout)
    try:
        connection.request(method, target.path, body, {"User-Agent": AGENT, **headers})
        response = connection.getresponse()
        return Answer(response.status, _first(response, until, most))
    except (OSError, http.client.HTTPException, ValueError) as wrong:
        why = _("没有回应：%(why)s") % {"why": f"{type(wrong).__name__} {wrong}"[:120]}
        raise Failed(why) from None
    finally:
        connection.close()


def _first(response: http.client.HTTPResponse, until: float, most: int) -> bytes:
    # A socket's timeout begins anew with each byte: whoever drips is cut off by the clock.
    found = b""
    while len(found) < most and time.monotonic() < until:
        piece = response.read1(most - len(found))
        if not piece:
            break
        found += piece
    return found


def post_json(target: Target, told: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """发 JSON."""
    body = json.dumps(told, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return send(target, body, {**kind, **(headers or {})})


def must_be_taken(answer: Answer) -> Answer:
    """对方收下: 2xx; else Failed, for good where the request itself is at fault."""
    if 200 <= answer.status < 300:
        return answer
    words = " ".join(answer.body[:120].decode("utf-8", "replace").split())
    why = _("对方答 %(status)d %(words)s") % {"status": answer.status, "words": words}
    lasting = 400 <= answer.status < 500 and answer.status not in _TOO_BUSY
    raise Failed(why.strip(), for_good=lasting or 300 <= answer.status < 400)
