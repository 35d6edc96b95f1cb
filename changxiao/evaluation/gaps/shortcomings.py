"""通报短板 as tasks: a task keeps the figures, and each reader gets the sentence of the bulletin in
words of his own language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from changxiao.evaluation.bulletins import shortcomings, telling
from changxiao.evaluation.bulletins.shortcomings import Shortcoming, worded
from changxiao.evaluation.gaps.rules import Lost
from changxiao.evaluation.listing import title_of
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.periods import read_period
from changxiao.kernel.day import city_zone


def found_in(row: Evaluation) -> list[tuple[Shortcoming, str]]:
    """短板 of an evaluation that is computed, the widest gap first, each with its sentence."""
    source = telling.source_of(row)
    return [(one, shortcomings.sentence(source, one)) for one in shortcomings.shortcomings(source)]


def columns(one: Shortcoming, number: str) -> dict[str, Any]:
    """任务的各列 of a shortcoming that the evaluation with this number has."""
    figures = asdict(one)
    told = {"group": figures.pop("group"), "item": figures.pop("indicator")}
    return {**told, "figures": figures, "title": "", "minus": "", "what": "", "evidence": number}


def what_of(task: GapTask, name: str) -> str:
    """问题 of a task, whose responsible is called `name`."""
    if rows := task.deductions:
        return deducted(rows)
    if not task.figures:
        return task.what
    one = Shortcoming(task.group, task.item, **task.figures)
    period = read_period(task.period, city_zone())
    return worded(one, unit=name, indicator=title_of(task.item), period=period)


def deducted(rows: Sequence[Lost]) -> str:
    """扣分, in one sentence: why, and of several how much each."""
    if len(rows) == 1:
        return rows[0].what
    told = {"n": len(rows), "rows": _("；").join(_row(one) for one in rows)}
    return _("%(n)d 处扣分：%(rows)s") % told


def _row(one: Lost) -> str:
    return f"{one.what or _('未说明原因')} −{one.minus}"
