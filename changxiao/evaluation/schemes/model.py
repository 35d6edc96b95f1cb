"""评价方案 Scheme: everything that decides a score, as read and checked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from changxiao.evaluation.formulas import Node, Unit
from changxiao.evaluation.periods import Period
from changxiao.evaluation.schemes.outside import OutsideItem
from changxiao.evaluation.schemes.scales import Full, Step
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

AREAS = ("district", "street", "community", "duty_grid")
GROUPS = (
    "district", "street", "community", "duty_grid", "department", "contractor", "person", "subject",
    "junction",
)  # fmt: skip
POSTS = ("collector", "intake", "shift_leader", "dispatcher", "handler")
PERIODS = ("day", "week", "month", "quarter", "year")
SHARE, NEUTRAL = "share", "neutral"
FULL_COUNT, SAMPLED = "full", "sampled"
RANK, BAND, RANGE = "rank", "band", "range"


class Known(Protocol):
    """指标库的一行, as far as a scheme needs it."""

    @property
    def kind(self) -> str: ...
    @property
    def better(self) -> str: ...
    @property
    def by(self) -> Any: ...


Library = Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Item:
    """评价项: a branch with parts, or a leaf with a formula and how its value becomes points.

    `no_data` and `neutral` are the scheme's own where the item says nothing else.
    """

    key: str
    title: str
    weight: Fraction
    parts: tuple[Item, ...] = ()
    text: str = ""
    node: Node | None = None
    unit: Unit = field(default_factory=Unit)
    better: str = ""
    steps: tuple[Step, ...] = ()
    full: Full | None = None
    no_data: str = SHARE
    neutral: Fraction = Fraction(60)
    off: bool = False

    def leaves(self) -> Iterator[Item]:
        """末级项, in the order of the scheme; those switched off are left out."""
        if self.off:
            return
        if self.node is not None:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """逐件加减分: `each` points for each of `node`, as often again for each of `double`; together
    never more than `most` either way."""

    key: str
    title: str
    each: Fraction
    text: str
    node: Node
    double_text: str = ""
    double: Node | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """同分比较: by the value of an indicator; `low`: the smaller comes first."""

    name: str
    low: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """等级: a name for a stretch of scores."""

    step: Step

    @property
    def key(self) -> str:
        return self.step.name


@dataclass(frozen=True, slots=True)
class Honor:
    """红黑榜的一张: the first or last `n`, what is proposed, and what follows each time in a row.

    `follow`: `rank` takes the first n with all that tie; `band` only what no noise decides;
    `range` those of the first n that are surely in the upper half, of the last n in the lower.
    """

    key: str
    title: str
    color: str
    last: bool
    n: int
    follow: str
    proposal: str
    repeats: tuple[tuple[int, str], ...] = ()

    def due(self, times: int) -> str:
        """该采取的措施: after so many appearances in a row; those after the last rule repeat it."""
        found = self.proposal
        for least, act in self.repeats:
            if times >= least:
                found = act
        return found


@dataclass(frozen=True, slots=True)
class Scheme:
    """评价方案: one version, in force from `first_date` to `last_date` (None: open)."""

    key: str
    title: str
    version: int
    first_date: date
    last_date: date | None
    group: str
    within: str
    post: str
    periods: tuple[str, ...]
    counting: str
    total: Fraction
    items: tuple[Item, ...]
    formulas: Mapping[str, tuple[str, Node]]
    order: tuple[str, ...]
    outside: tuple[OutsideItem, ...]
    adjustments: tuple[Adjustment, ...]
    most_minus: Fraction | None
    most_plus: Fraction | None
    exclude: tuple[str, ...]
    least_cases: int
    least_of: str
    ties: tuple[Tie, ...]
    grades: tuple[Grade, ...]
    honors: tuple[Honor, ...]
    source: str
    raw: Mapping[str, Any]

    def leaves(self) -> list[Item]:
        """末级项 of the whole tree."""
        return [leaf for item in self.items for leaf in item.leaves()]

    def outside_keys(self) -> frozenset[str]:
        """外部得分项的代号."""
        return frozenset(one.key for one in self.outside)

    def looks_back(self) -> int:
        """回看几个周期: one for the trend, as many as the longest rule of repetition needs."""
        return max([1, *(times - 1 for honor in self.honors for times, _act in honor.repeats)])

    def check_in_force(self, period: Period) -> None:
        """核对有效期. Refused `scheme_not_in_force`, `period_kind_wrong`."""
        if period.kind not in self.periods:
            told = {"title": self.title, "kinds": "、".join(self.periods), "label": period.label}
            sentence = _("“%(title)s”按 %(kinds)s 评价，%(label)s 不是这种周期：请换周期或方案。")
            raise Refused("period_kind_wrong", sentence % told, field="period")
        late = self.last_date is not None and period.last_date > self.last_date
        if period.first_date < self.first_date or late:
            told = {
                "title": self.title,
                "version": str(self.version),
                "first": str(self.first_date),
                "last": str(self.last_date or "…"),
                "label": period.label,
            }
            sentence = _(
                "“%(title)s”第 %(version)s 版自 %(first)s 起至 %(last)s 有效，不能评 %(label)s："
                "请用当时有效的版本。"
            )
            raise Refused("scheme_not_in_force", sentence % told, field="period")
