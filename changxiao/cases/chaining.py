"""连办输入: turns the inputs of a chain's steps into the parts that `actions.chained` takes.

Desk and API share it. Each part is taken in a post that the viewer holds and the flow allows; what
a fast lane leaves out is told here, from what the case had before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from changxiao.cases import access, actions, inputs, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.chained import Part
from changxiao.cases.chains import Chain
from changxiao.cases.models import Case
from changxiao.cases.rules import Owed
from changxiao.cases.suggesting.offering import unpacked
from changxiao.kernel import scope
from changxiao.kernel.act import Act


def parts_of(
    case: Case, chain: Chain, bodies: Sequence[inputs.Common], *, wish: str = ""
) -> list[Part]:
    """各步: one part a verb of the chain; `wish` is the post chosen at the top of the page."""
    told = zip(chain.verbs, bodies, strict=True)
    calls = _fast(case, bodies) if chain.fast else verbs.VERBS
    return [_part(case, calls[verb], verb, body, wish) for verb, body in told]


def _part(case: Case, verb: verbs.Verb, name: str, body: inputs.Common, wish: str) -> Part:
    step = flow_in_force().step(name)
    post = access.post_for(scope.current(), case, step, wish=body.post or wish)
    return Part(str(step.title), post, lambda c, act: verb.call(c, body, act), body.note)


def _fast(case: Case, bodies: Sequence[inputs.Common]) -> Mapping[str, verbs.Verb]:
    """The same steps with what they may leave for later."""
    owing = [] if case.criterion_id else [Owed.CRITERION.value]
    owing += [] if bodies[-1].note.strip() else [Owed.NOTE.value]

    def accept(c: Case, body: inputs.Accepted, act: Act) -> Case:
        chosen, offered = verbs.criterion(body.criterion), unpacked(body.shown)
        return actions.accept(c, criterion=chosen, act=act, confirm_later=True, offered=offered)

    def dispatch(c: Case, body: inputs.Dispatched, act: Act) -> Case:
        to = verbs.unit(body.unit)
        section = verbs.section(body.section, to)
        return actions.dispatch(c, to=to, section=section, act=act, owing=owing)

    return {
        **verbs.VERBS,
        "accept": verbs.Verb(inputs.Accepted, accept),
        "dispatch": verbs.Verb(inputs.Dispatched, dispatch),
    }
