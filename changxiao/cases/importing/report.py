"""导入报告 report: what became of each row, counted, and listed where a person must look."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.importing.drafting import Draft, Flaw

HEADINGS = ("row", "column", "value", "reason")
_DEGREES = re.compile(r"[-+]?[\d.]+(, [-+]?[\d.]+)?")
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r")


@dataclass(slots=True)
class Overdue:
    """超期核对: our overdue beside the source's word for it."""

    agree: int = 0
    differ: int = 0
    source_contradicts: int = 0

    def as_dict(self) -> dict[str, int]:
        """The form of `--json`."""
        return {
            "agree": self.agree,
            "differ": self.differ,
            "source_contradicts": self.source_contradicts,
        }


@dataclass(slots=True)
class Report:
    """导入报告: accepted + refused + repeated are the rows read; entries what the log gained."""

    refused_csv: Path
    contradictions_csv: Path
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    entries: int = 0
    contradictions: int = 0
    overdue: Overdue = field(default_factory=Overdue)
    notices: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _refused: Any = None
    _contradicting: Any = None

    def refuse(self, flaw: Flaw) -> None:
        """拒收: one row of `refused.csv`."""
        self.rows += 1
        self.refused += 1
        self._refused.writerow(_cells(flaw))

    def contradict(self, flaw: Flaw) -> None:
        """来源矛盾: the row is counted elsewhere; here it is only told."""
        self.contradictions += 1
        self._contradicting.writerow(_cells(flaw))

    def compare(self, draft: Draft, *, late: bool, column: str) -> None:
        """核对超期: `late` is ours; nothing is compared where the source says nothing."""
        told = draft.status.overdue
        if told is None:
            return
        if draft.contradicts:
            self.overdue.source_contradicts += 1
            self._tell(draft, column, _("来源的状态与其自己的时限不符（应处置时间%(due)s）"))
        elif late == told:
            self.overdue.agree += 1
        else:
            self.overdue.differ += 1
            self._tell(draft, column, _("是否超期，本系统与来源的状态不同（应处置时间%(due)s）"))

    def _tell(self, draft: Draft, column: str, words: str) -> None:
        due = draft.due_at.isoformat(sep=" ") if draft.due_at else "-"
        self.contradict(Flaw(draft.row, column, draft.number, words % {"due": due}))

    def as_dict(self) -> dict[str, Any]:
        """The form of `--json`."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "refused": self.refused,
            "repeated": self.repeated,
            "entries": self.entries,
            "refused_csv": str(self.refused_csv),
            "overdue": self.overdue.as_dict(),
            "contradictions": self.contradictions,
            "contradictions_csv": str(self.contradictions_csv),
            "notices": self.notices,
            "seconds": round(self.seconds, 3),
        }


def _cells(flaw: Flaw) -> list[str | int]:
    return [flaw.row, _harmless(flaw.column), _harmless(flaw.value), _harmless(flaw.reason)]


def _harmless(text: str) -> str:
    # A spreadsheet would run a foreign list's cell as a formula; degrees alone may begin with "-".
    return f"'{text}" if text.startswith(_FORMULA) and not _DEGREES.fullmatch(text) else text


@contextmanager
def opened(refused_csv: Path) -> Iterator[Report]:
    """开始报告: both lists are written as the rows come, so that a kill leaves what was found.

    The second list stands beside the first, its name ending in `-contradictions.csv`.
    """
    beside = refused_csv.with_name(f"{refused_csv.stem}-contradictions.csv")
    report = Report(refused_csv, beside)
    with ExitStack() as files:
        writers = []
        for path in (refused_csv, beside):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = files.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers.append(csv.writer(file))
            writers[-1].writerow(HEADINGS)
        report._refused, report._contradicting = writers
        yield report
