"""导入观测: a sheet that was read without a fault becomes one entry of the log, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from changxiao.evaluation.flow import OFFICE
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.observing.folding import STREAM
from changxiao.evaluation.observing.known import recorded
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger import chain
from changxiao.ledger.models import Entry


def import_observations(rows: Sequence[dict[str, Any]], *, file: str, act: Act) -> bool:
    """导入观测: False where each row stands already as it is told. A row told anew under its number
    and kind replaces the earlier one, in the facts from the next export on. Refused `not_yours`."""
    digest = sha256(chain.canonical({"rows": list(rows)}).encode()).hexdigest()
    stream = f"{STREAM}{digest[:16]}"
    if act.post not in OFFICE and not act.actor.startswith("system:"):
        raise Refused("not_yours", _("观测由监督中心主任或指挥中心主任导入"), field="post")
    with writing():
        known = recorded([row["item"] for row in rows])
        if all(known.get((row["item"], row["kind"])) == row for row in rows):
            return False
        body = {"file": file[:120], "digest": digest, "rows": list(rows)}
        entry = ledger.append(stream=stream, verb="import_observations", act=act, body=body)
        _put(rows, file[:120], entry)
    return True


def _put(rows: Sequence[dict[str, Any]], file: str, entry: Entry) -> None:
    made = [
        Observation(
            **{**row, "observed_at": datetime.fromisoformat(row["observed_at"])},
            file=file,
            entry=entry,
        )
        for row in rows
    ]
    columns = [name for name in rows[0] if name not in {"item", "kind"}]
    Observation.everything.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["item", "kind"],
        update_fields=[*columns, "file", "entry"],
        batch_size=60,
    )
