"""点集: every case of a filtered list as seventeen bytes, for a map that clusters in the browser.

Little-endian columns one after another: numbers (uint64), longitudes and latitudes (int32, degrees
times ten million), marks (uint8: the standing, plus 8 when urgent). A hundred thousand cases are
one statement and about a megabyte on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from gzip import compress
from typing import NamedTuple

import numpy as np
from django.db.models import Case as Choose
from django.db.models import IntegerChoices, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from changxiao.cases import listing, live
from changxiao.cases.flow import ENDS
from changxiao.cases.forms.filters import search
from changxiao.cases.models import Case
from changxiao.kernel.scope import Grant, current

MOST = 200_000  # the newest ones; beyond, the page asks to narrow the filter
SCALE = 1e7  # of a degree: a centimetre
URGENT = 8


class Mark(IntegerChoices):
    """标记: what a point shows, by the same words as the list's filters; the last is the worst."""

    ENDED = 0, _("已办结")
    PAUSED = 1, _("暂停计时")
    ON_TRACK = 2, _("未超期")
    TODAY = 3, _("今天到期")
    OVERDUE = 4, _("超期")


class Points(NamedTuple):
    """点集: how many in all, whether some were left out, and the columns, gzipped."""

    total: int
    cut: bool
    packed: bytes


def points(wanted: Mapping[str, str], words: str, at: datetime) -> Points:
    """点集 of what the viewer may see; made once a minute, and anew when the log has grown. A few
    cases asked for by number are not worth remembering."""
    if wanted.get("number"):
        return pack(listing.filtered(wanted, at=at).filter(search(words)), at)
    viewer = current()
    minute = at.replace(second=0, microsecond=0)
    asked = tuple(sorted(wanted.items()))
    return _made((viewer.kind, viewer.grants), asked, words, (live.top(), minute))


@lru_cache(8)
def _made(
    _rights: tuple[str, tuple[Grant, ...]],
    wanted: tuple[tuple[str, str], ...],
    words: str,
    moment: tuple[int, datetime],
) -> Points:
    """Rights are part of what is remembered: nobody is shown what was made for somebody else."""
    at = moment[1]
    rows = listing.filtered(dict(wanted), at=at).filter(search(words))
    return pack(rows, at)


def pack(rows: QuerySet[Case], at: datetime) -> Points:
    """打包: one statement, whatever the number of cases."""
    told = rows.select_related(None).order_by("-id")[: MOST + 1]
    marked = told.annotate(mark=_mark(at)).values_list("number", "lon", "lat", "mark", "urgent")
    found = list(marked)
    cut, found = len(found) > MOST, found[:MOST]
    numbers, lons, lats, marks, urgent = zip(*found, strict=True) if found else ((),) * 5
    columns = (
        np.array(numbers, dtype="<u8"),
        np.rint(np.array(lons, float) * SCALE).astype("<i4"),
        np.rint(np.array(lats, float) * SCALE).astype("<i4"),
        (np.array(marks, np.uint8) + URGENT * np.array(urgent, np.uint8)).astype(np.uint8),
    )
    return Points(len(found), cut, compress(b"".join(c.tobytes() for c in columns), 1, mtime=0))


def _mark(at: datetime) -> Choose:
    return Choose(
        When(stage__in=ENDS, then=Value(Mark.ENDED)),
        When(due_at__isnull=True, then=Value(Mark.PAUSED)),
        When(listing.late(at), then=Value(Mark.OVERDUE)),
        When(listing.due_today(at), then=Value(Mark.TODAY)),
        default=Value(Mark.ON_TRACK),
        output_field=IntegerField(),
    )
