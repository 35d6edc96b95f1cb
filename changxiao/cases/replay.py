"""回放: the log alone rebuilds every case (promise P7; `changxiao ledger verify --state`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.models import Case
from changxiao.cases.written import folded, plain
from changxiao.ledger.models import Entry

ROWS = (
    *("subcategory", "criterion", "component", "unit", "lead_unit", "section"),
    *("duplicate_of", "split_from"),
)


def check() -> Iterator[str]:
    """逐案核对: one sentence for each case whose row is not what its entries say."""
    cases = Case.everything.select_related(*ROWS).order_by("number").iterator(chunk_size=500)
    entries = (
        Entry.objects.filter(stream__startswith="case:")
        .order_by("stream", "n")
        .values_list("stream", "body")
        .iterator(chunk_size=2000)
    )
    by_stream = groupby(entries, key=lambda row: row[0])
    stream, group = next(by_stream, (None, iter(())))
    for case in cases:
        while stream is not None and stream < case.stream:
            yield _("台账中的“%(stream)s”没有对应的案卷") % {"stream": stream}
            stream, group = next(by_stream, (None, iter(())))
        if stream != case.stream:
            yield _("案卷%(number)s在台账中没有记录") % {"number": case.number}
            continue
        yield from differences(case, folded(json.loads(body) for _stream, body in group))
        stream, group = next(by_stream, (None, iter(())))
    while stream is not None:
        yield _("台账中的“%(stream)s”没有对应的案卷") % {"stream": stream}
        stream, group = next(by_stream, (None, iter(())))


def differences(case: Case, state: dict[str, Any]) -> Iterator[str]:
    """差异: the columns in which a row and its replayed state disagree."""
    for name, told in state.items():
        held = plain(getattr(case, name))
        if str(held) != str(told) and held != told:
            message = _("案卷%(number)s的%(name)s应为%(told)s，实为%(held)s")
            yield message % {"number": case.number, "name": name, "told": told, "held": held}
