"""留存: where an evaluation's files lie, and which ones wait to be computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from changxiao.evaluation.flow import State
from changxiao.evaluation.models import Evaluation
from changxiao.kernel.home import folder

BUNDLE = "bundle.zip"


def place(row: Evaluation) -> Path:
    """所在文件夹."""
    return folder("evaluations") / row.number


def waiting() -> Sequence[int]:
    """待算: those that were asked for, and those that an upheld objection changed; oldest first."""
    asked = Evaluation.everything.filter(state__in=[State.WAITING, State.RUNNING])
    changed = Evaluation.everything.filter(state=State.PUBLISHED, changed=True)
    first = asked.order_by("asked_at").values_list("pk", flat=True)
    return [*first, *changed.order_by("pk").values_list("pk", flat=True)]
