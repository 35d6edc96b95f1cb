"""表格下载: CSV as people open it, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from changxiao.kernel.refused import Refused
from changxiao.kernel.spreadsheet import neutral


def refused(no: Refused) -> HttpResponse:
    """没有下载: the sentence why, in the place of the file."""
    return HttpResponse(no.sentence, status=400, content_type="text/plain; charset=utf-8")


def as_csv(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """CSV 附件: with a byte order mark, else Excel takes Chinese for another encoding; text that a
    spreadsheet would run gets an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([neutral(one) if isinstance(one, str) else one for one in row])
    answer = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
