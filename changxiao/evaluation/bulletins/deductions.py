"""考核扣款单 deductions: what a contract loses in a period, clause by clause, to its cases. Pure.

A clause is an adjustment of the scheme that takes points off for single cases. A contractor's cases
go to the contract section that they were dispatched under; what the ranking counted beyond them
(a correction after an objection, a case without a section) stands apart, so that all slips of a
contractor add up to the ranking. What others took off (`remarks`) is charged to the contract that
it names; where it names the contractor alone, to its only contract, else it stands apart too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from changxiao.evaluation.bulletins.layout import (
    Annex,
    Block,
    Bulletin,
    Column,
    Heading,
    Para,
    Ref,
    Table,
    numbered,
)
from changxiao.evaluation.bulletins.remarks import (
    Contract,
    Remark,
    beyond_ranking,
    bonus_note,
    evidence,
    points_words,
    remarks,
    scored_note,
    scored_titles,
)
from changxiao.evaluation.bulletins.source import Source, day_words, period_words
from changxiao.evaluation.rates import rounded
from changxiao.evaluation.schemes import Adjustment, Scheme
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Clause:
    """条款: so many points off for a case of `indicator`, as many again for one of `double`."""

    title: str
    each: Fraction
    indicator: str
    double: str
    most: Fraction | None


@dataclass(frozen=True, slots=True)
class Charge:
    """一条扣分: its cases, those of them that count double, and what else the ranking counted."""

    clause: Clause
    cases: tuple[str, ...]
    doubled: tuple[str, ...] = ()
    beyond: int = 0

    @property
    def points(self) -> Fraction:
        """扣分, 0 or below; the clause's own limit stands for every slip."""
        count = len(self.cases) + len(self.doubled) + self.beyond
        found = self.clause.each * count
        return found if self.clause.most is None else max(-self.clause.most, found)


@dataclass(frozen=True, slots=True)
class Slip:
    """一张扣款单; `rate` in yuan a point, None: no money is agreed."""

    contract: Contract
    charges: tuple[Charge, ...]
    rate: Decimal | None
    most: Fraction | None
    remarks: tuple[Remark, ...] = ()

    @property
    def points(self) -> Fraction:
        """合计扣分, no more than the scheme allows."""
        taken = [one.points for one in self.charges] + [one.points for one in self.remarks]
        found = sum(taken, Fraction(0))
        return found if self.most is None else max(-self.most, found)

    @property
    def yuan(self) -> Decimal | None:
        """扣款 to the fen, rounded once."""
        return None if self.rate is None else rounded(-self.points * Fraction(self.rate))


Behind = Mapping[tuple[str, str], Sequence[str]]  # indicator, contractor: numbers of cases


def clauses(scheme: Scheme) -> list[Clause]:
    """条款 of a scheme: what takes points off case by case, for one indicator's count."""
    return [
        Clause(one.title, one.each, one.text, one.double_text, one.most)
        for one in scheme.adjustments
        if one.each < 0 and _single(one)
    ]


def _single(one: Adjustment) -> bool:
    """A formula of several counts has no list of cases of its own."""
    return one.text.isidentifier() and (not one.double_text or one.double_text.isidentifier())


@dataclass(frozen=True, slots=True)
class Agreed:
    """合同约定: the contract of each case, the contracts in force in the period, and yuan a point
    by number (`*`: any other)."""

    sections: Mapping[str, Contract]
    contracts: Sequence[Contract]
    rates: Mapping[str, Decimal]

    def of(self, contractor: str) -> set[Contract]:
        """一家的合同."""
        found = {*self.contracts, *self.sections.values()}
        return {one for one in found if one.contractor == contractor}


def slips(source: Source, scheme: Scheme, behind: Behind, agreed: Agreed) -> list[Slip]:
    """扣款单 of every contract, by contractor."""
    found = []
    rules = clauses(scheme)
    remarked = remarks(scheme, source.told, lambda code: _bearer(code, agreed))
    for row in sorted(source.rows, key=lambda row: str(row["code"])):
        code = str(row["code"])
        counts = {cell["indicator"]: cell["numerator"] for cell in row["cells"]}
        by_contract = _parted(code, rules, behind, agreed.sections)
        for contract in (one for one in remarked if one.contractor == code):
            by_contract.setdefault(contract, [Charge(rule, ()) for rule in rules])
        for contract in sorted(by_contract, key=_place):
            charges = by_contract[contract]
            taken = tuple(remarked.get(contract, ()))
            if not contract.number:
                charges = [_rest(one, code, behind, counts) for one in charges]
                if not taken and not any(one.cases or one.doubled or one.beyond for one in charges):
                    continue
            rate = agreed.rates.get(contract.number, agreed.rates.get("*"))
            found.append(Slip(contract, tuple(charges), rate, scheme.most_minus, taken))
    return found


def _place(one: Contract) -> tuple[bool, str, str]:
    return (not one.number, one.number, one.section)


def _bearer(code: str, agreed: Agreed) -> Contract:
    """Whose a remark is that names the contractor alone."""
    own = agreed.of(code)
    return own.pop() if len(own) == 1 else Contract(code)


