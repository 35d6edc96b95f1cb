"""签名: the city's Ed25519 key, C2SP signed notes and what they are signed for.

A note is text, an empty line and signature lines "— name base64(key hash ‖ signature)"; the key
hash is the first four bytes of SHA-256(name ‖ "\\n" ‖ 0x01 ‖ public key) (C2SP signed-note).
"""

from __future__ import annotations

import base64
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from changxiao.kernel.home import secret
from changxiao.ledger.vkey import DASH, Verifier


def origin() -> str:
    """总账名称: fixed with the first start, for a log that changes its name is another log."""
    return secret("ledger-origin", _name).decode()


def _name() -> bytes:
    host = urlsplit(settings.SITE_URL).hostname or "127.0.0.1"
    return f"{host}/ledger/changxiao-sha256".encode()


def _private() -> Ed25519PrivateKey:
    return _read(secret("ledger-ed25519", _new_key))


@lru_cache(2)
def _read(raw: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(raw)


def verifier() -> Verifier:
    """本市公钥: give it to witnesses; who checks a log with a key from the log checks nothing."""
    return Verifier(origin(), _private().public_key().public_bytes_raw())


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def sign(message: bytes) -> bytes:
    """签名: 64 bytes of Ed25519."""
    return _private().sign(message)


def sign_note(text: str) -> str:
    """签署文本: the text (ending in a newline) as a signed note."""
    ours = verifier()
    coded = base64.b64encode(ours.hint + sign(text.encode())).decode()
    return f"{text}\n{DASH}{ours.name} {coded}\n"
