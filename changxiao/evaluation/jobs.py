"""评价的清扫: one process of the worker's computes what waits; safe to run twice."""

from __future__ import annotations

from datetime import datetime

from changxiao.evaluation.kept import waiting
from changxiao.kernel.child import Child

_child = Child("evaluations")


def sweep(now: datetime) -> int:
    """清扫: start the process where something waits and none is at it."""
    return _child.start() if waiting() else 0