def _parted(
    code: str, rules: Sequence[Clause], behind: Behind, sections: Mapping[str, Contract]
) -> dict[Contract, list[Charge]]:
    none = Contract(code)
    place = {
        number: contract if contract.contractor == code else none
        for number, contract in sections.items()
    }
    numbers = {number for rule in rules for number in behind.get((rule.indicator, code), ())}
    contracts = {place.get(number, none) for number in numbers} | {none}
    contracts |= {one for one in sections.values() if one.contractor == code}

    def of(key: str, contract: Contract) -> tuple[str, ...]:
        return tuple(one for one in behind.get((key, code), ()) if place.get(one, none) == contract)

    return {
        contract: [
            Charge(rule, of(rule.indicator, contract), of(rule.double, contract)) for rule in rules
        ]
        for contract in contracts
    }


def _rest(charge: Charge, code: str, behind: Behind, counts: Mapping[str, int]) -> Charge:
    """What the ranking counted beyond the cases, of both counts of the clause."""
    keys = [key for key in (charge.clause.indicator, charge.clause.double) if key]
    beyond = sum(counts.get(key, 0) - len(behind.get((key, code), ())) for key in keys)
    return Charge(charge.clause, charge.cases, charge.doubled, beyond)


# -- as a paper ------------------------------------------------------------------------------


def paper(source: Source, scheme: Scheme, found: Sequence[Slip]) -> Bulletin:
    """扣款单 as a paper: a table of the contracts, then one annex each."""
    told = {"period": period_words(source.period), "scheme": source.told["scheme"]["title"]}
    heading = _("%(period)s|%(scheme)s扣款单") % told
    return Bulletin(
        number=source.number,
        heading=tuple(heading.split("|")),
        note="",
        addressee=_("各管养单位："),
        blocks=numbered([*_summary(source, scheme, found)]),
        annexes=tuple(Annex(_title(source, one), tuple(_slip(one))) for one in found),
        signed=source.signed,
        dated=day_words(source.dated) if source.dated else "",
        digest=source.digest,
    )


def _title(source: Source, slip: Slip) -> str:
    one = slip.contract
    name = f"{one.number} {one.section}".strip() or _("未分标段")
    return f"{source.name(one.contractor)}（{name}）"


def _summary(source: Source, scheme: Scheme, found: Sequence[Slip]) -> Iterator[Block]:
    words = _("按照《%(title)s》逐条计算，每条扣分列出案卷或依据；与排名所用的相符。")
    yield Para(words % {"title": source.told["scheme"]["title"]})
    columns = (
        Column(_("管养单位"), 6),
        Column(_("合同"), 5),
        Column(_("合同标段"), 4, minor=True),
        Column(_("扣分"), 3, figure=True),
        Column(_("扣款（元）"), 4, figure=True),
    )
    rows = tuple(
        (
            source.name(one.contract.contractor),
            one.contract.number or _("未分标段"),
            one.contract.section,
            points_words(one.points),
            _yuan(one.yuan),
        )
        for one in found
    )
    yield Heading(1, _("各合同扣款"))
    if rows:
        yield Table(_("各合同扣分与扣款"), columns, rows)
    else:
        yield Para(_("本期没有扣分。"))
    if any(one.rate is None for one in found):
        yield Para(_("没有约定每分金额的合同只列扣分。"))
    remarked = {one.contract: one.remarks for one in found}
    yield from bonus_note(beyond_ranking(scheme, source.told, remarked))
    yield from scored_note(scored_titles(scheme, source.told))
    yield Para(_("摘要：%(digest)s") % {"digest": source.digest}, code=True)


def _slip(slip: Slip) -> Iterator[Block]:
    columns = (
        Column(_("条款"), 6),
        Column(_("每件扣分"), 3, figure=True),
        Column(_("件数"), 2, figure=True),
        Column(_("加倍件数"), 2, figure=True, minor=True),
        Column(_("申诉更正"), 2, figure=True, minor=True),
        Column(_("扣分"), 3, figure=True),
    )
    rows = [
        (
            one.clause.title,
            points_words(one.clause.each),
            str(len(one.cases)),
            str(len(one.doubled)),
            str(one.beyond),
            points_words(one.points),
        )
        for one in slip.charges
    ]
    rows += [
        (one.title, "", str(len(one.lines)), "", "", points_words(one.points))
        for one in slip.remarks
    ]
    rows.append((_("合计扣分"), "", "", "", "", points_words(slip.points)))
    none: tuple[Ref | None, ...] = (None,) * len(columns)
    refs: list[tuple[Ref | None, ...]] = [
        (None, None, (one.clause.indicator, slip.contract.contractor), None, None, None)
        for one in slip.charges
    ]
    refs += [none] * (len(rows) - len(refs))
    yield Table(_("逐条扣分"), columns, tuple(rows), tuple(refs))
    if slip.rate is not None:
        told = {"points": points_words(-slip.points), "rate": slip.rate, "yuan": _yuan(slip.yuan)}
        yield Para(_("扣 %(points)s 分，每分 %(rate)s 元，扣款 %(yuan)s 元。") % told)
    yield from (_cases(one) for one in slip.charges if one.cases)
    yield from evidence(slip.remarks)


def _cases(charge: Charge) -> Para:
    double = _("（加倍）")
    marks = [one + double if one in charge.doubled else one for one in charge.cases]
    told = {"title": charge.clause.title, "cases": _("、").join(marks)}
    return Para(_("%(title)s的案卷：%(cases)s") % told, code=True)


def _yuan(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"
