"""演示办理 acting: does a plan, verb by verb, as the people who hold the posts.

Each act has a key made of seed, case and step: what is in the log already is not done again. An act
that is refused ends its case's road there; the report says so.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from changxiao.assets.models import Component
from changxiao.cases.models import Case
from changxiao.cases.samples import deeds
from changxiao.cases.samples.course import Move
from changxiao.cases.samples.data import ORIGIN
from changxiao.cases.samples.deeds import Album, Deed
from changxiao.cases.samples.people import Actor, People
from changxiao.cases.samples.plan import Plan, Sample
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

CHUNK = 100  # acts a transaction, each behind a savepoint of its own
POSTS: Mapping[str, Post] = {
    **dict.fromkeys(("accept", "decline", "ask_to_confirm", "ask_to_verify"), Post.INTAKE),
    **dict.fromkeys(("confirm", "refute", "verify", "rework"), Post.COLLECTOR),
    **dict.fromkeys(("file", "close", "publish", "grant_appeal"), Post.SHIFT_LEADER),
    **dict.fromkeys(("dispatch", "take_back", "extend", "suspend"), Post.DISPATCHER),
    **dict.fromkeys(("refuse_request", "endorse_appeal", "refuse_appeal"), Post.DISPATCHER),
    **dict.fromkeys(("rule_ownership", "supervise"), Post.LEADER),
    **dict.fromkeys(("void", "force_close"), Post.CENTER_DIRECTOR),
    "nudge": Post.INTAKE,
}
REPORTERS = {"inspection": Post.INSPECTOR, "leader": Post.LEADER, "collector": Post.COLLECTOR}
# On the street, minutes ago.
SEEN = frozenset({"report", "confirm", "refute", "verify", "rework", "handle_on_spot"})


@dataclass(slots=True)
class Done:
    """做了什么: acts done, done before, and refused by way, verb and code."""

    acts: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Player:
    """演员: plays a plan."""

    def __init__(self, plan: Plan, album: Album) -> None:
        self.plan = plan
        self.people = People(plan.wish.until)
        self.done = Done()
        self._cases: dict[int, Case] = {}
        self._over: set[int] = set()
        rows = FilingCriterion.objects.current().select_related("subcategory", "successor")
        criteria = {row.code: row for row in rows}
        parts = Component.everything.select_related("owner_unit", "maintainer")
        components = {row.code: row for row in parts}
        self.stage = deeds.Props(album, self.people, criteria, components)

    def play(self, steps: Sequence[tuple[Move, Sample, int]]) -> Iterator[int]:
        """演出: chunk by chunk, one transaction each; yields how many steps are behind us."""
        for first in range(0, len(steps), CHUNK):
            chunk = steps[first : first + CHUNK]
            with writing():
                known = self._known(chunk)
                for move, sample, at in chunk:
                    if sample.number not in self._over:
                        self._step(move, sample, self._key(sample, at), known)
            yield first + len(chunk)

    def _known(self, chunk: Sequence[tuple[Move, Sample, int]]) -> dict[str, str]:
        keys = [self._key(sample, at) for _move, sample, at in chunk]
        return dict(Entry.objects.filter(act_key__in=keys).values_list("act_key", "stream"))

    def _key(self, sample: Sample, at: int) -> str:
        return str(uuid.uuid5(NAMESPACE, f"demo/{self.plan.wish.seed}/{sample.number}/{at}"))

    def _step(self, move: Move, sample: Sample, key: str, known: Mapping[str, str]) -> None:
        if key in known:
            self.done.repeated += 1
            self._recall(sample, known[key])
            return
        try:
            with writing():
                case, rng = self._cases.get(sample.number), Random(key)
                actor = self._who(move, sample, case, rng)
                act = self._act(move, actor, rng, key)
                self._cases[sample.number] = self.stage.do(Deed(sample, move, rng, act), case)
            self.done.acts += 1
        except Refused as no:
            self.done.refused[f"{sample.fate}/{move.verb}: {no.code}"] += 1
            self._over.add(sample.number)

    def _recall(self, sample: Sample, stream: str) -> None:
        if sample.number not in self._cases:
            rows = Case.everything.select_related("unit", "lead_unit", "component")
            self._cases[sample.number] = rows.get(number=stream.partition(":")[2])

    def _act(self, move: Move, actor: Actor, rng: Random, key: str) -> Act:
        name, post = actor
        seen = move.at - timedelta(minutes=rng.randint(1, 9)) if move.verb in SEEN else None
        # A deputy may write an order down for the leader; both names stand in the story.
        stands_in = post == Post.LEADER and name != self.people.leader
        return Act(
            actor=name,
            post=post,
            key=key,
            at=move.at,
            occurred_at=seen,
            on_behalf=self.people.leader if stands_in else "",
            note=move.note,
            origin=ORIGIN,
        )

    def _who(self, move: Move, sample: Sample, case: Case | None, rng: Random) -> Actor:
        area, verb = sample.spot.community, move.verb
        if verb == "wake":
            return "system:sweep", ""
        if case is None:
            post: str = REPORTERS.get(sample.channel, Post.INTAKE)
            return self.people.of(post, rng, area), post
        if verb == "handle_on_spot" and case.head is not None:
            return case.head.actor, Post.COLLECTOR
        if POSTS.get(verb) == Post.COLLECTOR and case.checker:
            return case.checker, Post.COLLECTOR
        if verb in POSTS:
            return self.people.of(POSTS[verb], rng, area), POSTS[verb]
        return self.people.handler(deeds.acting_unit(case, verb), rng)
