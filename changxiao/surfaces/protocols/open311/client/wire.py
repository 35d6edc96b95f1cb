"""收发 wire: one request over HTTP, again with longer pauses while the other side is busy.

Only whom the operator has named is asked, over http(s) alone; an answer has a size and a time.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.surfaces.protocols.open311.client.peers import Peer

TIMEOUT, MOST = 20.0, 20 * 1024 * 1024  # seconds, bytes
PAUSES = (0.5, 2.0, 8.0)  # before the second, third and last attempt
LONGEST = 60.0
_BUSY = frozenset({408, 429, 500, 502, 503, 504})


class Away(Refused):
    """对方不可达: after all attempts; nothing is known to have been taken."""

    def __init__(self, peer: Peer, why: str) -> None:
        message = _("“%(peer)s”没有回应：%(why)s；稍后会再试")
        super().__init__("peer_away", message % {"peer": peer.name, "why": why[:200]})


class Declined(Refused):
    """对方拒绝: with its own words."""

    def __init__(self, peer: Peer, status: int, body: bytes) -> None:
        words = body[:200].decode("utf-8", "replace")
        message = _("“%(peer)s”答 %(status)d：%(words)s")
        told = {"peer": peer.name, "status": status, "words": words}
        super().__init__("peer_declined", message % told)
        self.status = status


@dataclass(frozen=True, slots=True)
class Wire:
    """线路 to one peer; `pauses` are seconds between attempts."""

    peer: Peer
    pauses: tuple[float, ...] = PAUSES

    def get(self, path: str, **query: str) -> bytes:
        """取. Raises Away, Declined."""
        told = {k: v for k, v in self._named(query).items() if v}
        url = f"{self.peer.url}/{path}.{self.peer.format}?{urlencode(told)}"
        return self._sent(urllib.request.Request(url, headers=_HEADERS))  # noqa: S310 - checked

    def post(self, path: str, form: Mapping[str, str], *, key: str) -> bytes:
        """发, under a key; without a peer that honours keys never twice. Raises Away, Declined."""
        told = {k: v for k, v in self._named({**form, "api_key": self.peer.api_key}).items() if v}
        request = urllib.request.Request(  # noqa: S310 - checked
            f"{self.peer.url}/{path}.{self.peer.format}",
            data=urlencode(told).encode(),
            headers={**_HEADERS, "Idempotency-Key": key},
        )
        return self._sent(request, once=not self.peer.honours_keys)

    def _named(self, told: Mapping[str, str]) -> dict[str, str]:
        return {**told, "jurisdiction_id": self.peer.jurisdiction_id}

    def _sent(self, request: urllib.request.Request, *, once: bool = False) -> bytes:
        for pause in () if once else self.pauses:
            try:
                return self._attempt(request)
            except _Busy as busy:
                time.sleep(min(max(pause, busy.wait), LONGEST))
        try:
            return self._attempt(request)
        except _Busy as busy:
            raise Away(self.peer, str(busy)) from None

    def _attempt(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - checked
                body: bytes = answer.read(MOST + 1)
        except urllib.error.HTTPError as wrong:
            with wrong:
                if wrong.code in _BUSY:
                    raise _Busy(str(wrong), wrong.headers.get("Retry-After", "")) from None
                raise Declined(self.peer, wrong.code, wrong.read(2000)) from None
        except (OSError, ValueError) as wrong:
            raise _Busy(str(wrong)) from None
        if len(body) > MOST:
            raise Declined(self.peer, 200, _("回答超过20 MiB").encode())
        return body


_HEADERS = {"User-Agent": "changxiao-open311", "Accept": "application/json, text/xml"}


class _Busy(Exception):  # noqa: N818 - tried again
    def __init__(self, why: str, retry_after: str = "") -> None:
        super().__init__(why)
        self.wait = float(retry_after) if retry_after.isdecimal() else 0.0
