"""差距任务的规则: which deductions are tasks, and what becomes of those of a sheet that another one
took the place of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from changxiao.evaluation.rankings.marks import Line, lost
from changxiao.evaluation.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Gap:
    """一项差距: what was taken off whom, and why."""

    item: str
    group: str
    minus: str
    what: str
    evidence: str


def gaps_of(scheme: Scheme, lines: Sequence[Line]) -> list[Gap]:
    """差距: one for each deduction; one for what a bare score lacks to full marks."""
    found = []
    for item in scheme.outside:
        groups = dict.fromkeys(line.group for line in lines if line.item == item.key)
        for group in groups:
            own = [line for line in lines if (line.item, line.group) == (item.key, group)]
            found += [
                Gap(item.key, group, minus, line.reason, line.evidence)
                for line, minus in lost(item, own)
            ]
    return found


def replaced(old: Iterable[Gap], new: Sequence[Gap]) -> tuple[list[Gap], list[Gap]]:
    """换表: which tasks of the old sheet go, and which of the new one are to be made; what is the
    same in both stays as it is, as often as it is there."""
    rest, gone = list(new), []
    for one in old:
        if one in rest:
            rest.remove(one)
        else:
            gone.append(one)
    return gone, rest
