"""接线: who hears of which entries, what is swept how often, how state is replayed. The only list.

A line here is how a lower room's entry reaches a higher one (house.md §2): no signals, no
registries filled on import. All names are dotted, so that this module imports no room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from changxiao.ledger.consumers import Consumer


@dataclass(frozen=True, slots=True)
class Sweep:
    """定时清扫: the worker calls `function(now)` every so often; it must be safe to run twice."""

    name: str
    every: timedelta
    function: str


WITH_EVIDENCE = frozenset(
    {"report", "confirm", "refute", "assist", "feed_back", "verify", "rework", "add_photo"}
)
CONSUMERS: list[Consumer] = [
    # From now: what a demo or an import tells of earlier years was not seen here.
    Consumer(
        "case.evidence",
        WITH_EVIDENCE,
        "changxiao.cases.jobs.flag_evidence",
        from_now=True,
        concerns="changxiao.cases.flagging.concerns",
    ),
    Consumer("search.cases", frozenset(), "changxiao.cases.jobs.index_cases", many=True),
    Consumer(
        "case.duplicates",
        frozenset({"close", "force_close", "decline"}),
        "changxiao.cases.jobs.answer_duplicates",
    ),
]

SWEEPS: list[Sweep] = [
    Sweep("checkpoint.sweep", timedelta(minutes=1), "changxiao.ledger.checkpoints.sweep"),
    Sweep("backup", timedelta(minutes=1), "changxiao.ledger.backup.jobs.sweep_backups"),
    Sweep("sign-in.expired", timedelta(hours=1), "changxiao.orgs.jobs.sweep_expired"),
    Sweep("downloads", timedelta(seconds=1), "changxiao.orgs.downloads.sweep"),
    Sweep("daily-report", timedelta(minutes=5), "changxiao.orgs.jobs.issue_report_links"),
    Sweep("photo.orphans", timedelta(hours=1), "changxiao.ledger.media.jobs.sweep_orphans"),
    Sweep("case.wake", timedelta(minutes=1), "changxiao.cases.jobs.wake_suspended"),
    Sweep("case.assign", timedelta(seconds=20), "changxiao.cases.jobs.assign_tasks"),
    Sweep("case.emergencies", timedelta(minutes=1), "changxiao.cases.jobs.follow_emergencies"),
]

# Dotted `(viewer, photo) -> bool`: a photo is served where one of them says yes (docs/photos.md).
PHOTO_GATES: tuple[str, ...] = ("changxiao.cases.access.may_see_photo",)

# Stream prefix: `check() -> Iterator[str]` yields a sentence for each row that the log alone would
# not give (`ledger verify --state`, P7).
REPLAYS: dict[str, str] = {"case:": "changxiao.cases.replay.check"}

# List: dotted `(wanted, now) -> Sheet` of the rows that the current viewer may take as xlsx.
EXPORTS: dict[str, str] = {
    "cases": "changxiao.cases.export.sheet",
    "components": "changxiao.assets.export.sheet",
    "emergencies": "changxiao.catalog.export.emergencies",
    "exceptional": "changxiao.cases.exceptional.sheet",
    "people": "changxiao.orgs.export.people",
    "units": "changxiao.orgs.export.units",
}
