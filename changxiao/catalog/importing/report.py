"""导入报告: what became of each row, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """不采纳: row number (header is row 1), column as in the file, its value, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """不一致: the row's limit and the one the official table has, which decides."""

    row: int
    subject: str
    condition: str
    limit: str
    official: str


@dataclass(slots=True)
class Report:
    """导入报告: counts and lists; `accepted` + `refused` rows + `duplicates` = `rows`."""

    file: str
    rows: int = 0
    accepted: int = 0
    added: int = 0
    changed: int = 0
    repeated: int = 0
    stages: int = 0
    subcategories: int = 0
    subcategories_added: int = 0
    retired: int = 0
    compared: int = 0
    bare: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    remarks: list[Refusal] = field(default_factory=list)
    renamed: list[Refusal] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    units: Counter[str] = field(default_factory=Counter)

    def refuse(self, row: int, column: str, value: str, reason: str) -> None:
        """记一条: why the row was not taken."""
        self.refused.append(Refusal(row, column, value, reason))

    @property
    def refused_rows(self) -> int:
        """不采纳的行数: a row with two faults counts once."""
        return len({one.row for one in self.refused})

    def to_json(self) -> dict[str, Any]:
        """JSON: as `--json` prints it."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        for name in ("refused", "remarks", "renamed", "differences"):
            told[name] = [asdict(one) for one in told[name]]
        told["bare"], told["units"] = dict(self.bare), dict(self.units)
        return {**told, "refused_rows": self.refused_rows}
