"""推送的加密与身份: RFC 8291 (aes128gcm for one browser) and RFC 8292 (VAPID), by `cryptography`.

Some forty lines of two RFCs with test vectors, in place of a library that brings two HTTP clients.
"""

from __future__ import annotations

import base64
import json
import os
import time
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from changxiao.kernel.home import secret

RECORD = 4096
HOURS_12 = 43_200
KEY = "vapid"


def unpadded(data: bytes) -> str:
    """base64url without its padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def padded(text: str) -> bytes:
    """What `unpadded` wrote; ValueError for other text."""
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 bytes of a public key on P-256."""
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def read_point(text: str) -> ec.EllipticCurvePublicKey:
    """A browser's public key; ValueError where it is none."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(text))


def sealed(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """加密: readable by that browser alone; a key pair and a salt of its own each time."""
    browser = read_point(p256dh)
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    mine, theirs = point(own.public_key()), point(browser)
    shared = own.exchange(ec.ECDH(), browser)
    ikm = _derived(padded(auth), shared, b"WebPush: info\0" + theirs + mine, 32)
    key = _derived(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, ikm, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return header + AESGCM(key).encrypt(nonce, plain[: RECORD - 200] + b"\x02", None)


def _derived(salt: bytes, secret_: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret_)


def _key() -> ec.EllipticCurvePrivateKey:
    pem = secret(KEY, _made)
    found = serialization.load_pem_private_key(pem, None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def _made() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_key() -> str:
    """公钥, as a browser wants it when it subscribes."""
    return unpadded(point(_key().public_key()))


def vapid(endpoint: str, subject: str) -> str:
    """Authorization of RFC 8292: who we are, to this push service, for twelve hours."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + HOURS_12,
        "sub": subject,
    }
    head = {"typ": "JWT", "alg": "ES256"}
    signing = ".".join(unpadded(json.dumps(one).encode()) for one in (head, claims))
    r, s = decode_dss_signature(_key().sign(signing.encode(), ec.ECDSA(hashes.SHA256())))
    signature = unpadded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signing}.{signature}, k={public_key()}"
