"""记录链: the hashes of one entry, as reliability.md §6.1 and docs/ledger.md write them. Pure.

    body_hash = H("cx-entry-v1\\n" ‖ JCS({stream, n, verb, actor, …, body}))
    hash      = H("cx-chain-v1\\n" ‖ prev ‖ body_hash)
    prev      = the hash before it in the stream; for n = 1 H("cx-stream-v1\\n" ‖ stream)

H is SHA-256, ‖ joins bytes. Times are RFC 3339 in UTC with six digits of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring

import rfc8785

_LARGEST = 2**53 - 1  # what every JSON reader holds exactly (RFC 8785, I-JSON)


def canonical(body: Mapping[str, object]) -> str:
    """规范 JSON: RFC 8785 text; raises TypeError for floats and all that JSON does not know."""
    _check(body)
    return rfc8785.dumps(dict(body)).decode()  # type: ignore[arg-type]


def _check(value: object) -> None:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key of an entry's body is not a string")
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            _check(part)
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise TypeError(f"{value} is too large for JSON: write it as a string")
    elif not (value is None or isinstance(value, str)):
        raise TypeError(f"{type(value).__name__} in an entry's body: write numbers as strings")


def timestamp(moment: datetime) -> str:
    """时间: 2026-03-02T01:00:00.000000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def first(stream: str) -> bytes:
    """流的起点: what stands as `prev` of the first entry."""
    return sha256(b"cx-stream-v1\n" + stream.encode()).digest()


def frame(  # noqa: PLR0913, PLR0917 - the ten members of the hashed object, in RFC 8785 order
    act_key: str,
    actor: str,
    at: str,
    body: str,
    n: int,
    occurred_at: str | None,
    on_behalf: str,
    recorded_at: str,
    stream: str,
    verb: str,
) -> bytes:
    """记录原文: the canonical bytes that are hashed; `body` is canonical already."""
    text = encode_basestring
    occurred = "null" if occurred_at is None else f'"{occurred_at}"'
    return (
        f'{{"act_key":{text(act_key)},"actor":{text(actor)},"at":"{at}","body":{body},"n":{n},'
        f'"occurred_at":{occurred},"on_behalf":{text(on_behalf)},"recorded_at":"{recorded_at}",'
        f'"stream":{text(stream)},"verb":{text(verb)}}}'
    ).encode()


def link(prev: bytes, framed: bytes) -> bytes:
    """校验值: the hash of an entry from the one before it and its own canonical bytes."""
    return sha256(b"cx-chain-v1\n" + prev + sha256(b"cx-entry-v1\n" + framed).digest()).digest()
