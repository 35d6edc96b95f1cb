"""差距任务的规则: what a sheet's deductions ask of whom, and what becomes of the tasks of a sheet
that another one took the place of. Pure.

A task is of one ranked one and one item, with its deductions inside: who is ranked stays, while
whoever answers for him that day may change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from changxiao.evaluation.rankings.marks import Line, lost
from changxiao.evaluation.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Lost:
    """一处扣分: how much, why, the evidence, and under which contract where one is named."""

    minus: str
    what: str
    evidence: str
    contract: str = ""

    def told(self) -> dict[str, str]:
        """写入记录的样子."""
        return {name: text for name, text in asdict(self).items() if text or name != "contract"}

    @classmethod
    def read(cls, told: Mapping[str, str]) -> Lost:
        """读回, as `told` wrote it."""
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Gap:
    """一项差距: what was taken off whom under an item."""

    item: str
    group: str
    rows: tuple[Lost, ...]

    @property
    def minus(self) -> str:
        """合计扣分."""
        return f"{sum((Decimal(one.minus) for one in self.rows), Decimal(0)):f}"


@dataclass(frozen=True, slots=True)
class Standing:
    """已有的任务: `waits` to be answered; what was answered stays whatever comes."""

    gap: Gap
    waits: bool


def gaps_of(scheme: Scheme, lines: Sequence[Line]) -> list[Gap]:
    """差距: a row for each deduction; one for what a bare score lacks to full marks."""
    found = []
    for item in scheme.outside:
        groups = dict.fromkeys(line.group for line in lines if line.item == item.key)
        for group in groups:
            own = [line for line in lines if (line.item, line.group) == (item.key, group)]
            rows = tuple(
                Lost(minus, line.reason, line.evidence, line.contract_words)
                for line, minus in lost(item, own)
            )
            if rows:
                found.append(Gap(item.key, group, rows))
    return found


def replaced(old: Sequence[Standing], new: Sequence[Gap]) -> tuple[list[int], list[Gap]]:
    """换表: which of the old tasks go, by place, and which are to be made. A deduction that was
    answered is not asked for again; a task that waits stays where all of it is still taken off."""
    rest = {(one.item, one.group): list(one.rows) for one in new}
    gone = []
    for n, one in sorted(enumerate(old), key=lambda told: told[1].waits):
        wanted = rest.get((one.gap.item, one.gap.group), [])
        if one.waits and not _within(one.gap.rows, wanted):
            gone.append(n)
            continue
        for row in one.gap.rows:
            if row in wanted:
                wanted.remove(row)
    made = [Gap(item, group, tuple(rows)) for (item, group), rows in rest.items() if rows]
    return gone, made


def _within(rows: Sequence[Lost], wanted: Sequence[Lost]) -> bool:
    return all(rows.count(row) <= wanted.count(row) for row in rows)
