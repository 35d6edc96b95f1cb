"""算力验证 proof of work: a phone computes for a moment before it reports; a flood for hours.

Nobody is asked to read crooked letters and no third party hears of it. The challenge is signed,
holds for an hour and for one report; its solution is a number that gives SHA-256 of
"challenge.number" so many leading zero bits. How many is a policy row.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.core.signing import BadSignature, Signer

from changxiao.catalog import policy
from changxiao.orgs import throttle

LASTS = 3600  # seconds, the window of the scope `portal_work` as well
_signer = Signer(salt="portal.work", sep="~")


def challenge(now: datetime) -> str:
    """出题: until when it holds, how many bits, and a word of its own."""
    until = int(now.timestamp()) + LASTS
    bits = policy.number("portal_work_bits")
    return _signer.sign(f"{until}-{bits}-{secrets.token_urlsafe(12)}")


def solved(told: str, now: datetime) -> bool:
    """验题: "challenge.number" of ours, in time, solved, and never shown before.

    A solution counts as used from here on, whatever becomes of the report.
    """
    asked, _dot, number = told.rpartition(".")
    if len(told) > 200 or not (number.isascii() and number.isdecimal()):
        return False
    try:
        until, bits, _word = _signer.unsign(asked).split("-", 2)
    except (BadSignature, ValueError):
        return False
    if int(until) < now.timestamp() or zeros(told) < int(bits):
        return False
    return throttle.allow("portal_work", asked, now)


def give_back(told: str) -> None:
    """退题: the report was refused for what it says; the same solution holds for the next try."""
    throttle.give_back("portal_work", told.rpartition(".")[0])


def zeros(told: str) -> int:
    """前导零位."""
    value = int.from_bytes(hashlib.sha256(told.encode()).digest(), "big")
    return 256 - value.bit_length()
