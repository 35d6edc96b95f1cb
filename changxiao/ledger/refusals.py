"""同一动作键再来时的两种回答: the same content again, or other content under a used key."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry


class Replayed(Exception):  # noqa: N818 - it is an answer, not a fault
    """已办过: this very act is in the log; answer again what was answered then (200)."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry} was already recorded")
        self.entry = entry


class KeyReused(Refused):
    """动作键被改作他用: same key, other content or other person; nothing is stored (409)."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            "key_reused",
            _("动作键已用于另一内容；内容有改动请换新键，未改动请原样重发"),
            field="key",
        )
        self.entry = entry
