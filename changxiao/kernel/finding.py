"""检查结果 Finding: one thing that `changxiao doctor` or `/readyz` found out. Pure.

Each room tells what it knows of itself in its `probes.py`; the surface `desk.health` puts them
together, the command line prints them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """等级: only `error` makes the machine unready; a warning waits for office hours."""

    OK = "ok"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """检查结果: `id` is stable for scripts; `remedy` says what to do, empty when all is well."""

    id: str
    level: Level
    title: str
    detail: str = ""
    remedy: str = ""

    def as_row(self) -> dict[str, str]:
        """JSON 行: as `doctor --json` has it."""
        return asdict(self)
