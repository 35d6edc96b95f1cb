"""塔: RFC 6962's root computed a second time, by tiles, in another way than `tree`. Pure.

What signs must not trust what stores: `audit` builds the root from raw entries with this module and
holds it against the one that `tree` and the sequencer arrive at.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

WIDTH = 256


def perfect(hashes: Sequence[bytes]) -> bytes:
    """满树根: of 2**k neighbouring hashes, halving the row until one is left."""
    row = list(hashes)
    while len(row) > 1:
        row = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(row[::2], row[1::2], strict=True)
        ]
    return row[0]


class Tower:
    """塔: per level the complete subtrees of 256**level leaves that wait for their neighbours."""

    def __init__(self, waiting: Sequence[Sequence[bytes]] = ()) -> None:
        self.waiting: list[list[bytes]] = [list(level) for level in waiting]
        self.finished: list[tuple[int, bytes]] = []  # (level, root) since last taken

    def extend(self, hashes: Sequence[bytes], level: int = 0) -> None:
        """加层: append neighbouring subtrees of this level (leaf hashes at level 0)."""
        while len(self.waiting) <= level:
            self.waiting.append([])
        row = [*self.waiting[level], *hashes]
        whole = len(row) // WIDTH * WIDTH
        self.waiting[level] = row[whole:]
        if whole:
            roots = [perfect(row[i : i + WIDTH]) for i in range(0, whole, WIDTH)]
            self.finished += [(level + 1, root) for root in roots]
            self.extend(roots, level + 1)

    def root(self) -> bytes:
        """根: of all that was appended."""
        result: bytes | None = None
        for row in self.waiting:
            for part in reversed(_powers(row)):
                result = part if result is None else sha256(b"\x01" + part + result).digest()
        return sha256(b"").digest() if result is None else result


def _powers(row: Sequence[bytes]) -> list[bytes]:
    parts, start = [], 0
    while start < len(row):
        step = 1 << (len(row) - start).bit_length() - 1
        parts.append(perfect(row[start : start + step]))
        start += step
    return parts
