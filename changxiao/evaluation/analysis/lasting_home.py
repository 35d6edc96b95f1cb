"""本市长效: the table of this city, from its facts, its patrols and what it has decided.

The table is counted once for each state of the facts and kept in memory; the page of one group
reads the columns again, for its days and its spots are too much to keep of everybody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _

from changxiao.areas.models import Community
from changxiao.catalog import policy
from changxiao.catalog.models import PlaceKind
from changxiao.catalog.policy_lasting import campaigns, channels, reaches, weights
from changxiao.evaluation.analysis.lasting_cut import OUTSIDE, READ_AS, Cut, cut_of
from changxiao.evaluation.engines import reader
from changxiao.evaluation.facts.store import Facts
from changxiao.evaluation.lasting import assembling
from changxiao.evaluation.lasting.assembling import GROUPS, PLACED, Asked, Lasting, Seen
from changxiao.evaluation.lasting.problems import Floats
from changxiao.evaluation.lasting.recurrence import Reach
from changxiao.evaluation.lasting.spots import Spot, spots
from changxiao.evaluation.localtime import SECOND, local_time
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.patrols.models import Patrol

SPANS = (90, 365, 0)  # days; 0 is everything


@dataclass(frozen=True, slots=True)
class One:
    """一组: its row, its cases by day, its visits by day, the places it keeps coming back to."""

    row: Lasting
    seen: Seen
    found: Floats
    visits: Floats
    spots: list[Spot]


def asked_of_city(days: int) -> Asked:
    """怎样算, by the policies in force."""
    reach = Reach(
        policy.number("lasting_metres"),
        policy.number("lasting_days"),
        reaches(policy.text("lasting_reach")),
    )
    return Asked(
        reach,
        frozenset(channels(policy.text("lasting_channels"))),
        city_zone(),
        campaigns(policy.text("lasting_campaigns")),
        weights(policy.text("lasting_weights")),
        days,
    )


def table_of(facts: Facts, by: str, days: int, kind: str = "") -> list[Lasting]:
    """长效表 of the city, or of its places of one `kind`. Refused `parameter_unreadable` for what
    it cannot be told by."""
    check(by, days, kind)
    asked, cut = asked_of_city(days), cut_of(by, kind)
    reach = asked.reach
    ways = tuple(sorted((reach.of_kind or {}).items()))
    told = (str(facts.folder), facts.digest, by, asked.zone.key, asked.channels, asked.campaigns)
    more = (asked.days, reach.metres, reach.days, ways, *asked.weights.items())
    return _table(_Key((*told, *more, cut), facts, cut, asked))


def check(by: str, days: int, kind: str = "") -> None:
    """是否可分. Refused `parameter_unreadable`."""
    if by not in GROUPS or days not in SPANS or kind not in ("", *PlaceKind.Kind.values):
        told = {"value": f"{by} {days} {kind}"[:40], "known": "、".join(GROUPS)}
        sentence = _("长效表不能按“%(value)s”看：可用 %(known)s，近 90、365 天或全部。")
        raise Refused("parameter_unreadable", sentence % told, field="by")


@dataclass(frozen=True, slots=True)
class _Key:
    """What the table hangs on: facts of one digest are the same."""

    told: tuple[object, ...]
    facts: Facts = field(compare=False)
    cut: Cut = field(compare=False)
    asked: Asked = field(compare=False)


@lru_cache(maxsize=12)
def _table(key: _Key) -> list[Lasting]:
    seen = seen_of(key.facts, key.cut, key.asked)
    rows = assembling.assemble(seen, visits(key.cut, seen))
    return [row for row in rows if row.group != OUTSIDE]


def seen_of(facts: Facts, cut: Cut, asked: Asked) -> Seen:
    """所见 of the facts, grouped as asked."""
    with reader(facts) as columns:
        rows = columns(assembling.question(READ_AS.get(cut.by, cut.by), asked))
    return cut.regrouped(assembling.seen(rows, asked), assembling.texts(rows["community"]))


def visits(cut: Cut, seen: Seen) -> dict[str, Floats]:
    """巡查开始的时刻 (local days) by place, within the days of the cases; of things that are no
    place none."""
    by, kinds = cut.by, cut.of_community
    if by not in PLACED or not len(seen.problems):
        return {}
    found: dict[str, list[int]] = defaultdict(list)
    streets = dict(Community.objects.values_list("code", "subdistrict__code"))
    for code, at in Patrol.everything.values_list("community_code", "started_at"):
        if cut.kind and kinds.get(code) != cut.kind:
            continue
        place = {"street": streets, "place_kind": kinds}.get(by, {code: code}).get(code, "")
        found[place].append(int(at.timestamp()) * SECOND)
    zone = local_time(seen.asked.zone)
    days = {code: zone.days(np.array(moments)) for code, moments in found.items()}
    return {code: at[(at >= seen.first) & (at <= seen.until + 1)] for code, at in days.items()}


def one_of(facts: Facts, cut: Cut, group: str, days: int) -> One | None:
    """一组, None where the facts have none of it."""
    check(cut.by, days, cut.kind)
    seen = seen_of(facts, cut, asked_of_city(days))
    mine = seen.problems.group == group
    if group == OUTSIDE or not mine.any():
        return None
    rows = np.flatnonzero(mine)
    walked = visits(cut, seen).get(group, np.array([]))
    counted = next(row for row in assembling.recurred(seen) if row.group == group)
    return One(
        assembling.lasting_of(seen, rows, counted, walked),
        seen,
        seen.daily(seen.problems.found[mine & seen.problems.counts]).astype(float),
        seen.daily(walked).astype(float),
        spots(seen, group=group),
    )
