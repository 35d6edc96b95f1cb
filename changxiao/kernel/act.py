"""办理动作 Act: who does something, in which post, for whom, when, under which key.

Every verb of every room takes one. The key belongs to the content and not to the attempt: a phone
sends the same act as often as it likes (reliability.md §6.2). Rules read `at` and no other clock.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

NAMESPACE = uuid.UUID("6f1a7f0e-6a52-5b1c-9d3e-0c4f6d2b8a11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """办理动作: one person's (or the system's) doing of one verb.

    `at` is the legal time and stays None in live use: the server reads its clock under the lock.
    Only the importer and the samples may set it, and must name themselves in `origin`.
    `occurred_at` is what the person claims of the street. `on_behalf` names whom the actor stands
    in for (秘书代录, 顶班). `base_n` is the last entry the actor's device had seen. `digest` is a
    keyed digest of the request's content, so that a key that comes back with other content is
    noticed without keeping the content. `undoes` is the number of the entry, in the same stream,
    that this act takes back 撤销. `skew` is by how many seconds the sender's clock was ahead of
    ours when it sent: `occurred_at` is kept as claimed, and this says what the claim is worth.
    `supersedes` is the key of the content that this one replaces: it is used up with this act.
    """

    actor: str
    key: str
    post: str = ""
    at: datetime | None = None
    occurred_at: datetime | None = None
    on_behalf: str = ""
    note: str = ""
    origin: str = ""
    base_n: int | None = None
    digest: str = ""
    undoes: int | None = None
    skew: int | None = None
    supersedes: str = ""

    def __post_init__(self) -> None:
        if self.at is not None and not self.origin:
            raise ValueError("an act with its own legal time must name its origin")
        for moment in (self.at, self.occurred_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("an act's times are aware")

    @classmethod
    def system(cls, name: str, key: str = "", *, at: datetime | None = None, note: str = "") -> Act:
        """系统动作: a sweep or a consumer acts under its own name."""
        origin = f"system:{name}" if at else ""
        return cls(actor=f"system:{name}", key=key or new_key(), at=at, origin=origin, note=note)

    def moment(self) -> datetime:
        """法定时间: the legal time; call it once, under the lock, and pass the result on."""
        return self.at or timezone.now()

    def derive(self, suffix: str) -> Act:
        """派生动作: a further act of the same click, with a key of its own that repeats with it."""
        key = str(uuid.uuid5(NAMESPACE, f"{self.key}/{suffix}"))
        return replace(self, key=key, supersedes="")


def new_key() -> str:
    """新动作键: one a content, made when its form is opened."""
    return str(uuid.uuid4())
