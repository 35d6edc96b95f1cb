"""导入观测: a sheet that was read without a fault becomes one entry of the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from changxiao.evaluation.observing.folding import STREAM, standing
from changxiao.kernel.act import Act
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger import chain
from changxiao.ledger.models import Entry


def import_observations(rows: Sequence[dict[str, Any]], *, file: str, act: Act) -> bool:
    """导入观测: False where each row stands already as it is told. A row told anew under its number
    and kind replaces the earlier one, in the facts from the next export on."""
    digest = sha256(chain.canonical({"rows": list(rows)}).encode()).hexdigest()
    with writing():
        sheets = Entry.objects.beside_cases().filter(stream__startswith=STREAM)
        bodies = sheets.order_by("id").values_list("body", flat=True)
        known = standing(map(json.loads, bodies))
        if all(known.get((row["item"], row["kind"])) == row for row in rows):
            return False
        body = {"file": file[:120], "digest": digest, "rows": list(rows)}
        stream = f"{STREAM}{digest[:16]}"
        ledger.append(stream=stream, verb="import_observations", act=act, body=body)
    return True
