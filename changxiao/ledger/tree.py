"""树 (RFC 6962 §2.1): root, inclusion and consistency proofs, and their verification. Pure.

Proofs are built from a reader of complete subtrees: `read(level, start, stop)` returns the roots of
the subtrees of 256**level leaves with these indexes (C2SP tlog-tiles), so that a proof over a
million leaves reads some dozens of short ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Read = Callable[[int, int, int], Sequence[bytes]]

EMPTY = sha256(b"").digest()
TILE_BITS = 8
TILE = 1 << TILE_BITS


def leaf_hash(data: bytes) -> bytes:
    """叶校验值: H(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """节点校验值: H(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Edge:
    """右缘: the tree grown leaf by leaf, kept as the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """加叶: append a leaf hash."""
        carry, size = leaf, self.size
        while size & 1:
            carry = node_hash(self._roots.pop(), carry)
            size >>= 1
        self._roots.append(carry)
        self.size += 1

    def root(self) -> bytes:
        """根: of all leaves so far."""
        if not self._roots:
            return EMPTY
        result = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            result = node_hash(left, result)
        return result


def root_of(leaves: Iterable[bytes]) -> bytes:
    """根: of these leaf hashes (or of neighbouring complete subtrees of one size)."""
    edge = Edge()
    for leaf in leaves:
        edge.add(leaf)
    return edge.root()


def range_root(read: Read, start: int, stop: int) -> bytes:
    """区间根: of leaves start to stop; start is a multiple of a power of two ≥ stop - start."""
    size = stop - start
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        level = (size.bit_length() - 1) // TILE_BITS
        shift = level * TILE_BITS
        return root_of(read(level, start >> shift, stop >> shift))
    middle = start + _split(size)
    return node_hash(range_root(read, start, middle), range_root(read, middle, stop))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion(read: Read, index: int, size: int) -> list[bytes]:
    """包含证明: PATH(index, D[0:size])."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, stop, path = 0, size, []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(range_root(read, middle, stop))
            stop = middle
        else:
            path.append(range_root(read, start, middle))
            start = middle
    return path[::-1]


def consistency(read: Read, old: int, new: int) -> list[bytes]:
    """一致证明: PROOF(old, D[0:new]); empty for old = 0 and old = new."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not the beginning of one of {new}")
    if old in {0, new}:
        return []
    start, stop, whole, path = 0, new, True, []
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range_root(read, middle, stop))
            stop = middle
        else:
            path.append(range_root(read, start, middle))
            start, whole = middle, False
    # The old tree's own root needs no telling where it is a complete subtree of the new one.
    return ([] if whole else [range_root(read, start, stop)]) + path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """核对包含证明 (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(part, result)
            node, last = _climb(node, last)
        else:
            result = node_hash(result, part)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def _climb(node: int, last: int) -> tuple[int, int]:
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def extends(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """核对一致证明 (RFC 9162 §2.1.4.2): the tree of `new` leaves begins with the tree of `old`."""
    if old == new:
        return not path and old_root == new_root
    if not 0 <= old < new:
        return False
    if old == 0:
        return not path and old_root == EMPTY
    parts = list(path) if old & (old - 1) else [old_root, *path]
    return bool(parts) and _replay(old - 1, new - 1, parts) == (old_root, new_root)


def _replay(node: int, last: int, parts: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = parts[0]
    for part in parts[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            before, after = node_hash(part, before), node_hash(part, after)
            node, last = _climb(node, last)
        else:
            after = node_hash(after, part)
        node, last = node >> 1, last >> 1
    return (before, after) if last == 0 else None


def tile_path(level: int, index: int, width: int) -> str:
    """瓦片路径: tile 1234067 of a level is x001/x234/067, an unfull one .p/WIDTH (C2SP)."""
    name = f"{index % 1000:03}"
    while index := index // 1000:
        name = f"x{index % 1000:03}/{name}"
    return f"tiles/{level}/{name}" + ("" if width == TILE else f".p/{width}")
