"""照片相似: which known photos nearly equal a new one, found by bands of its 64-bit fingerprint.

The 64 bits of a dHash are dealt to four bands of 16 like cards, so that a plain sky (sixteen equal
bits in a row) spoils no band. Two fingerprints that differ in at most seven bits differ in at most
one bit in some band (four times two is eight): seventeen values of each band, looked up by index,
meet every one of them. What they meet is compared bit by bit. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

BANDS, WIDTH = 4, 16
MOST = 2 * BANDS - 1  # differing bits that the bands are sure to find
PLAIN = 6  # a fingerprint with so few bits set, or unset, is a wall or a lens cap


def bits_of(phash: str) -> int:
    """指纹: the unsigned 64 bits of a photo's hexadecimal `phash`."""
    return int(phash, 16)


def signed(bits: int) -> int:
    """入库形式: as a signed 64-bit number, which both databases hold."""
    return bits - (1 << 64) if bits >> 63 else bits


def unsigned(stored: int) -> int:
    """出库形式."""
    return stored & ((1 << 64) - 1)


def telling(bits: int) -> bool:
    """可比: whether there is enough in the picture for its likeness to mean anything."""
    return PLAIN < bits.bit_count() < 64 - PLAIN


def bands(bits: int) -> tuple[int, ...]:
    """四段: bits 0, 4, 8 … in the first band, 1, 5, 9 … in the second, and so on."""
    found = [0] * BANDS
    for place in range(64):
        found[place % BANDS] |= (bits >> place & 1) << place // BANDS
    return tuple(found)


def near(band: int) -> list[int]:
    """邻近值: the band itself and each value that differs from it in one bit."""
    return [band, *(band ^ (1 << place) for place in range(WIDTH))]


def distance(one: int, other: int) -> int:
    """差异位数."""
    return (one ^ other).bit_count()


def closest(bits: int, known: Iterable[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """最近: (distance, key) of the known (key, bits) within `most` bits, the nearest first."""
    found = ((distance(bits, other), key) for key, other in known)
    return sorted(pair for pair in found if pair[0] <= most)
