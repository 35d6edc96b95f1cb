"""审计复算: a sealed evaluation worked out again from an exported log and nothing else. No Django.

The seal names the scheme's version and how much of the log was counted; facts, the text of the
scheme and the corrections after objections stand in the entries. Results of earlier periods, which
raise what a list proposes, are worked out in the same way and must come to their own seals.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from changxiao.evaluation import bundles
from changxiao.evaluation.bundles import Checked
from changxiao.evaluation.evaluating import Correction, Result, Told
from changxiao.evaluation.facts import store
from changxiao.evaluation.feed import audited
from changxiao.evaluation.feed.audited import AuditedLog
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rankings.marks import Line as MarkLine
from changxiao.evaluation.rankings.marks import Outside
from changxiao.evaluation.schemes import Scheme, read_scheme
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger.exported import Line

UPHELD = "upheld"
SUBMITTED, CONFIRMED = "submit_scores", "confirm_scores"


@dataclass(frozen=True, slots=True)
class Sealed:
    """已封存的评价 as its entries tell it; `counted` is what the last computing came to."""

    number: str
    period: str
    seal: Mapping[str, Any]
    counted: Mapping[str, Any]
    corrections: Sequence[Correction]


@dataclass(slots=True)
class Audit:
    """审计: of one log, in a folder that is thrown away."""

    log: AuditedLog
    folder: Path
    engine: str
    told: Told | None = None
    _results: dict[str, Result] = field(default_factory=dict)

    def sealed(self) -> dict[str, Sealed]:
        """已封存, by number."""
        streams = self.log.streams("evaluation:", self.log.whole.size)
        found = (_sealed(stream.partition(":")[2], lines) for stream, lines in streams)
        return {one.number: one for one in found if one is not None}

    def check(self, number: str, *, out: Path | None = None) -> Checked:
        """复算 one; its files go to `out`. Refused `not_sealed`, `seal_incomplete`,
        `seal_of_another_log`, `before_differs`, `sheet_missing`."""
        known = self.sealed()
        if number not in known:
            told = {"number": number, "known": "、".join(sorted(known)) or "—"}
            sentence = _("总账里没有封存的评价“%(number)s”：有 %(known)s。") % told
            raise Refused("not_sealed", sentence, field="evaluation")
        return self._checked(known, known[number], out or self.folder / "out")

    def _checked(self, known: Mapping[str, Sealed], one: Sealed, out: Path) -> Checked:
        try:
            counted, size = one.counted, one.seal["size"]
            city, zone, code = counted["city"], ZoneInfo(counted["tz"]), counted["code"]
            earlier = [self._before(known, one, digest) for digest in counted["before"]]
        except KeyError:
            told = {"number": one.number}
            sentence = _("%(number)s 的记录没有写全依据（旧版本封存的）：请用证据包复算。") % told
            raise Refused("seal_incomplete", sentence, field="evaluation") from None
        if size > self.log.whole.size or self.log.whole.root(size) != one.seal["root"]:
            told = {"number": one.number, "size": size}
            sentence = _("%(number)s 封存时所依据的前 %(size)s 条与这份总账不同。") % told
            raise Refused("seal_of_another_log", sentence, field="evaluation")
        text = self._scheme(one)
        result = bundles.make(
            self._facts(city, size),
            text,
            read_period(one.period, zone),
            city=city,
            out=out,
            engine=self.engine,
            corrections=one.corrections,
            before=earlier,
            outside=list(self._outside(one, read_scheme(text, LIBRARY))),
            told=self.told,
        )
        return Checked(one.seal["digest"], result, code)

    def _before(self, known: Mapping[str, Sealed], one: Sealed, digest: str) -> Result:
        """An earlier result: whatever code counts now, it must come to the digest of its seal."""
        if digest not in self._results:
            earlier = next((s for s in known.values() if s.seal["digest"] == digest), None)
            checked = earlier and self._checked(known, earlier, self.folder / "earlier")
            if not (checked and (checked.same or checked.same_figures)):
                told = {"number": one.number, "digest": digest}
                sentence = _("%(number)s 所依据的前期结果（%(digest)s）在这份总账上复算不出。")
                raise Refused("before_differs", sentence % told, field="evaluation")
            self._results[digest] = Result({**checked.found.told, "code": checked.code})
        return self._results[digest]

    def _outside(self, one: Sealed, scheme: Scheme) -> Iterator[Outside]:
        """外部得分: of each item the sheet that was counted, as it was handed in and confirmed."""
        sheets: Mapping[str, str] = one.counted.get("sheets", {})
        for item in scheme.outside:
            if item.key in sheets:
                name = item.borrows[1] if item.borrows else item.key
                within = scheme.within if item.borrows else ""
                for given in self._sheet(one, sheets[item.key]):
                    if given.line.item == name and given.line.group.startswith(within):
                        yield replace(given, line=replace(given.line, item=item.key))

    def _sheet(self, one: Sealed, number: str) -> Iterator[Outside]:
        for stream, lines in self.log.streams(f"scores:{number}", self.log.whole.size):
            by = {line.verb: line for line in lines}
            if stream == f"scores:{number}" and {SUBMITTED, CONFIRMED} <= set(by):
                who = number, by[SUBMITTED].actor, by[CONFIRMED].actor
                for told in by[SUBMITTED].body["lines"]:
                    yield Outside(MarkLine(**told), *who)
                return
        told_of = {"number": one.number, "sheet": number}
        sentence = _("%(number)s 计入的分数表“%(sheet)s”在这份总账里没有提交和复核的记录。")
        raise Refused("sheet_missing", sentence % told_of, field="evaluation")

    def _facts(self, city: str, size: int) -> store.Facts:
        folder = self.folder / f"facts-{size}"
        if not folder.exists():
            audited.export(self.log, folder, city=city, size=size)
        return store.opened(folder)

    def _scheme(self, one: Sealed) -> str:
        key, version = one.seal["scheme"], one.seal["version"]
        for stream, lines in self.log.streams(f"scheme:{key}", self.log.whole.size):
            for line in lines:
                if stream == f"scheme:{key}" and line.body.get("version") == version:
                    return str(line.body["text"])
        told = {"key": key, "version": version}
        sentence = _("总账里没有方案 %(key)s 第 %(version)s 版。") % told
        raise Refused("scheme_missing", sentence, field="evaluation")


@contextmanager
def auditing(log: AuditedLog, *, engine: str, told: Told | None = None) -> Iterator[Audit]:
    """审计 a log."""
    with tempfile.TemporaryDirectory() as temporary:
        yield Audit(log, Path(temporary), engine, told)


def _sealed(number: str, lines: Sequence[Line]) -> Sealed | None:
    bodies: dict[str, Mapping[str, Any]] = {line.verb: line.body for line in lines}  # the last one
    if "seal" not in bodies:
        return None
    period, corrections = bodies["compute"]["period"], list(_corrections(lines))
    return Sealed(number, period, bodies["seal"], bodies["computed"], corrections)


def _corrections(lines: Sequence[Line]) -> Iterator[Correction]:
    """更正: what each upheld objection changes, with the opinion that was agreed to."""
    raised = {line.body["n"]: line.body for line in lines if line.verb == "object"}
    proposed = {line.body["n"]: line.body for line in lines if line.verb == "propose_decision"}
    agreed = {line.body["n"] for line in lines if line.body.get("state") == UPHELD}
    for n in sorted(agreed):
        cell, decided = raised[n], proposed[n]
        opinion = str(decided["_act"]["note"]).strip()
        counts = decided["numerator"], decided["denominator"]
        yield Correction(cell["indicator"], cell["group"], *counts, f"{n}", opinion)
