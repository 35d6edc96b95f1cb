"""连办: adjoining steps that one person, holding the posts of all, takes as one act. One table.

Three in the morning one person sits at three desks. Each step still has its own verb, post and
entry, and the flow is asked for each; `actions.chained` makes them one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from changxiao.cases.flow import Flow, Step
from changxiao.kernel.refused import Refused


@dataclass(frozen=True, slots=True)
class Chain:
    """连办: its address and its verbs in order; a `fast` one may leave paper for later."""

    name: str
    verbs: tuple[str, ...]
    fast: bool = False


CHAINS: tuple[Chain, ...] = (
    Chain("urgent", ("accept", "file", "dispatch"), fast=True),
    Chain("urgent-filing", ("file", "dispatch"), fast=True),
    Chain("intake", ("accept", "file", "dispatch")),
    Chain("accepting", ("accept", "file")),
    Chain("filing", ("file", "dispatch")),
)


def steps_of(flow: Flow, chain: Chain) -> list[Step]:
    """各步: the chain's steps as the flow in force has them."""
    return [flow.step(verb) for verb in chain.verbs]


def title(steps: Sequence[Step]) -> str:
    """连办名称: 受理·立案·派遣."""
    return "·".join(str(step.title) for step in steps)


def is_open(flow: Flow, chain: Chain, stage: str, posts: Collection[str]) -> bool:
    """是否可办: each step leaves from where the one before arrived, and a held post may take it."""
    held = frozenset(posts)
    here: str | None = stage
    for step in steps_of(flow, chain):
        if here not in step.sources or not step.posts & held:
            return False
        here = step.target
    return True


def open_to(flow: Flow, stage: str, posts: Collection[str], *, urgent: bool) -> list[Chain]:
    """可办连办: those whose every step these posts may take from here; a fast one where urgent."""
    return [
        chain
        for chain in CHAINS
        if is_open(flow, chain, stage, posts) and (urgent or not chain.fast)
    ]


def named(name: str) -> Chain | None:
    """连办 by its name."""
    return next((chain for chain in CHAINS if chain.name == name), None)


def of_verbs(verbs: Sequence[str], *, fast: bool) -> Chain:
    """连办 of these verbs; Refused("no_chain") lists what there is."""
    for chain in CHAINS:
        if chain.verbs == tuple(verbs) and chain.fast == fast:
            return chain
    known = "；".join("+".join(chain.verbs) for chain in CHAINS if chain.fast == fast)
    message = _("步骤“%(verbs)s”不能连办，可用：%(known)s")
    values = {"verbs": "+".join(verbs)[:80], "known": known}
    raise Refused("no_chain", message % values, field="steps")
