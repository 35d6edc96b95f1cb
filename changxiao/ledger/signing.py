"""签名: the city's Ed25519 key, C2SP signed notes and what they are signed for.

A note is text, an empty line and signature lines "— name base64(key hash ‖ signature)"; the key
hash is the first four bytes of SHA-256(name ‖ "\\n" ‖ 0x01 ‖ public key) (C2SP signed-note).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from changxiao.kernel.home import secret

_ED25519 = b"\x01"
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Verifier:
    """验证公钥: a name and a public key, written as C2SP vkey "name+hash+base64"."""

    name: str
    key: bytes

    @property
    def hint(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hint.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """读公钥: raises ValueError unless the text is a vkey of an Ed25519 key."""
        name, hint, coded = text.strip().split("+", 2)
        data = base64.b64decode(coded, validate=True)
        found = cls(name, data[1:])
        if data[:1] != _ED25519 or len(data) != 33 or found.hint.hex() != hint:
            raise ValueError("not an Ed25519 vkey")
        return found

    def signed(self, message: bytes, signature: bytes) -> bool:
        """核对签名: whether this key signed `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def opens(self, note: str) -> bool:
        """核对签名文本: one of the note's signatures is ours and holds."""
        text, _blank, lines = note.rpartition("\n\n")
        return any(
            self.signed((text + "\n").encode(), signature)
            for name, hint, signature in map(_signature, lines.splitlines())
            if name == self.name and hint == self.hint
        )


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _space, coded = line.removeprefix(_DASH).rpartition(" ")
    try:
        data = base64.b64decode(coded, validate=True)
    except binascii.Error:
        data = b""
    return name, data[:4], data[4:]


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
    return f"{text}\n{_DASH}{ours.name} {coded}\n"
