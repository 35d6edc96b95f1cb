"""计算作业: what a process of the worker's does for an evaluation that waits; and what an objection
would come to, from the counts that are on record.

Everything of an evaluation lies in one folder of the home: `evaluations/NUMBER/`, with the bundle
that the ranked download. Objections are worked into the evaluation's own facts: what came into the
log since belongs to the next period, or to a revision.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.evaluation import actions, bundles
from changxiao.evaluation.behind import Part
from changxiao.evaluation.behind import behind as behind_cell
from changxiao.evaluation.counting import Count
from changxiao.evaluation.engines import engine
from changxiao.evaluation.evaluating import Correction, Result
from changxiao.evaluation.evaluating import corrected as corrected_counts
from changxiao.evaluation.facts.store import Facts, opened
from changxiao.evaluation.feed.export import export
from changxiao.evaluation.flow import State
from changxiao.evaluation.home_facts import FOLDER
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.kept import BUNDLE, place, waiting
from changxiao.evaluation.models import Evaluation, Objection
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rankings import rank
from changxiao.evaluation.rankings.marks import Outside, marks
from changxiao.evaluation.schemes import read_scheme
from changxiao.evaluation.schemes.reading import column
from changxiao.evaluation.scoring.standing import in_force
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused

logger = logging.getLogger(__name__)
PATIENCE = 120.0  # seconds


def work() -> int:
    """办理: all that wait, one after another; how many. Whatever breaks one is told with it."""
    done = 0
    for pk in waiting():
        row = Evaluation.everything.select_related("scheme").get(pk=pk)
        act = Act.system("evaluation", note=row.number)
        try:
            _compute(row)
        except Refused as no:
            actions.failed(row, sentence=no.sentence, act=act)
        except Exception:
            logger.exception("evaluation %s", row.number)
            sentence = _("计算中断了，请看工作进程的日志后再试")
            actions.failed(row, sentence=sentence, act=act)
        done += 1
    return done


def _compute(row: Evaluation) -> None:
    again = row.state == State.PUBLISHED
    rows = Evaluation.everything.filter(pk=row.pk)
    if not again:
        rows.update(state=State.RUNNING, beat_at=timezone.now())

    def told(done: int, of: int, words: str) -> None:
        share = 100 * done // max(of, 1)
        rows.update(step=words[:40], share=min(99, share), beat_at=timezone.now())

    with _facts(row, again=again) as facts:
        city = home_city().code
        source = facts.cities[city]
        out = folder("tmp") / f"evaluation-{row.pk}"
        shutil.rmtree(out, ignore_errors=True)
        result = bundles.make(
            facts,
            row.scheme.text,
            read_period(row.period, city_zone()),
            city=city,
            out=out,
            corrections=corrections(row),
            before=_before(row),
            outside=_outside(row, again=again),
            told=told,
        )
    _put(out, place(row))
    actions.computed(
        row,
        result=dict(result.told),
        digest=result.digest,
        size=source.size,
        root=source.root,
        act=Act.system("evaluation", note=row.number),
    )


@contextmanager
def _facts(row: Evaluation, *, again: bool) -> Iterator[Facts]:
    """The facts of the log as it now is; those of the bundle where an objection changed it."""
    if again:
        with bundled(place(row) / BUNDLE) as facts:
            yield facts
        return
    _bring_up(folder(FOLDER))
    yield opened(folder(FOLDER))


def _bring_up(facts: Path) -> None:
    """Up to the log. After a restore they are made anew, for they are only ever made from the log;
    where the hourly export is at it, that is waited for."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            export(facts)
        except Refused as no:
            if no.code == "facts_busy" and time.monotonic() < until:
                time.sleep(1)
                continue
            if no.code != "facts_of_another_log":
                raise
            export(facts, rebuild=True)
        return


@contextmanager
def bundled(path: Path) -> Iterator[Facts]:
    """包中的事实: unpacked for as long as they are asked."""
    with tempfile.TemporaryDirectory(dir=folder("tmp")) as place, zipfile.ZipFile(path) as file:
        file.extractall(place, [name for name in file.namelist() if name.startswith("facts/")])
        yield opened(Path(place) / "facts")


def _put(out: Path, target: Path) -> None:
    """The folder changes as a whole: a reader finds the old bundle or the new one."""
    old = target.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    out.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _before(row: Evaluation) -> list[Result]:
    """前几期 that are sealed, newest first: the last revision of each."""
    rows = Evaluation.everything.filter(key=row.key, state=State.SEALED, period__lt=row.period)
    kept: dict[str, Evaluation] = {}
    for one in rows.order_by("-period", "-revision"):
        if len(one.period) == len(row.period):
            kept.setdefault(one.period, one)
    return [Result(one.result) for one in list(kept.values())[:3]]


def _outside(row: Evaluation, *, again: bool) -> list[Outside]:
    """外部得分: those confirmed by now; those on record where an objection changed the counts."""
    if again:
        return recorded(row)
    return in_force(read_scheme(row.scheme.text, LIBRARY), row.period)


def recorded(row: Evaluation) -> list[Outside]:
    """计入的外部得分 of an evaluation that is computed."""
    return [Outside.read(one) for one in row.result.get("outside", ())]


def corrections(row: Evaluation) -> list[Correction]:
    """更正: what the upheld objections change, in their order."""
    rows = Objection.everything.filter(evaluation=row, state=Objection.State.UPHELD)
    return [_correction(one) for one in rows.order_by("n")]


def _correction(one: Objection) -> Correction:
    return Correction(
        one.indicator,
        one.group,
        one.numerator,
        one.denominator,
        f"{one.n}",
        one.opinion,
    )


def preview(row: Evaluation, objection: Objection) -> tuple[str, str]:
    """调整前后得分 of the group, were the objection upheld. Refused `correction_impossible`."""
    scheme = read_scheme(row.scheme.text, LIBRARY)
    counts = corrected_counts(_counts(row), [_correction(objection)])
    before = next(one for one in row.result["rows"] if one["code"] == objection.group)
    given = marks(scheme, [one.line for one in recorded(row)])
    ranking = rank(scheme, LIBRARY, counts, [], given)
    after = next((one for one in ranking.rows if one.code == objection.group), None)
    score = after.score if after else None
    return before["score"] or "", "" if score is None else str(score)


def _counts(row: Evaluation) -> list[Count]:
    return [
        Count(
            cell["indicator"],
            ranked["code"],
            cell["numerator"],
            cell["denominator"],
            cell["excluded"],
            row.result["city"],
        )
        for ranked in row.result["rows"]
        for cell in ranked["cells"]
    ]


def behind(row: Evaluation, indicator: str, *, group: str, part: str, most: int) -> list[str]:
    """格后的案卷 numbers, out of the evaluation's own facts; `part` is numerator, denominator or
    excluded. Empty where the bundle is not there."""
    path = place(row) / BUNDLE
    if not path.is_file():
        return []
    rules = read_scheme(row.scheme.text, LIBRARY).exclude or None
    with bundled(path) as facts, engine("duckdb", facts) as run:
        return behind_cell(
            run,
            indicator,
            group=group,
            by=column(row.result["scheme"]["group"]),
            period=read_period(row.period, city_zone()),
            part=Part(part),
            most=most,
            excluding=rules if LIBRARY[indicator].table.name == "cases" else None,
        )
