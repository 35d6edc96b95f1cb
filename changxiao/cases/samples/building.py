"""演示建造 building: components, pictures, cases, an emergency, and the first checkpoint.

The wish is kept in the home (`demo`), with the moment up to which the demo runs: building again, or
after a kill, is the same plan, and adds only what is missing.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from changxiao.areas.home import home_city
from changxiao.assets import actions as assets
from changxiao.cases import jobs
from changxiao.cases.models import Case
from changxiao.cases.samples import calls, cameras, pictures, spots
from changxiao.cases.samples.acting import Player
from changxiao.cases.samples.course import Facts
from changxiao.cases.samples.data import ORIGIN, Invented, Kind, invented
from changxiao.cases.samples.people import People
from changxiao.cases.samples.plan import Plan, Planner, Wish
from changxiao.cases.samples.spots import Spot
from changxiao.catalog import actions as catalog
from changxiao.catalog import timetable
from changxiao.catalog.models import Emergency, FilingCriterion
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.home import folder, home
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger import checkpoints, log, sequencer
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

Progress = Callable[[str, int, int], None]  # what, how many are done, of how many
WHICH = ("before", "after")
FLAGGED = 8


@dataclass(slots=True)
class Built:
    """建成: what this run added, and where the cases stand."""

    cases: int = 0
    entries: int = 0
    components: int = 0
    photos: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)


def build(wish: Wish, progress: Progress = lambda _what, _done, _all: None) -> Built:
    """建演示城市: as a system viewer. Raises Refused: home_empty, demo_unknown, demo_real (there
    are real cases here), demo_other (another demo was built here).
    """
    told = invented(home_city().code)
    wish = settled(wish)
    before = Entry.objects.count(), Case.everything.count(), Photo.objects.count()
    plan = Planner(told, facts(wish.until), wish).plan()
    built = Built(components=_census(plan, wish))
    album = _album(plan, wish, progress)
    player = Player(plan, album)
    _play(player, plan, told, progress)
    cameras.install(plan, album, wish)
    calls.ring(wish)
    _weigh()
    while sequencer.run_batch():
        pass
    last = checkpoints.latest()
    if last is None or last.size < log.size():
        checkpoints.sign(wish.until)
    built.entries = Entry.objects.count() - before[0]
    built.cases = Case.everything.count() - before[1]
    built.photos = Photo.objects.count() - before[2]
    built.refused = dict(player.done.refused)
    built.stages = dict(Counter(Case.everything.values_list("stage", flat=True)))
    return built


def _weigh() -> None:
    """The newest feedbacks go past the rules of evidence, so that the page of flags has rows: drawn
    pictures are used in many cases, which is just what a flag is about."""
    newest = Entry.objects.filter(verb="feed_back").order_by("-id")[:FLAGGED]
    for entry in reversed(newest):
        jobs.flag_evidence(entry)


def settled(wish: Wish) -> Wish:
    """定下要求: the one that this home was built by goes on; a first one is written down."""
    path = home() / "demo"
    kept = path.read_text().strip() if path.is_file() else ""
    if kept:
        row = json.loads(kept)
        old = replace(wish, until=datetime.fromisoformat(row.pop("until")), **row)
        if replace(wish, until=old.until) != old:
            words = {"weeks": old.weeks, "cases": old.cases, "seed": old.seed}
            sentence = _(
                "此处已按%(weeks)d周、%(cases)d件、种子%(seed)d建成演示城市；"
                "要另建一座，请换一个空目录（CHANGXIAO_HOME）"
            )
            raise Refused("demo_other", sentence % words, field="cases")
        return old
    if Case.everything.exclude(origin=ORIGIN).exists():
        sentence = _("此处已有真实案卷，不能混入演示案卷；请换一个空目录（CHANGXIAO_HOME）")
        raise Refused("demo_real", sentence)
    row = {"weeks": wish.weeks, "cases": wish.cases, "seed": wish.seed}
    path.write_text(json.dumps({**row, "until": wish.until.isoformat()}))
    return wish


def facts(day: datetime) -> Facts:
    """已知: limits, calendars and working windows as the city's rows have them."""
    rows = FilingCriterion.objects.current().select_related("subcategory", "successor")
    criteria = {row.code: row for row in rows}
    people, known = People(day), {}

    def window(kind: Kind, spot: Spot) -> str:
        key = kind.criterion, spot.street
        if key not in known:
            found = people.proposed(criteria[kind.criterion], spot, None)
            known[key] = found[0][0].window_kind if found else "office"
        return str(known[key])

    after = {code: row.successor.code for code, row in criteria.items() if row.successor}
    limits = {code: row.limit for code, row in criteria.items()}
    return Facts(limits, after, timetable.calendar_for, window)


def _act(wish: Wish, what: str, at: datetime, *, post: str = "") -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/{wish.seed}/{what}"))
    actor = People(at).first(post) if post else "system:demo"
    return Act(actor=actor, post=post, key=key, at=at, origin=ORIGIN)


def _begin(wish: Wish) -> datetime:
    return wish.until - timedelta(weeks=wish.weeks, days=2)


def _census(plan: Plan, wish: Wish) -> int:
    path = folder("tmp") / f"demo-census-{wish.seed}.csv"
    path.write_text(spots.as_table(plan.pieces), encoding="utf-8")
    try:
        report = assets.import_census(path, act=_act(wish, "census", _begin(wish)))
    finally:
        path.unlink()
    return 0 if report.repeated else report.census.created_count


def _album(plan: Plan, wish: Wish, progress: Progress) -> Callable[[str, str], Photo]:
    act = _act(wish, "photos", _begin(wish), post=Post.COLLECTOR)
    known: dict[tuple[str, str], Photo] = {}

    def photo(scene: str, which: str) -> Photo:
        key = ("", which) if which == "document" else (scene, which)
        if key not in known:
            data, name = pictures.drawn(scene, which), f"demo-{scene}-{which}.png"
            known[key] = media.store(data, declared_type="image/png", name=name, act=act)
        return known[key]

    # Before the first transaction: cleaning a picture takes a good part of a second.
    scenes = sorted({sample.kind.scene for sample in plan.samples})
    wanted = [(scene, which) for scene in scenes for which in WHICH] + [("", "document")]
    for number, (scene, which) in enumerate(wanted, start=1):
        photo(scene, which)
        progress(_("演示图片"), number, len(wanted))
    return photo


def _play(player: Player, plan: Plan, told: Invented, progress: Progress) -> None:
    steps, behind = plan.steps(), 0
    order = declare(plan.wish, told)
    for moment in [order.from_at, order.to_at, None]:
        upto = [step for step in steps[behind:] if moment is None or step[0].at < moment]
        for done in player.play(upto):
            progress(_("演示步骤"), behind + done, len(steps))
        behind += len(upto)
        if moment is not None:
            jobs.follow_emergencies(moment)


def declare(wish: Wish, told: Invented) -> Emergency:
    """演示应急令: declared some days ago, ended by now."""
    row: Mapping[str, Any] = told.told["emergency"]
    since = wish.until - timedelta(days=min(row["days_ago"], wish.weeks * 7 - 2))
    since = since.replace(minute=0, second=0, microsecond=0)
    number = row["order"] % {"year": since.year}
    known = Emergency.objects.filter(order_number=number).first()
    if known is not None:
        return known
    return catalog.declare_emergency(
        number,
        name=row["name"],
        span=(since, since + timedelta(hours=row["hours"])),
        act=_act(wish, "emergency", since - timedelta(hours=3), post=Post.COMMAND_DIRECTOR),
        keys=row["keys"],
    )
