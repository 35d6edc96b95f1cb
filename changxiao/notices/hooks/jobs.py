"""推送的后台作业: entries become rows for each address that hears them; the sender's sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.utils import timezone

from changxiao.ledger.models import Entry, Leaf
from changxiao.notices.hooks.sending import SENDER, heads
from changxiao.notices.hooks.shape import STREAM
from changxiao.notices.models_hooks import HookDelivery, Webhook

OURS = "system:"


def hear(entries: Sequence[Entry]) -> Callable[[], object] | None:
    """听记录: what each address is to be told; what an import or a demo tells of is left out."""
    hooks = list(Webhook.objects.all())
    heard = [entry for entry in entries if _concerns(entry)] if hooks else []
    if not heard:
        return None
    rows = rows_for(hooks, heard, timezone.now())
    return partial(HookDelivery.objects.bulk_create, rows, ignore_conflicts=True, batch_size=200)


def rows_for(
    hooks: Sequence[Webhook], entries: Sequence[Entry], now: datetime
) -> list[HookDelivery]:
    """待推送的行, with the place of each entry in the order of all."""
    leaves = Leaf.objects.filter(entry__in=[entry.pk for entry in entries])
    places = dict(leaves.values_list("entry_id", "index"))
    return [
        HookDelivery(hook=hook, entry=entry, position=places[entry.pk], send_at=now)
        for entry in entries
        for hook in hooks
        if entry.pk in places and (not hook.verbs or entry.verb in hook.verbs)
    ]


def _concerns(entry: Entry) -> bool:
    if not entry.stream.startswith(STREAM):
        return False
    origin = entry.act.get("origin", "")
    return not origin or origin.startswith(OURS)


def sweep(now: datetime) -> int:
    """清扫: start the sender where the next of some address is due."""
    return 0 if SENDER.running or not heads(now) else SENDER.start()
