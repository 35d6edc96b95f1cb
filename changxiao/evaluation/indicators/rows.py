"""指标行: how a line of the library is written: the function, its names, its formula. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changxiao.evaluation.facts.schema import CASES, OBSERVATIONS, TASKS
from changxiao.evaluation.indicators.base import (
    HIGH,
    NEITHER,
    NUMBER,
    RATE,
    Indicator,
    Measure,
    Rule,
    within,
)
from changxiao.evaluation.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

GB = "GB/T 30428.4"
IN_USE = "各地在用平台"
OWED = ("voided", "joined", "suspended", "appeal")  # what a unit was not, or not then, to do
UNITS = ("department", "contractor", "district", "street", "community", "duty_grid", "city")
PLACES = ("district", "street", "community", "unit_grid", "duty_grid", "city")
PEOPLE = ("person", "post", "street", "district", "duty_grid", "city")


def row(measure: Rule, zh: str, en: str, formula: str, **more: Any) -> Indicator:
    """一行: key is the function's name; what is not said is a rate of cases, the higher better."""
    told: dict[str, Any] = {
        "key": getattr(measure, "__name__", "").rstrip("_"),
        "level": "department",
        "kind": RATE,
        "cohort": "due",
        "better": HIGH,
        "table": CASES,
        "by": UNITS,
        "source": IN_USE,
    }
    return Indicator(zh=zh, en=en, formula=formula, measure=measure, **(told | more))


def number(measure: Rule, zh: str, en: str, formula: str, **more: Any) -> Indicator:
    """一行计数: neither good nor bad in itself."""
    told = {"level": "count", "kind": NUMBER, "better": NEITHER, "by": (*UNITS, "unit_grid")}
    return row(measure, zh, en, formula, **(told | more))


def task_row(measure: Rule, zh: str, en: str, formula: str, **more: Any) -> Indicator:
    """一行岗位指标, of tasks and whoever did them."""
    return row(measure, zh, en, formula, **({"table": TASKS, "by": PEOPLE} | more))


def observed(key: str, zh: str, en: str, formula: str, **more: Any) -> Indicator:
    """一行观测指标: counts made elsewhere under the kind `key`, added up over the period."""

    def measure(observations: ir.Table, period: Period) -> Measure:
        made = (observations.kind == key) & within(observations.observed_at, period)
        return Measure(made, parts=observations.numerator, whole=observations.denominator)

    measure.__name__ = key
    measure.__doc__ = f"{zh}: what the observations of kind `{key}` in the period add up to."
    told = {"table": OBSERVATIONS, "cohort": "observed", "level": "junction"}
    places = ("subject", "district", "street", "city")
    return row(measure, zh, en, formula, **(told | {"by": places} | more))
