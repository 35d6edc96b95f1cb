"""合同: which contract a line of points is charged to, held against those that are known. Pure.

A line that names a contract names the contractor's own, in force in the period; where the contract
has several sections, its section too. A line that names none is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from changxiao.evaluation.periods import Period
from changxiao.evaluation.rankings.marks import Line
from changxiao.evaluation.schemes import Scheme
from changxiao.kernel.words import gettext as _

MOST_NAMED = 12  # contracts in one sentence


class Term(NamedTuple):
    """一个合同标段: whose, and from when until when."""

    contractor: str
    number: str
    section: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Contracts:
    """已登记的合同 and the period they are asked for; `names` of contractors by code."""

    terms: Sequence[Term]
    period: Period
    names: Mapping[str, str]

    def of(self, contractor: str) -> list[Term]:
        """一家在本期有效的; a day of ending is no day of the contract's."""
        return [one for one in self.terms if one.contractor == contractor and self._holds(one)]

    def settled(self, line: Line) -> Line:
        """认定: the line with the section of a contract that has one alone."""
        own = {one.section for one in self.of(line.group) if one.number == line.contract}
        if line.contract and not line.section and len(own) == 1:
            return replace(line, section=own.pop())
        return line

    def faults(self, line: Line) -> Iterator[tuple[str, str]]:
        """错处: which part of the line, and the sentence."""
        if not line.contract:
            return
        named = [one for one in self.terms if one.number == line.contract]
        own = [one for one in named if one.contractor == line.group]
        held = [one for one in own if self._holds(one)]
        told = {"contract": line.contract, "known": self._known(line.group)}
        if not named:
            yield "contract", self._unknown(line)
        elif not own:
            told["other"] = self._name(named[0].contractor)
            sentence = _("合同“%(contract)s”是%(other)s的，不是这个对象的；%(known)s")
            yield "contract", sentence % told
        elif not held:
            told |= {"period": self.period.label, "terms": _("、").join(map(_term, own))}
            sentence = _("合同“%(contract)s”在 %(period)s 不在有效期（%(terms)s）；%(known)s")
            yield "contract", sentence % told
        elif line.section not in {one.section for one in held} and (line.section or len(held) > 1):
            told["known"] = _("、").join(one.section for one in held)
            told["section"] = line.section
            if line.section:
                sentence = _(
                    "这个对象本期在合同“%(contract)s”里没有标段“%(section)s”，可写 %(known)s"
                )
            else:
                sentence = _("合同“%(contract)s”有几个标段，请写其中一个：%(known)s")
            yield "section", sentence % told

    def apart(self, scheme: Scheme, lines: Iterable[Line]) -> int:
        """未写合同的扣分: how many lines of points name none though there are several."""
        points = {one.key for one in scheme.outside if not one.scored}
        return sum(
            not line.contract and line.item in points and len(self.of(line.group)) > 1
            for line in lines
            if line.minus
        )

    def _holds(self, one: Term) -> bool:
        ended = one.until is not None and one.until <= self.period.first_date
        return one.since <= self.period.last_date and not ended

    def _name(self, contractor: str) -> str:
        return self.names.get(contractor, contractor)

    def _known(self, contractor: str) -> str:
        numbers = list(dict.fromkeys(one.number for one in self.of(contractor)))
        if not numbers:
            return _("这个对象本期没有合同，请留空")
        return _("可写 %(known)s") % {"known": _("、").join(numbers[:MOST_NAMED])}

    def _unknown(self, line: Line) -> str:
        own = {one.number for one in self.of(line.group)}
        near = get_close_matches(line.contract, sorted(own), 1)
        told = {"contract": line.contract, "known": near[0] if near else self._known(line.group)}
        if near:
            return _("没有合同“%(contract)s”，最接近的是“%(known)s”") % told
        return _("没有合同“%(contract)s”；%(known)s") % told


def _term(one: Term) -> str:
    told = {"since": one.since.isoformat(), "until": one.until and one.until.isoformat()}
    return (_("%(since)s 至 %(until)s 前") if one.until else _("%(since)s 起")) % told
