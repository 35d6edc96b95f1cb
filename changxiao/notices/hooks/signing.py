"""推送签名: `X-Changxiao-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body" in hex>`. Pure but for
the secrets, which are key files of the home and stand in no row.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from changxiao.kernel.home import folder, secret

HEADER = "X-Changxiao-Signature"


def signature(key: bytes, body: bytes, seconds: int) -> str:
    """签名 of a body at a moment."""
    told = hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={told}"


def secret_of(code: str) -> bytes:
    """密钥 of an address; made at the first use."""
    return secret(f"hook-{code}", _made)


def renew(code: str) -> None:
    """换密钥: the old one is worth nothing from now on."""
    path = folder("keys") / f"hook-{code}"
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_made())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _made() -> bytes:
    return f"whsec_{secrets.token_urlsafe(32)}".encode()
