"""演示动作 deeds: a planned move turned into the call of its verb, with what the verb takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

from changxiao.assets.models import Component
from changxiao.cases import actions, rules
from changxiao.cases.actions import Calling, Helper, Problem, Reporter, Shown
from changxiao.cases.evidence import Given, Measured, Outcome, Vouched
from changxiao.cases.models import Case
from changxiao.cases.samples.course import WAITS, Move
from changxiao.cases.samples.people import Chosen, People
from changxiao.cases.samples.plan import Sample
from changxiao.catalog import publicity
from changxiao.catalog.models import FilingCriterion, Need, NeedKind
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger.media.models import Photo
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post

# Whoever speaks on a telephone, or a device that feels and does not see, sends no picture.
BLIND = frozenset({"hotline", "leader", "sensor", "media"})
WITNESSES = ("林先生", "郑女士", "黄先生", "蔡女士")
Album = Callable[[str, str], Photo]  # (scene, "before" | "after" | "document") -> a stored photo
PLAIN: Mapping[str, Callable[..., Case]] = {
    name: getattr(actions, name)
    for name in (
        *("take_back", "extend", "suspend", "refuse_request", "receive", "send_back", "wake"),
        *("ask_extend", "answer_order", "nudge", "appeal", "endorse_appeal", "grant_appeal"),
        *("refuse_appeal", "void"),
    )
}


@dataclass(frozen=True, slots=True)
class Deed:
    """一步的内容: its case's plan, its move, its own chance, and the act."""

    sample: Sample
    move: Move
    rng: Random
    act: Act


def acting_unit(case: Case, verb: str) -> Unit:
    """办理单位: who has the case in hand, or the unit that was asked to help."""
    part = case.assists.filter(answered_at=None).first() if verb == "assist" else None
    unit = part.unit if part else case.unit or case.lead_unit
    if unit is None:
        raise Refused("unit_missing", _("案卷尚未派遣"))
    return unit


def _given(deed: Deed, needs: Sequence[Need]) -> Given:
    """What the unit brings beside photos: values well within bounds, somebody who was there."""
    readings = [
        Measured(need.name, _within(need)) for need in needs if need.kind == NeedKind.READING
    ]
    if all(need.kind != NeedKind.WITNESS for need in needs):
        return Given(readings, outcome=Outcome.RESTORED.value)
    witness = Vouched(name=deed.rng.choice(WITNESSES), post="社区网格员")
    found = Outcome.NOT_FOUND if deed.rng.random() < 0.25 else Outcome.PERSUADED
    outcome = Outcome.RESTORED if readings else found
    return Given(readings, witness, outcome.value)


def _within(need: Need) -> Decimal:
    if need.least is not None and need.most is not None:
        return (need.least + need.most) / 2
    end = need.most if need.most is not None else need.least
    assert end is not None
    return round(end * Decimal("0.9" if need.most is not None else "1.1"), 1)


