"""通报短板 as tasks: those of an evaluation, each with the sentence of the bulletin."""

from __future__ import annotations

from changxiao.evaluation.bulletins import shortcomings, telling
from changxiao.evaluation.models import Evaluation


def found_in(row: Evaluation) -> list[dict[str, str]]:
    """短板 of an evaluation that is computed, the widest gap first."""
    source = telling.source_of(row)
    return [
        {
            "item": one.indicator,
            "title": source.measure(one.indicator).title,
            "group": one.group,
            "minus": "",
            "what": shortcomings.sentence(source, one)[:800],
            "evidence": row.number,
        }
        for one in shortcomings.shortcomings(source)
    ]
