"""回放: the log alone rebuilds every walk and every missed report (`changxiao ledger verify
--state`)."""

from __future__ import annotations

from collections.abc import Iterator

from changxiao.cases.written import folded, plain
from changxiao.ledger.replaying import Bodies, differs, paired, unpaired
from changxiao.patrols.models import MissedReport, Patrol


def check_patrols() -> Iterator[str]:
    """逐次核对巡查."""
    rows = Patrol.everything.order_by("number").iterator(chunk_size=500)
    for stream, row, bodies in paired(rows, "patrol:"):
        if sentence := unpaired(stream, row, bodies):
            yield sentence
        elif row is not None:
            yield from _differences(row, bodies)


def check_missed() -> Iterator[str]:
    """逐件核对漏报; a proposal names its walk."""
    every = MissedReport.everything.select_related("case", "patrol").order_by("case__number")
    for stream, row, bodies in paired(every.iterator(chunk_size=500), "missed:"):
        if sentence := unpaired(stream, row, bodies):
            yield sentence
        elif row is not None:
            yield from _differences(row, bodies)
            if bodies[0]["patrol"] != row.patrol.number:
                yield differs(stream, "patrol", bodies[0]["patrol"], row.patrol.number)


def _differences(row: Patrol | MissedReport, bodies: Bodies) -> Iterator[str]:
    for name, told in folded(bodies).items():
        held = plain(getattr(row, name))
        if held != told:
            yield differs(row.stream, name, told, held)
    if row.n != len(bodies):
        yield differs(row.stream, "n", len(bodies), row.n)
