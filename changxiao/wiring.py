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
    | {"complete_photo", "handle_on_spot"}
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
    Consumer(
        "case.photos",
        WITH_EVIDENCE | {"publish"},
        "changxiao.cases.showing.jobs.await_look",
        concerns="changxiao.cases.showing.jobs.concerns",
    ),
    # Fifty cases hold the writers up for some 20 ms; five hundred would for a quarter second.
    Consumer(
        "search.cases",
        frozenset(),
        "changxiao.cases.jobs.index_cases",
        many=True,
        at_once=50,
    ),
    Consumer(
        "case.suggestions",
        frozenset({"report", "accept"}),
        "changxiao.cases.jobs.count_suggestions",
        many=True,
        concerns="changxiao.cases.suggesting.uses.suggests",
    ),
    # From now: nobody walked by our clock before this release.
    Consumer("patrol.missed", frozenset({"file"}), "changxiao.patrols.jobs.propose", from_now=True),
    Consumer(
        "patrol.late",
        frozenset({"finish_patrol"}),
        "changxiao.patrols.jobs.propose_late",
        from_now=True,
        concerns="changxiao.patrols.jobs.told_late",
    ),
    Consumer(
        "case.duplicates",
        frozenset({"close", "force_close", "decline"}),
        "changxiao.cases.jobs.answer_duplicates",
    ),
    # From now: nobody is told of what happened before there was anybody to tell.
    Consumer("notices", frozenset(), "changxiao.notices.jobs.hear", from_now=True, many=True),
    Consumer(
        "gap.notices",
        frozenset({"open_gap", "send_back_gap", "answer_gap"}),
        "changxiao.evaluation.gaps.jobs.hear",
        from_now=True,
        many=True,
        concerns="changxiao.evaluation.gaps.jobs.concerns",
    ),
    Consumer(
        "webhooks", frozenset(), "changxiao.notices.hooks.jobs.hear", from_now=True, many=True
    ),
]

SWEEPS: list[Sweep] = [
    Sweep("checkpoint.sweep", timedelta(minutes=1), "changxiao.ledger.checkpoints.sweep"),
    Sweep("backup", timedelta(minutes=1), "changxiao.ledger.backup.jobs.sweep_backups"),
    Sweep("sign-in.expired", timedelta(hours=1), "changxiao.orgs.jobs.sweep_expired"),
    Sweep("downloads", timedelta(seconds=1), "changxiao.orgs.downloads.sweep"),
    Sweep("training", timedelta(seconds=1), "changxiao.cases.training.sweep"),
    Sweep("daily-report", timedelta(minutes=5), "changxiao.orgs.jobs.issue_report_links"),
    Sweep("open311", timedelta(minutes=1), "changxiao.surfaces.protocols.open311.jobs.sweep"),
    Sweep("wechat", timedelta(seconds=1), "changxiao.surfaces.protocols.wechat.jobs.sweep"),
    Sweep("chats.old", timedelta(hours=1), "changxiao.cases.chats.post.forget"),
    Sweep("work-orders", timedelta(seconds=1), "changxiao.workorders.jobs.sweep"),
    Sweep("work-orders.files", timedelta(hours=1), "changxiao.workorders.jobs.forget"),
    Sweep("photo.orphans", timedelta(hours=1), "changxiao.ledger.media.jobs.sweep_orphans"),
    Sweep("photo.look", timedelta(seconds=2), "changxiao.cases.showing.jobs.look"),
    Sweep("photo.again", timedelta(minutes=10), "changxiao.cases.showing.jobs.look_again"),
    Sweep("case.awaited", timedelta(seconds=20), "changxiao.cases.awaiting.sweep"),
    Sweep("case.wake", timedelta(minutes=1), "changxiao.cases.jobs.wake_suspended"),
    Sweep("case.hand-on", timedelta(minutes=1), "changxiao.cases.jobs.hand_on_tasks"),
    Sweep("case.assign", timedelta(seconds=20), "changxiao.cases.jobs.assign_tasks"),
    Sweep("case.rechecks", timedelta(minutes=5), "changxiao.cases.jobs.draw_rechecks"),
    Sweep("case.redraw", timedelta(minutes=5), "changxiao.cases.jobs.redraw_rechecks"),
    Sweep("patrol.forgotten", timedelta(minutes=1), "changxiao.patrols.jobs.end_forgotten"),
    Sweep("case.emergencies", timedelta(minutes=1), "changxiao.cases.jobs.follow_emergencies"),
    Sweep("facts", timedelta(hours=1), "changxiao.evaluation.refreshing.sweep"),
    Sweep("notice.deadlines", timedelta(minutes=1), "changxiao.notices.deadlines.sweep"),
    Sweep("gap.limits", timedelta(minutes=10), "changxiao.evaluation.gaps.jobs.sweep"),
    Sweep("notice.send", timedelta(seconds=1), "changxiao.notices.sending.sweep"),
    Sweep("notice.hooks", timedelta(seconds=1), "changxiao.notices.hooks.jobs.sweep"),
    Sweep("evaluation", timedelta(seconds=1), "changxiao.evaluation.jobs.sweep"),
    Sweep("notice.old", timedelta(hours=1), "changxiao.notices.jobs.forget"),
]

# Dotted `(viewer, photo) -> bool`: a photo is served where one of them says yes (docs/photos.md).
PHOTO_GATES: tuple[str, ...] = (
    "changxiao.cases.access.may_see_photo",
    "changxiao.cases.finds.access.may_see_photo",
    "changxiao.evaluation.access.may_see_photo",
)

# Dotted `() -> list[Finding]`: what the protocols tell `changxiao doctor` of themselves.
PROBES: tuple[str, ...] = ("changxiao.surfaces.protocols.wechat.accounts.probe",)

# Stream prefix: `check() -> Iterator[str]` yields a sentence for each row that the log alone would
# not give (`ledger verify --state`, P7).
REPLAYS: dict[str, str] = {
    "case:": "changxiao.cases.replay.check",
    "evaluation:": "changxiao.evaluation.replay.checks.check_evaluations",
    "gap:": "changxiao.evaluation.replay.checks.check_gaps",
    "missed:": "changxiao.patrols.replay.check_missed",
    "observations:": "changxiao.evaluation.replay.checks.check_observations",
    "patrol:": "changxiao.patrols.replay.check_patrols",
    "scheme:": "changxiao.evaluation.replay.checks.check_schemes",
    "scores:": "changxiao.evaluation.replay.checks.check_sheets",
}

# List: dotted `(wanted, now) -> Sheet` of the rows that the current viewer may take as xlsx.
EXPORTS: dict[str, str] = {
    "cases": "changxiao.cases.export.sheet",
    "components": "changxiao.assets.export.sheet",
    "emergencies": "changxiao.catalog.export.emergencies",
    "exceptional": "changxiao.cases.exceptional.sheet",
    "order-answers": "changxiao.workorders.export.answers",
    "order-faults": "changxiao.workorders.export.faults",
    "gaps": "changxiao.evaluation.gaps.listing.sheet",
    "missed": "changxiao.patrols.export.missed",
    "observations": "changxiao.evaluation.observing.listing.sheet",
    "patrols": "changxiao.patrols.export.patrols",
    "people": "changxiao.orgs.export.people",
    "units": "changxiao.orgs.export.units",
}
