"""记录链: the hashes of one entry, as reliability.md §6.1 and docs/ledger.md write them. Pure.

    body_hash = H("cx-entry-v1\\n" ‖ JCS({stream, n, verb, actor, …, body}))
    hash      = H("cx-chain-v1\\n" ‖ prev ‖ body_hash)
    prev      = the hash before it in the stream; for n = 1 H("cx-stream-v1\\n" ‖ stream)

H is SHA-256, ‖ joins bytes. Times are RFC 3339 in UTC with six digits of a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

import rfc8785

_LARGEST = 2**53 - 1  # what every JSON reader holds exactly (RFC 8785, I-JSON)


def canonical(body: Mapping[str, object]) -> str:
    """规范 JSON: RFC 8785 text; raises TypeError for floats and all that JSON does not know.

    Without floats, and where no key needs the order of UTF-16 (which for ASCII is that of code
    points), Python's own encoder writes just what RFC 8785 asks for, ten times as fast (tested
    against each other); other keys take the slow road.
    """
    plain = dict(body)
    if _check(plain):
        return _encode(plain)
    return rfc8785.dumps(plain).decode()  # type: ignore[arg-type]


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def _check(body: dict[str, object]) -> bool:
    """Whether all keys are ASCII. One loop, no recursion: it meets every value of every entry."""
    waiting: list[Any] = [body]
    ascii_keys = True
    while waiting:
        inside = waiting.pop()
        if isinstance(inside, dict):
            ascii_keys = _check_keys(inside) and ascii_keys
            inside = inside.values()
        for value in inside:
            if value is None or isinstance(value, str):
                continue
            if isinstance(value, (dict, list, tuple)):
                waiting.append(value)
            else:
                _check_number(value)
    return ascii_keys


def _check_keys(inside: dict[Any, object]) -> bool:
    try:
        return "".join(inside).isascii()
    except TypeError:
        raise TypeError("a key of an entry's body is not a string") from None


def _check_number(value: object) -> None:
    if not isinstance(value, int):
        kind = type(value).__name__
        raise TypeError(f"{kind} in an entry's body: write numbers as strings")
    if abs(value) > _LARGEST:
        raise TypeError(f"{value} is too large for JSON: write it as a string")


def timestamp(moment: datetime) -> str:
    """时间: 2026-03-02T01:00:00.000000Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


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