@dataclass(frozen=True, slots=True)
class Props:
    """道具: pictures, people, criteria and components that the verbs take."""

    album: Album
    people: People
    criteria: Mapping[str, FilingCriterion]
    components: Mapping[str, Component]

    def do(self, deed: Deed, case: Case | None) -> Case:
        """办理: the one verb of this deed."""
        if case is None:
            return self._report(deed)
        verb = deed.move.verb
        if verb in PLAIN:
            return PLAIN[verb](case, act=deed.act)
        with_own: Mapping[str, Callable[[Deed, Case], Case]] = {
            "accept": self._accept,
            "file": lambda one, row: actions.file(row, act=one.act),
            "decline": lambda one, row: actions.decline(row, reason=one.move.note, act=one.act),
            "ask_to_confirm": partial(self._send, actions.ask_to_confirm),
            "ask_to_verify": partial(self._send, actions.ask_to_verify),
            "confirm": partial(self._look, actions.confirm, "confirm"),
            "handle_on_spot": lambda one, row: actions.handle_on_spot(
                row, photos=self._shown(one, "after", "after"), act=one.act
            ),
            "refute": partial(self._look, actions.refute, "confirm"),
            "verify": partial(self._look, actions.verify, "verify"),
            "rework": partial(self._look, actions.rework, "verify"),
            "dispatch": self._dispatch,
            "rule_ownership": self._rule,
            "forward": self._forward,
            "ask_suspend": self._ask_suspend,
            "assist": lambda one, row: actions.assist(
                row, unit=acting_unit(row, "assist"), act=one.act
            ),
            "feed_back": self._feed_back,
            "close": self._close,
            "force_close": self._force_close,
            "publish": self._publish,
            "supervise": lambda one, row: actions.supervise(
                row, kind=one.move.args["kind"], act=one.act
            ),
        }
        return with_own[verb](deed, case)

    def _criterion(self, deed: Deed) -> FilingCriterion:
        return self.criteria[deed.sample.kind.criterion]

    def _shown(self, deed: Deed, which: str, role: str) -> list[Shown]:
        return [Shown(self.album(deed.sample.kind.scene, which), role)]

    def _report(self, deed: Deed) -> Case:
        sample = deed.sample
        problem = Problem(
            channel=sample.channel,
            subcategory=self._criterion(deed).subcategory,
            lon=sample.spot.lon,
            lat=sample.spot.lat,
            description=sample.words,
            address=sample.spot.address,
            component=self.components.get(sample.spot.component),
            reporter=Reporter(*sample.reporter),
            photos=[] if sample.channel in BLIND else self._shown(deed, "before", "before"),
            call=self._call(deed),
        )
        return actions.report(problem, act=deed.act)

    def _call(self, deed: Deed) -> Calling | None:
        """来电: every other caller of the last ten days wants to be rung back."""
        if deed.sample.channel != "hotline":
            return None
        lately = deed.act.moment() > self.people.now - timedelta(days=10)
        return Calling(wants_callback=lately and deed.sample.number % 2 == 0)

    def _accept(self, deed: Deed, case: Case) -> Case:
        later = bool(deed.move.args.get("later"))
        criterion = self._criterion(deed)
        return actions.accept(case, criterion=criterion, confirm_later=later, act=deed.act)

    def _send(self, verb: Callable[..., Case], deed: Deed, case: Case) -> Case:
        area = "" if deed.move.args.get("demo") else deed.sample.spot.community
        return verb(case, collector=self.people.of(Post.COLLECTOR, deed.rng, area), act=deed.act)

    def _look(self, verb: Callable[..., Case], role: str, deed: Deed, case: Case) -> Case:
        mended = deed.move.verb in {"verify", "refute"}
        which = "after" if mended else "before"
        shown = self._shown(deed, which, role) if deed.rng.random() < 0.6 else []
        return verb(case, photos=shown, act=deed.act)

    def _dispatch(self, deed: Deed, case: Case) -> Case:
        unit, section = self._chosen(deed, case)
        helpers = []
        if task := deed.move.args.get("assisting"):
            found = self.people.helpers(unit, deed.sample.spot)
            helpers = [Helper(one, task) for one in found]
        return actions.dispatch(case, to=unit, section=section, assisting=helpers, act=deed.act)

    def _chosen(self, deed: Deed, case: Case) -> Chosen:
        criterion, spot = self._criterion(deed), deed.sample.spot
        found = self.people.proposed(criterion, spot, case)
        if not found:
            raise Refused("nobody_proposed", _("没有可派遣的单位"))
        unit, section = found[1 if deed.move.args.get("other") and len(found) > 1 else 0]
        if section is None and deed.sample.kind.contract and deed.rng.random() < 0.4:
            return self.people.contracted(unit, spot) or (unit, section)
        return unit, section

    def _rule(self, deed: Deed, case: Case) -> Case:
        unit, _section = self._chosen(deed, case)
        return actions.rule_ownership(case, to=unit, act=deed.act)

    def _forward(self, deed: Deed, case: Case) -> Case:
        lead = case.lead_unit
        to = self.people.below(lead, deed.sample.spot, deed.rng) if lead else None
        if to is None:
            return case  # a unit without squads keeps the case where it is
        return actions.forward(case, to=to, act=deed.act)

    def _ask_suspend(self, deed: Deed, case: Case) -> Case:
        until = deed.move.at + timedelta(days=deed.move.args["days"])
        return actions.ask_suspend(case, until=until, act=deed.act)

    def _feed_back(self, deed: Deed, case: Case) -> Case:
        kind, part = deed.sample.kind, deed.move.args["part"]
        staged = self._criterion(deed).successor_id is not None
        words = kind.done[min(part, len(kind.done) - 1)] if staged else deed.rng.choice(kind.done)
        shown = self._shown(deed, "after", "after")
        if deed.sample.channel in BLIND:
            shown += self._shown(deed, "before", "before")
        needs = case.criterion.needs if case.criterion else []
        if any(need.kind == NeedKind.DOCUMENT for need in needs):
            shown += self._shown(deed, "document", "document")
        act = replace(deed.act, note=words)
        return actions.feed_back(case, photos=shown, given=_given(deed, needs), act=act)

    def _close(self, deed: Deed, case: Case) -> Case:
        return actions.close(case, answer=self._answer(deed), act=deed.act)

    def _force_close(self, deed: Deed, case: Case) -> Case:
        return actions.force_close(case, answer=self._answer(deed), act=deed.act)

    def _publish(self, deed: Deed, case: Case) -> Case:
        if publicity.of(case.subcategory_id).view == publicity.View.NONE:
            return case
        text = rules.redacted(case.description)
        return actions.publish(case, text=text, address=case.address, act=deed.act)

    def _answer(self, deed: Deed) -> str:
        return str(deed.move.args["answer"]) if deed.sample.channel in WAITS else ""
