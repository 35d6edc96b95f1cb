"""扣款单来料: cases behind each clause, out of the evaluation's own facts, and their contracts."""

from __future__ import annotations

from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.catalog.policy_evaluation import per_point
from changxiao.evaluation import kept, working
from changxiao.evaluation.behind import behind_each
from changxiao.evaluation.bulletins.deductions import Agreed, clauses, paper, slips
from changxiao.evaluation.bulletins.layout import Bulletin
from changxiao.evaluation.bulletins.remarks import Contract
from changxiao.evaluation.bulletins.source import Source
from changxiao.evaluation.engines import engine
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.periods import Period, read_period
from changxiao.evaluation.schemes import Scheme, read_scheme
from changxiao.kernel.day import city_zone
from changxiao.orgs.models import ContractSection

MOST = 500  # numbers in one question to the database


def charged(row: Evaluation, source: Source) -> Bulletin:
    """扣款单 of an evaluation of contractors, as a paper."""
    scheme = read_scheme(row.scheme.text, LIBRARY)
    behind = _behind(row, scheme)
    numbers = sorted({number for cases in behind.values() for number in cases})
    rates = per_point(policy.text("deduction_per_point"))
    agreed = Agreed(_contracts(numbers), _in_force(source.period), rates)
    return paper(source, scheme, slips(source, scheme, behind, agreed))


def _behind(row: Evaluation, scheme: Scheme) -> dict[tuple[str, str], list[str]]:
    rules = clauses(scheme)
    keys = dict.fromkeys(key for one in rules for key in (one.indicator, one.double) if key)
    path = kept.place(row) / kept.BUNDLE
    if not keys or not path.is_file():
        return {}
    period = read_period(row.period, city_zone())
    found: dict[tuple[str, str], list[str]] = {}
    with working.bundled(path) as facts, engine("duckdb", facts) as run:
        for key in keys:
            # Only cases have what the rules of exclusion ask (`evaluating`).
            rule = scheme.exclude if LIBRARY[key].table.name == "cases" else ()
            told = behind_each(run, key, by="contractor", period=period, excluding=rule or None)
            found |= {(key, group): cases for group, cases in told.items()}
    return found


def _contracts(numbers: list[str]) -> dict[str, Contract]:
    """合同 of each case that was dispatched under one; whose case it is, its number says to all."""
    found: dict[str, Contract] = {}
    for start in range(0, len(numbers), MOST):
        rows = Case.everything.filter(number__in=numbers[start : start + MOST])
        told = rows.filter(section__isnull=False).values_list(
            "number", "section__contractor__code", "section__contract_number", "section__section"
        )
        found |= {number: Contract(*section) for number, *section in told}
    return found


def _in_force(period: Period) -> list[Contract]:
    """合同 in force on any day of the period; a day of ending is no day of the contract's."""
    rows = ContractSection.objects.filter(since_date__lte=period.last_date)
    rows = rows.exclude(until_date__lte=period.first_date)
    return [
        Contract(*one) for one in rows.values_list("contractor__code", "contract_number", "section")
    ]
