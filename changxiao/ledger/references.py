"""证明引文: one line that a printed QR carries, enough to find and check an entry in the log.

    cx-proof-v1 <origin> <size> <index> <hash> <root>

`hash` is the entry's, `index` its place in the order of all entries, `root` the root of the tree of
the first `size` entries. Size is index + 1: the log as it stood when this entry had just come, so
that the same state of a case prints the same line for ever (docs/ledger.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger import log, signing
from changxiao.ledger.models import Entry, Leaf

MARK = "cx-proof-v1"
_LINE = re.compile(
    rf"{MARK} (?P<origin>[!-~]{{1,200}}) (?P<size>\d{{1,18}}) (?P<index>\d{{1,18}})"
    r" (?P<hash>[0-9a-f]{64}) (?P<root>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """证明引文, read."""

    origin: str
    size: int
    index: int
    hash: str
    root: str

    def __str__(self) -> str:
        return f"{MARK} {self.origin} {self.size} {self.index} {self.hash} {self.root}"


def reference(entry: Entry) -> Reference | None:
    """引文 of an entry; None while the worker has not put it in order yet."""
    index = Leaf.objects.filter(entry=entry).values_list("index", flat=True).first()
    if index is None:
        return None
    size = index + 1
    return Reference(signing.origin(), size, index, entry.hash, log.root(size).hex())


def parse(text: str) -> Reference:
    """读引文. Raises Refused("reference_unreadable")."""
    found = _LINE.fullmatch(" ".join(text.split()))
    if found is None:
        message = _("这不是总账证明引文：须以 cx-proof-v1 开头，请核对扫描的内容")
        raise Refused("reference_unreadable", message, field="what")
    size, index = int(found["size"]), int(found["index"])
    return Reference(found["origin"], size, index, found["hash"], found["root"])


def entry_of(told: Reference) -> Entry:
    """引文的记录: where this log says the same. Raises Refused("not_in_log")."""
    leaf = Leaf.objects.select_related("entry").filter(index=told.index).first()
    same = (
        told.origin == signing.origin()
        and leaf is not None
        and leaf.entry.hash == told.hash
        and told.index < told.size <= log.size()
        and log.root(told.size).hex() == told.root
    )
    if not same or leaf is None:
        raise Refused("not_in_log", _("引文与本总账不符：记录不在其中，或总账被改写过"))
    return leaf.entry
