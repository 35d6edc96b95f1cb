"""评价 evaluate: facts, a scheme and a period become one result, the same bytes everywhere.

Everything that decided it stands in the result: which facts, which rules, which code, which
corrections after objections. Its digest is the SHA-256 of its canonical JSON (RFC 8785). No Django.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import rfc8785

from changxiao.evaluation.counting import Count, count
from changxiao.evaluation.engines import Run
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.periods import Period
from changxiao.evaluation.rankings import Past, past, rank
from changxiao.evaluation.rankings.marks import Outside, marks
from changxiao.evaluation.reporting import told_of
from changxiao.evaluation.schemes import Scheme, canonical
from changxiao.evaluation.schemes.reading import column, used
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

VERSION = 1
Told = Callable[[int, int, str], None]
# What decides a figure. Engines do not: they answer alike, and a test holds them to it.
_DECIDES = (
    *("counting.py", "evaluating.py", "periods.py", "rates.py", "reporting.py"),
    *("formulas/*.py", "indicators/*.py", "rankings/*.py", "schemes/*.py"),
)


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: what an upheld objection adds to, or takes from, the counts of one cell."""

    indicator: str
    group: str
    numerator: int
    denominator: int
    objection: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """评价结果: `told` is what result.json says."""

    told: Mapping[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """排名 rows, the listed first."""
        return list(self.told["rows"])

    @property
    def honors(self) -> list[dict[str, Any]]:
        """红黑榜."""
        return list(self.told["honors"])

    @property
    def digest(self) -> str:
        """摘要."""
        return "sha256:" + hashlib.sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        """RFC 8785 JSON: one way to write it."""
        return rfc8785.dumps(dict(self.told))

    @classmethod
    def from_json(cls, data: bytes) -> Result:
        """读结果."""
        return cls(json.loads(data))

    def past(self) -> Past:
        """作为上一期: its counts, and its lists as they were published."""
        groups = {
            row["code"]: {
                cell["indicator"]: (
                    Fraction(cell["numerator"]),
                    cell["denominator"],
                    cell["excluded"],
                )
                for cell in row["cells"]
            }
            for row in self.rows
        }
        for row in self.rows:
            for one in row.get("outside", ()):
                groups[row["code"]][one["item"]] = (Fraction(one["points"]), one["most"], 0)
        return Past(groups, frozenset((one["list"], one["code"]) for one in self.honors))


@dataclass(frozen=True, slots=True)
class Inputs:
    """评价所据: the digest of the facts, what objections changed, the results of earlier periods,
    newest first, and what came from outside."""

    facts: str
    corrections: Sequence[Correction] = ()
    before: Sequence[Result] = ()
    outside: Sequence[Outside] = ()


def evaluate(
    run: Run,
    scheme: Scheme,
    period: Period,
    *,
    city: str,
    inputs: Inputs,
    told: Told | None = None,
) -> Result:
    """评价 one city's period by a scheme. Without earlier results those periods are counted here,
    unless marks from outside decide too, of which nothing is known for them.

    Refused `outside_wrong`, `scheme_not_in_force`, `period_kind_wrong`, `correction_impossible`.
    """
    scheme.check_in_force(period)
    tell = told or (lambda _done, _of, _words: None)
    given = marks(scheme, [one.line for one in inputs.outside])
    back = [] if inputs.before or scheme.outside else _back(scheme, period)
    steps = len(back) + 2
    tell(0, steps, _("计数 %s") % period.label)
    counts = corrected(_count(run, scheme, period, city), inputs.corrections)
    pasts = [one.past() for one in inputs.before]
    for n, earlier in enumerate(back, 1):
        tell(n, steps, _("计数 %s") % earlier.label)
        pasts.append(past(scheme, LIBRARY, _count(run, scheme, earlier, city)))
    while pasts and not pasts[-1].groups:
        pasts.pop()  # before the first facts there is nothing to compare with
    tell(steps - 1, steps, _("评分、排名"))
    ranking = rank(scheme, LIBRARY, counts, pasts, given)
    told_ranking = told_of(scheme, LIBRARY, ranking)
    tell(steps, steps, _("完成"))
    return Result(_head(scheme, period, city, inputs) | told_ranking)


def check_over(period: Period, now: datetime) -> None:
    """核对周期已结束. Refused `period_not_over`."""
    if now < period.end:
        told = {"label": period.label, "last": period.last_date}
        sentence = _("%(label)s 还没有结束（末日 %(last)s）：结束后再评，或先评上一期。") % told
        raise Refused("period_not_over", sentence, field="period")


def corrected(counts: Iterable[Count], corrections: Sequence[Correction]) -> list[Count]:
    """更正计数. Refused `correction_impossible`: no such cell, below 0, or more than the whole."""
    cells = {(one.indicator, one.group): one for one in counts}
    for one in corrections:
        cell = cells.get((one.indicator, one.group))
        if cell is None:
            raise _impossible(one, _("没有这一格"))
        moved = replace(
            cell,
            numerator=cell.numerator + one.numerator,
            denominator=cell.denominator + one.denominator,
        )
        share = LIBRARY[one.indicator].kind == "rate"
        if min(moved.numerator, moved.denominator) < 0:
            raise _impossible(one, _("更正后件数小于 0"))
        if share and moved.numerator > moved.denominator:
            raise _impossible(one, _("更正后分子大于分母"))
        cells[(one.indicator, one.group)] = moved
    return list(cells.values())


@cache
def code_digest() -> str:
    """代码摘要: SHA-256 over the sources that decide a figure, whatever the product's version."""
    room = Path(__file__).parent
    paths = sorted({path for pattern in _DECIDES for path in room.glob(pattern)})
    whole = hashlib.sha256()
    for path in paths:
        text = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(room).as_posix()
        whole.update(f"{name} {len(text)}\n".encode() + text)
    return whole.hexdigest()


def _back(scheme: Scheme, period: Period) -> list[Period]:
    found = [period.before()]
    while len(found) < scheme.looks_back():
        found.append(found[-1].before())
    return found


def _count(run: Run, scheme: Scheme, period: Period, city: str) -> list[Count]:
    keys = used(scheme)
    rules = {}
    if scheme.exclude:
        # Only cases have what the rules ask; tasks and observations are as they were made.
        rules = {key: scheme.exclude for key in keys if LIBRARY[key].table.name == "cases"}
    by = column(scheme.group)
    found = count(run, keys=keys, by=by, period=period, excluding=rules or None)
    return [one for one in found if one.city == city]


def _head(scheme: Scheme, period: Period, city: str, inputs: Inputs) -> dict[str, Any]:
    rules = hashlib.sha256(rfc8785.dumps(canonical(scheme.raw))).hexdigest()
    # The word is not there where the scheme asks for none: such results stay as they were.
    outside = {"outside": [one.told() for one in inputs.outside]} if scheme.outside else {}
    return {
        "schema": VERSION,
        "city": city,
        "scheme": {
            "key": scheme.key,
            "title": scheme.title,
            "version": scheme.version,
            "group": scheme.group,
            "sha256": rules,
        },
        "period": {
            "label": period.label,
            "tz": period.tz,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
        },
        "inputs": inputs.facts,
        "code": code_digest(),
        "corrections": [asdict(one) for one in inputs.corrections],
        "before": [one.digest for one in inputs.before],
        **outside,
    }


def _impossible(one: Correction, why: str) -> Refused:
    told = {"objection": one.objection, "cell": f"{one.indicator} {one.group}", "why": why}
    sentence = _("申诉 %(objection)s 的更正（%(cell)s）做不到：%(why)s。请核对件数。") % told
    return Refused("correction_impossible", sentence, field="corrections")
