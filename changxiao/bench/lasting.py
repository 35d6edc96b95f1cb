"""Bench `lasting`: recurrence, survival, forecast, hot spots on Chicago's 46,432 real complaints.

Read in place from the folder of public data. The plain alternative in the same run: recurrence by
asking, for each case, every later one of its kind (on a tenth of the list, for it is slow), and the
seasonal-naive forecast, which says what the same week of the year before had.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

from changxiao.bench.figures import Figure
from changxiao.bench.outside import outside
from changxiao.cli.lasting import problems_of, weekly
from changxiao.evaluation.lasting import samples
from changxiao.evaluation.lasting.index import lasting_index
from changxiao.evaluation.lasting.problems import Floats, Problems
from changxiao.evaluation.lasting.reading import Columns
from changxiao.evaluation.lasting.recurrence import METRES, first_again
from changxiao.evaluation.lasting.telling import lasting_of
from changxiao.evaluation.outlook.forecast import WARM, YEAR, back_test, coverage, mase
from changxiao.evaluation.outlook.hotspots import hotspots
from changxiao.kernel.words import gettext as _

ALONE = True  # wants a folder that not every machine has
OPTIONS = [
    click.Option(
        ["--data"],
        type=click.Path(path_type=Path, file_okay=False),
        help=_("civic311 文件夹；默认 CHANGXIAO_DATA 下的 civic311。"),
    ),
]
FILE = "chicago_sanitation_to_2013-06.csv.gz"
COLUMNS = Columns(
    found="created_date",
    kind="nature_of_violation",
    closed="completed_date",
    lon="lon",
    lat="lat",
    by="ward",
    number="request_number",
)
SINCE = 14975.0  # 2011-01-01; of the eleven years before it the list has 184 rows
TENTH = 10
BLITZ = (0.0, 0.25, 0.5, 0.75, 1.0)


def run(*, data: Path | None = None) -> list[Figure]:
    """长效: the whole of it, from the file. Refused `data_missing` without the folder."""
    path = outside(data, "civic311", FILE)
    from_file, problems = _timed(lambda: problems_of(path, COLUMNS, ())[0])
    spent, told = _timed(lambda: lasting_of(problems))
    again, closed = sum(one.again for one in told), sum(one.closed for one in told)
    return [
        Figure(path="lasting/read", value=from_file, unit="s", note=f"{len(problems):,} cases"),
        Figure(path="lasting/table", value=spent, unit="s", note=f"{again:,} of {closed:,} again"),
        *_beside(problems),
        *_forecast(problems.only(problems.found >= SINCE)),
        _hot(problems),
        *_planted(),
    ]


def _timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    answer = ask()
    return time.perf_counter() - begin, answer


def _beside(problems: Problems) -> list[Figure]:
    """Recurrence of a tenth by both ways, which must agree."""
    some = problems.only(np.arange(0, len(problems), TENTH))
    quick, ours = _timed(lambda: first_again(some))
    slow, plain = _timed(lambda: _plainly(some))
    assert np.array_equal(ours, plain, equal_nan=True)
    note = f"{len(some):,} cases"
    return [
        Figure(path="lasting/recurrence", value=quick, unit="s", ratio=quick / slow, note=note),
        Figure(path="lasting/recurrence/plain", value=slow, unit="s", note=note),
    ]


def _plainly(problems: Problems) -> Floats:
    answer = np.full(len(problems), np.inf)
    for row in range(len(problems)):
        away = np.hypot(problems.x - problems.x[row], problems.y - problems.y[row])
        near = (problems.kind == problems.kind[row]) & (away <= METRES)
        after = problems.found - problems.closed[row]
        again = after[near & (after > 0)]
        answer[row] = again.min() if len(again) else np.inf
    answer[np.isnan(problems.closed)] = np.nan
    return answer


def _forecast(problems: Problems) -> list[Figure]:
    _groups, weeks, _monday = weekly(problems)
    weeks = weeks[weeks.sum(axis=1) >= YEAR]  # a ward of fewer than one a week is no ward
    spent, tried = _timed(lambda: back_test(weeks))
    actual, known = weeks[:, WARM:], weeks[:, :WARM]
    ours = mase(actual, tried.expected, known)
    naive = mase(actual, weeks[:, WARM - YEAR : -YEAR], known)
    note = f"{weeks.shape[0]} wards, {weeks.shape[1]} weeks, {actual.shape[1]} tried"
    inside = 100 * coverage(actual, tried)
    return [
        Figure(path="forecast/back-test", value=spent, unit="s", note=note),
        Figure(path="forecast/mase", value=ours, unit="", ratio=ours / naive, note=note),
        Figure(path="forecast/mase/seasonal-naive", value=naive, unit="", note=note),
        Figure(path="forecast/coverage", value=inside, unit="%", note="nominal 90 %"),
    ]


def _hot(problems: Problems) -> Figure:
    lately = problems.only(np.isfinite(problems.x) & (problems.found >= problems.found.max() - 365))
    spent, cells = _timed(lambda: hotspots(lately.x, lately.y))
    note = f"{len(lately):,} cases, {len(cells.x):,} cells, {int(cells.hot.sum())} hot"
    return Figure(path="hotspots", value=spent, unit="s", note=note)


def _planted() -> list[Figure]:
    """The index of simulated streets, from steady to all before inspections."""
    return [
        Figure(
            path=f"lasting/index/blitz-{100 * blitz:.0f}",
            value=lasting_index(samples.parts(samples.street(blitz, seed=1))),
            unit="of 100",
        )
        for blitz in BLITZ
    ]
