"""一次为限: the same event is answered as it was, whatever it became the first time."""

from __future__ import annotations

from changxiao.kernel.act import Act
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed


def must_be_new(act: Act) -> None:
    """须是新的: raises Replayed or KeyReused for a key that is in the log."""
    # What it became is decided by what stood then, so its verb is not compared.
    stored = Entry.objects.filter(act_key=act.key).first()
    if stored is not None:
        same = (stored.actor, stored.act.get("digest", "")) == (act.actor, act.digest)
        raise Replayed(stored) if same else KeyReused(stored)
