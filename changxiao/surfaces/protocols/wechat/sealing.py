"""安全模式 sealing: WeChat's signature and its AES-256-CBC envelope, checked and opened. Pure.

The signature is SHA-1 over the sorted parts; it only tells that the sender knows the token, and is
compared in constant time. The envelope holds 16 random bytes, the length, the message, the AppID.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from changxiao.kernel.refused import Refused

BLOCK = 32  # what they pad to, PKCS#7's way
AGE = 300  # seconds a callback may be old, or early


def signature(*parts: str) -> str:
    """签名."""
    told = "".join(sorted(parts)).encode("utf-8", "surrogateescape")
    return hashlib.sha1(told, usedforsecurity=False).hexdigest()


def check(given: str, *parts: str) -> None:
    """核对签名. Refused("signature_wrong")."""
    if not hmac.compare_digest(signature(*parts).encode(), given.encode("utf-8", "replace")):
        raise refused("signature_wrong")


def check_age(timestamp: str, now: float) -> None:
    """核对时间: within five minutes. Refused("timestamp_wrong")."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise refused("timestamp_wrong")
    if abs(int(timestamp) - now) > AGE:
        raise refused("timestamp_wrong")


def opened(sealed: str, key: bytes, appid: str) -> bytes:
    """解密: the message, after its padding, length and AppID were found right.

    Refused("envelope_wrong") alike for all that is wrong with it: no oracle.
    """
    try:
        data = base64.b64decode(sealed, validate=True)
        if not data or len(data) % 16:
            raise ValueError
        box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = box.update(data) + box.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise ValueError
        body = plain[16:-pad]
        length = int.from_bytes(body[:4], "big")
        message, owner = body[4 : 4 + length], body[4 + length :]
        if len(body) < 4 or len(message) != length:
            raise ValueError
    except (binascii.Error, ValueError):
        raise refused("envelope_wrong") from None
    if not hmac.compare_digest(owner, appid.encode()):
        raise refused("envelope_wrong")
    return message


def sealed(message: bytes, key: bytes, appid: str, random: bytes) -> str:
    """加密: as their side does; for tests and for whoever plays their side."""
    body = random + len(message).to_bytes(4, "big") + message + appid.encode()
    pad = BLOCK - len(body) % BLOCK
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(box.update(body + bytes([pad]) * pad) + box.finalize()).decode()


def refused(code: str) -> Refused:
    """拒收; nothing is said that would help to try again."""
    return Refused(code, code)
