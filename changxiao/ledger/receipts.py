"""回执: what a reporter takes home, as the SCT of Certificate Transparency is taken home.

It closes the time between acceptance and the next checkpoint: an entry that vanishes in between is
proven gone by whoever holds its receipt.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from changxiao.ledger import chain, signing
from changxiao.ledger.models import Entry
from changxiao.ledger.vkey import Verifier

FIELDS = ("act_key", "hash", "recorded_at", "origin")


def receipt(entry: Entry) -> dict[str, str]:
    """回执: act_key, hash, recorded_at, origin and an Ed25519 signature over these four."""
    parts = {
        "act_key": entry.act_key,
        "hash": entry.hash,
        "recorded_at": chain.timestamp(entry.recorded_at),
        "origin": signing.origin(),
    }
    return {**parts, "sig": base64.b64encode(signing.sign(message(parts))).decode()}


def message(parts: Mapping[str, str]) -> bytes:
    """签名内容: "cx-receipt-v1" and the four fields, a line each."""
    return "\n".join(["cx-receipt-v1", *(parts[name] for name in FIELDS)]).encode() + b"\n"


def holds(parts: Mapping[str, str], verifier: Verifier) -> bool:
    """核对回执签名; raises KeyError where the receipt lacks a field."""
    try:
        signature = base64.b64decode(parts["sig"], validate=True)
    except binascii.Error:
        return False
    return parts["origin"] == verifier.name and verifier.signed(message(parts), signature)
