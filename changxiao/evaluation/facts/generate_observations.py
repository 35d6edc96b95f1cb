"""虚拟观测: what inspectors would have counted: every kind of the library, weekly, at twelve places
or units of a city.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from changxiao.evaluation.facts import schema
from changxiao.evaluation.indicators import observed
from changxiao.evaluation.indicators.base import LOW, NUMBER, Indicator

SUBJECTS, WEEKS, SAMPLE = 12, 4, 100
KINDS = [row for row in observed.ROWS if row.table is schema.OBSERVATIONS]


def observations_of(city: str, start: datetime, rng: np.random.Generator) -> pa.Table:
    """观测行 of one city's month that begins at `start` (aware)."""
    first = start.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=9)
    rows = [
        _row(city, row, first + timedelta(weeks=week), subject, rng)
        for row in KINDS
        for week in range(WEEKS)
        for subject in range(SUBJECTS)
    ]
    return pa.Table.from_pylist(rows, schema=schema.arrow("observations"))


def _row(
    city: str, row: Indicator, at: datetime, subject: int, rng: np.random.Generator
) -> dict[str, Any]:
    unit = f"{city}-u{subject:03d}"
    junction = row.level == "junction"
    return {
        "city": city,
        "item": f"{at:%Y%m%d}-{subject:02d}",
        "kind": row.key,
        "subject_kind": "junction" if junction else "unit",
        "subject": f"{city}-j{subject:02d}" if junction else unit,
        "department": "" if junction else unit,
        "district": f"{city}{subject % 6:02d}",
        "street": "",
        "observed_at": at,
        **_numbers(row, subject, rng),
    }


def _numbers(row: Indicator, subject: int, rng: np.random.Generator) -> dict[str, int]:
    if row.kind == NUMBER:
        return {"numerator": int(rng.random() < 0.03), "denominator": 0}
    good = 0.98 - 0.02 * subject
    share = 1 - good if row.better == LOW else good
    return {"numerator": int(rng.binomial(SAMPLE, share)), "denominator": SAMPLE}
