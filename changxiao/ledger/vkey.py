"""公钥: whom a signed note is from, told by the public key alone. Pure.

A note is text, an empty line and signature lines "— name base64(key hash ‖ signature)"; the key
hash is the first four bytes of SHA-256(name ‖ "\\n" ‖ 0x01 ‖ public key) (C2SP signed-note).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ED25519 = b"\x01"
DASH = "— "


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
    name, _space, coded = line.removeprefix(DASH).rpartition(" ")
    try:
        data = base64.b64decode(coded, validate=True)
    except binascii.Error:
        data = b""
    return name, data[:4], data[4:]
