"""收发 post: a message is stored once, worked later, tried again for three days, then set aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from changxiao.cases.chats.models import ChatMessage
from changxiao.kernel.transactions import writing

BATCH = 50
KEPT = timedelta(days=3)  # as long as a channel keeps what a message points to
SET_ASIDE = timedelta(days=30)  # time enough to find out why, and then it is nobody's to read
PAUSES = (5, 30, 120, 600, 1800, 3600)  # seconds before the next try
State, Way = ChatMessage.State, ChatMessage.Way


def keep(row: ChatMessage) -> None:
    """存下: before anything is answered; what was here already stays as it is."""
    with writing():
        ChatMessage.objects.bulk_create([row], ignore_conflicts=True)


def known(key: str) -> bool:
    """已收到过."""
    return ChatMessage.objects.filter(key=key).exists()


def due(channel: str, way: str, now: datetime) -> list[ChatMessage]:
    """该办的, in the order in which they came."""
    rows = ChatMessage.objects.filter(
        channel=channel, way=way, state=State.WAITING, next_at__lte=now
    )
    return list(rows.order_by("id")[:BATCH])


def pending(sender: str) -> bool:
    """还有没办完的来信 of this sender: a picture that is still on its way."""
    return ChatMessage.objects.filter(sender=sender, way=Way.IN, state=State.WAITING).exists()


def done(row: ChatMessage) -> None:
    """办完: its words go, its key stays."""
    row.state, row.raw, row.why = State.DONE, "", ""
    row.save(update_fields=["state", "raw", "why"])


def forget(now: datetime) -> int:
    """清理: the words of what was set aside a month ago; its key and why stay."""
    rows = ChatMessage.objects.filter(state=State.PARKED, came_at__lt=now - SET_ASIDE)
    return rows.exclude(raw="").update(raw="")


def again(row: ChatMessage, why: str, now: datetime, *, for_good: bool = False) -> None:
    """再试: later; set aside after three days or where trying again is of no use."""
    row.tries += 1
    row.why = why[:200]
    row.next_at = now + timedelta(seconds=PAUSES[min(row.tries, len(PAUSES)) - 1])
    if for_good or now - row.came_at > KEPT:
        row.state = State.PARKED
    row.save(update_fields=["state", "tries", "why", "next_at"])
