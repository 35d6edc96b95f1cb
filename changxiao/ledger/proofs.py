"""证明: what one resident needs to check one case, and a witness to check that a log only grew."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.ledger import log, signing, tree
from changxiao.ledger.models import Checkpoint, Entry


def prove(stream: str = "", *, act_key: str = "", entry_hash: str = "") -> dict[str, Any]:
    """包含证明: of each entry of a stream, or of the one a receipt names, O(log n) hashes each.

    Proven against the newest checkpoint that holds them all, else against the tree as it stands
    (`checkpoint` is empty then). Raises Refused("not_in_log").
    """
    found = Entry.objects.filter(stream=stream) if stream else _by_receipt(act_key, entry_hash)
    entries = list(found.select_related("leaf").order_by("n"))
    leaves = [entry.leaf.index for entry in entries if hasattr(entry, "leaf")]
    if not entries or len(leaves) != len(entries):
        raise Refused("not_in_log", _("总账中没有这条记录，或尚未定序：请十秒后再试"))
    top = Checkpoint.objects.filter(size__gt=max(leaves)).order_by("-number").first()
    size = top.size if top else log.size()
    return {
        "origin": signing.origin(),
        "size": size,
        "root": log.root(size).hex(),
        "checkpoint": top.note if top else "",
        "entries": [_proof(entry, size) for entry in entries],
    }


def _by_receipt(act_key: str, entry_hash: str) -> Any:
    return Entry.objects.filter(act_key=act_key, hash=entry_hash)


def _proof(entry: Entry, size: int) -> dict[str, Any]:
    index = entry.leaf.index
    path = [part.hex() for part in tree.inclusion(log.read, index, size)]
    return {
        "stream": entry.stream,
        "n": entry.n,
        "hash": entry.hash,
        "index": index,
        "path": path,
    }


def prove_growth(old: int) -> dict[str, Any]:
    """一致证明: that the newest checkpoint's tree begins with the tree of `old` entries."""
    top = Checkpoint.objects.order_by("-number").first()
    if top is None or old > top.size:
        raise Refused("not_in_log", _("还没有不小于 %(size)s 条的检查点") % {"size": old})
    path = tree.consistency(log.read, old, top.size)
    return {"old": old, "checkpoint": top.note, "path": [part.hex() for part in path]}
