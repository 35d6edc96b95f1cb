"""抽签 lots: which verified cases are checked again, and by whom. Pure; anybody can recompute it.

A day's seed is committed in the log before the day's first check and opened after its last, and an
entry's hash is fixed when it is written: whoever checks cannot know the draw, whoever keeps the
seed cannot change it any more (docs/case-flow.md tells how to recompute).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

NAME = "changxiao-lot-v1"
WHOLE = 2**64


def number(seed: str, entry: str, what: str = "") -> int:
    """签号: the first eight bytes of SHA-256 over four lines, as a whole number."""
    told = "\n".join((NAME, seed, entry, what)).encode()
    return int.from_bytes(sha256(told).digest()[:8], "big")


def is_drawn(seed: str, entry: str, *, percent: int) -> bool:
    """是否抽中: of all entries this share is, whatever they are."""
    return number(seed, entry) * 100 < percent * WHOLE


def pick(seed: str, entry: str, names: Iterable[str]) -> str:
    """抽谁: the name with the lowest number; "" where there is none to draw from."""
    return min(names, key=lambda name: (number(seed, entry, name), name), default="")


def commitment(salt: str, seed: str) -> str:
    """承诺值 of a seed: what the log tells of it beforehand (`ledger.actions.seal`)."""
    return sha256(bytes.fromhex(salt) + seed.encode()).hexdigest()
