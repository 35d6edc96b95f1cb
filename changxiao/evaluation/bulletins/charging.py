"""扣款单来料: cases behind each clause, out of the evaluation's own facts, and their contracts."""

from __future__ import annotations

from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.catalog.policy_evaluation import per_point
from changxiao.evaluation import kept, working
from changxiao.evaluation.behind import behind_each
from changxiao.evaluation.bulletins.deductions import Contract, Slip, clauses, slips
from changxiao.evaluation.bulletins.source import Source
from changxiao.evaluation.engines import engine
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.schemes import Scheme, read_scheme
from changxiao.kernel.day import city_zone

MOST = 500  # numbers in one question to the database


def charged(row: Evaluation, source: Source) -> list[Slip]:
    """扣款单 of an evaluation of contractors."""
    scheme = read_scheme(row.scheme.text, LIBRARY)
    behind = _behind(row, scheme)
    numbers = sorted({number for cases in behind.values() for number in cases})
    rates = per_point(policy.text("deduction_per_point"))
    return slips(source, scheme, behind, _contracts(numbers), rates)


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
