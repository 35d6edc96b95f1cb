"""对照 negative control: a server that answers first and commits 50 ms later (write-behind).

Served only by the torture harness with `--break`, in place of `changxiao.wsgi`; nothing in the
product knows of it. What is killed in those 50 ms was acknowledged and is lost: a harness that does
not see it proves nothing.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction

from changxiao.kernel.transactions import write_lock
from changxiao.wsgi import application as product

BEHIND_SECONDS = 0.05
Environ = dict[str, Any]
# Django drops a connection that a request begins inside a transaction; here that is the very point.
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_old_connections)


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI: reports are answered before they are stored; all else is the product's own."""
    reporting = (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/api/v1/cases")
    if not reporting:
        return product(environ, start_response)
    data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    status, headers, body = _pretended(environ, data)
    if status.startswith("201"):
        threading.Timer(BEHIND_SECONDS, _stored, (environ, data)).start()
    start_response(status, headers)
    return [body]


def _pretended(environ: Environ, data: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    """The product's answer to a transaction that is then taken back."""
    with write_lock(), transaction.atomic():
        told = _asked(environ, data)
        transaction.set_rollback(True)
    return told


def _stored(environ: Environ, data: bytes) -> None:
    try:
        _asked(environ, data)
    finally:
        connection.close()


def _asked(environ: Environ, data: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None, /) -> Any:
        told.extend((status, headers))

    answer = product({**environ, "wsgi.input": io.BytesIO(data)}, start)
    body = b"".join(answer)
    answer.close()
    return told[0], told[1], body
