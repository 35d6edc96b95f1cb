"""下载: a short list is answered at once, a long one is written by a process of the worker's.

`wiring.EXPORTS` names for each list the function `(wanted, now) -> Sheet` that reads it within the
current viewer's reach. Who took which list is an entry, written before the first byte leaves.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language, override

from changxiao.kernel import scope, spreadsheet
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_time
from changxiao.kernel.home import folder
from changxiao.kernel.spreadsheet import XLSX, Sheet
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Download, Staff

AT_ONCE = 2000  # rows; more take longer than a person waits without a word
KEPT = timedelta(hours=24)
STUCK = timedelta(minutes=2)  # without a beat the process is gone
MOST_TRIES = 2
WIRED = "changxiao.wiring.EXPORTS"
Read = Callable[[Mapping[str, str], datetime], Sheet]
State = Download.State
_MAKE = "from changxiao.cli import main; import sys; sys.argv[1:1] = ['export', 'make']; main()"
_running: list[subprocess.Popen[bytes]] = []


def sheet_of(name: str, wanted: Mapping[str, str], now: datetime) -> Sheet:
    """一张表 of the list named so, within the viewer's reach."""
    read: Read = import_string(import_string(WIRED)[name])
    return read(wanted, now)


def answer(request: HttpRequest, name: str, wanted: Mapping[str, str]) -> HttpResponseBase:
    """导出: the file itself, or the page that tells how far it is. Raises what the list refuses."""
    now = timezone.now()
    sheet = sheet_of(name, wanted, now)
    _log(name, wanted, str(getattr(request, "acting_post", "")))
    if sheet.total <= AT_ONCE:
        file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
        spreadsheet.write(file, sheet)
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=file_name(name, now), content_type=XLSX
        )
    assert isinstance(request.user, Staff)  # no list opens for a visitor
    row = Download.objects.create(
        staff=request.user,
        name=name,
        wanted=dict(wanted),
        language=get_language() or "zh-hans",
        total=sheet.total,
        asked_at=now,
        expires_at=now + KEPT,
    )
    return redirect("download", row.pk)


def _log(name: str, wanted: Mapping[str, str], post: str) -> None:
    who = scope.current().name
    act = Act(actor=who, post=post, key=str(uuid.uuid4()))
    with writing():
        # What was searched for may be a person's number: it is not kept.
        filters = {key: value for key, value in wanted.items() if key != "q"}
        body = {"list": name, "filters": filters, "most": spreadsheet.MOST}
        ledger.append(stream=f"export:{who}", verb="export", act=act, body=body)


def file_name(name: str, at: datetime) -> str:
    """文件名."""
    return f"{name}-{local_time(at):%Y%m%d-%H%M}.xlsx"


def path_of(row: Download) -> Path:
    """文件: below the home; a number that comes again after a restore finds no other's file."""
    return folder("exports") / f"{row.pk}-{row.asked_at:%Y%m%d%H%M%S%f}.xlsx"


def make(pk: int) -> None:
    """生成: write one download with the rights that its asker has now; tells its progress."""
    row = Download.objects.select_related("staff").get(pk=pk)
    now = timezone.now()
    _beat(row, started_at=now, done=0)
    with scope.viewing(viewer_for(row.staff, now)), override(row.language):
        sheet = sheet_of(row.name, row.wanted, now)
        Download.objects.filter(pk=pk).update(total=sheet.total)
        part = path_of(row).with_suffix(".part")
        with part.open("wb") as file:
            spreadsheet.write(file, sheet, lambda done: _beat(row, done=min(done, sheet.total)))
    part.chmod(0o600)
    part.replace(path_of(row))
    _beat(row, state=State.READY, done=sheet.total)


def _beat(row: Download, **fields: object) -> None:
    Download.objects.filter(pk=row.pk).update(beat_at=timezone.now(), **fields)


def sweep(now: datetime) -> int:
    """清扫: start the next that waits, try once more what stands still, drop what has expired."""
    _running[:] = [one for one in _running if one.poll() is None]
    _revive(now)
    gone = _expire(now)
    if _running or Download.objects.filter(state=State.RUNNING).exists():
        return gone
    row = Download.objects.filter(state=State.WAITING).order_by("asked_at", "id").first()
    if row is None:
        return gone
    Download.objects.filter(pk=row.pk).update(state=State.RUNNING, beat_at=now, tries=row.tries + 1)
    _running.append(subprocess.Popen([sys.executable, "-c", _MAKE, str(row.pk)]))
    return gone + 1


def _revive(now: datetime) -> None:
    still = Download.objects.filter(state=State.RUNNING, beat_at__lt=now - STUCK)
    if not still.exists():  # an UPDATE of nothing would take the writers' turn each second
        return
    still.filter(tries__lt=MOST_TRIES).update(state=State.WAITING)
    still.filter(tries__gte=MOST_TRIES).update(state=State.FAILED)


def _expire(now: datetime) -> int:
    old = list(Download.objects.filter(expires_at__lte=now))
    for row in old:
        path_of(row).unlink(missing_ok=True)
        row.delete()
    return len(old)
