"""抽签种子: a seed a day, committed before it and opened after it, on the stream `lot:<day>`."""

from __future__ import annotations

import secrets
from datetime import date

from changxiao.catalog import policy
from changxiao.kernel.act import Act
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry, PrivateValue


def stream(day: date) -> str:
    """记录流 of one day's lot."""
    return f"lot:{day.isoformat()}"


def commit_seed(day: date, *, act: Act) -> Entry:
    """封存种子: the log holds its commitment and the share in force now, so that neither can be
    chosen by who knows the day's checks."""
    with writing():
        seed = ledger.seal(secrets.token_hex(32))
        body = {"commit": seed, "percent": policy.number("recheck_percent")}
        return ledger.append(stream=stream(day), verb="commit_seed", act=act, head=None, body=body)


def open_seed(committed: Entry, *, act: Act) -> Entry:
    """公开种子: seed and salt, which hash to what was committed."""
    with writing():
        kept = PrivateValue.objects.get(commit=committed.data["commit"])
        body = {"seed": kept.value, "salt": kept.salt}
        return ledger.append(
            stream=committed.stream, verb="open_seed", act=act, head=committed, body=body
        )
