"""收单 intake: a file is read, checked row by row, shown, and taken once a person says so.

Each row is a transaction of its own under the key source ‖ number: a run that was killed goes on
where it stood, and the same file once more takes nothing twice. What cannot be taken goes back as a
sheet with the reason in its last column.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import KeyReused, Replayed
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff
from changxiao.workorders import files, reading, sources
from changxiao.workorders.actions import Known, Placed, key_of, take_order
from changxiao.workorders.checking import CHUNK, Checker, Held, known_numbers
from changxiao.workorders.mapping import Flaw, columns_of, known_names
from changxiao.workorders.models import OrderBatch, OrderSource, WorkOrder
from changxiao.workorders.reading import HEAD_WITHIN, Cells

State = OrderBatch.State
AT_ONCE = 150_000  # bytes: what is read while the browser waits
FEW = 20  # rows that are taken while the browser waits
SHOWN_ROWS, SHOWN_FAULTS, SHOWN_KINDS = 5, 20, 40
EVERY = 0.3  # seconds between two words about progress
MOST_MEMORY = 300 * 2**20


def receive(source: OrderSource, data: bytes, name: str, *, post: str) -> OrderBatch:
    """收下文件: a draft from the first moment; a small one is read at once, a large one beside.

    Raises Refused for what is no table, and then nothing is kept.
    """
    head, _rows = _headed(source, reading.table(data, name), name)
    batch = OrderBatch.objects.create(
        source=source.code,
        name=name[-120:],
        sha256=hashlib.sha256(data).hexdigest(),
        language=get_language() or "zh-hans",
        uploaded_by=scope.current().name,
        post=post,
        uploaded_at=timezone.now(),
        headings=head,
    )
    files.keep_upload(batch, data)
    if len(data) <= AT_ONCE:
        check(batch)
    return batch


def _headed(
    source: OrderSource, table: Iterator[tuple[int, Cells]], name: str
) -> tuple[Cells, Iterator[tuple[int, Cells]]]:
    """表头, and the rows below it. Refused `head_unknown` says what stands in the first rows."""
    first = list(islice(table, HEAD_WITHIN))
    at = reading.find_head(first, known_names(source.columns))
    if not at:
        there = "、".join(
            dict.fromkeys(cell[:12] for _n, cells in first[:3] for cell in cells if cell)
        )
        message = _("文件“%(name)s”前 %(rows)d 行里找不到表头：看到的是 %(there)s。请保留列名一行")
        values = {"name": name[:60], "rows": HEAD_WITHIN, "there": there[:160] or _("空表")}
        raise Refused("head_unknown", message % values, field="file")
    head = next(cells for number, cells in first if number == at)

    def below() -> Iterator[tuple[int, Cells]]:
        yield from (row for row in first if row[0] > at)
        yield from table

    return head, below()


def check(batch: OrderBatch) -> None:
    """核对: read the upload, check every row and show the first; nothing is taken."""
    source = sources.of(batch.source)
    beat = _Beat(batch)
    data = files.upload(batch)
    head, below = _headed(source, reading.table(data, batch.name), batch.name)
    total = files.keep_rows(batch, below)
    if total > reading.MOST_ROWS:
        raise Refused("file_long", _("表超过 %(n)d 行，请分开上传") % {"n": reading.MOST_ROWS})
    columns = columns_of(head, source.columns)
    batch.headings, batch.total = head, total
    checker = Checker(source, columns, batch)
    shown, faults = list[dict[str, str]](), list[list[str]]()
    counts, kind = {"good": 0, "known": 0}, columns.heading("category")

    def bad() -> Iterator[files.BadRow]:
        for number, cells, told in _checked(checker, files.rows(batch), beat):
            if isinstance(told, Flaw):
                # Categories without ours are asked for below, each once.
                if len(faults) < SHOWN_FAULTS and told.column != kind:
                    faults.append([str(number), told.column, told.value[:80], told.remedy])
                yield number, cells, told.sentence
                continue
            counts["known" if told.known else "good"] += 1
            if len(shown) < SHOWN_ROWS:
                shown.append(_as_read(told))

    batch.bad = files.keep_bad(batch, bad()) if not columns.missing else 0
    batch.good, batch.known = counts["good"], counts["known"]
    kinds = sorted(checker.unmapped.items(), key=lambda one: -one[1])[:SHOWN_KINDS]
    batch.shown = {
        "rows": shown,
        "faults": faults,
        "kinds": kinds,
        "places": columns.places,
        "missing": columns.missing,
    }
    batch.state, batch.done, batch.began_at = State.DRAFT, 0, None
    batch.save()


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that can be taken, and what its number was taken for already."""

    placed: Placed
    known: Held | None


_Told = tuple[int, Cells, Flaw | _Read]


def _checked(checker: Checker, rows: Iterator[files.Row], beat: _Beat) -> Iterator[_Told]:
    zone = city_zone()
    while chunk := list(islice(rows, CHUNK)):
        told = [(number, cells, _row(checker, number, cells, zone)) for number, cells in chunk]
        numbers = [one.told.number for _n, _c, one in told if isinstance(one, Placed)]
        known = known_numbers(checker.source.code, numbers)
        for number, cells, one in told:
            if not isinstance(one, Placed):
                yield number, cells, one
                continue
            held = known.get(one.told.number)
            yield number, cells, _changed(checker, one, held) or _Read(one, held)
        beat(chunk[-1][0])


def _row(checker: Checker, number: int, cells: Cells, zone: ZoneInfo) -> Placed | Flaw:
    try:
        return checker.row(number, cells, zone)
    except Flaw as flaw:
        return flaw


def _changed(checker: Checker, placed: Placed, held: Held | None) -> Flaw | None:
    """What came before and says something else now is nobody's to skip: a person compares."""
    differs = held.changed(placed.told) if held else {}
    if held is None or not differs:
        return None
    name, (was, now) = next(iter(differs.items()))
    remedy = _("已收为案卷 %(case)s，那时是“%(was)s”；请在工单页核对，延期请记在那里，不再另收")
    told = {"case": held.case, "was": rules.masked(was[:80]) or "—"}
    return checker.flaw(name, rules.masked(now[:80]), remedy % told)


def _as_read(read: _Read) -> dict[str, str]:
    placed, told = read.placed, read.placed.told
    return {
        "number": told.number,
        "limit": told.limit.isoformat() if told.limit else "",
        "kind": placed.subject.name,
        "category": told.category,
        "address": rules.masked(told.address or told.area),
        "by": placed.by,
        "text": rules.masked(told.description[:60]),
        "known": read.known.case if read.known else "",
    }


def start(batch: OrderBatch) -> None:
    """开始收单: the worker takes the rows; a person said so after he saw them."""
    rows = OrderBatch.objects.filter(pk=batch.pk, state=State.DRAFT)
    if not rows.update(state=State.WAITING, done=0, taken=0, tries=0):
        raise Refused("not_now", _("这一批已经在收，或已经收完"))


def run(batch: OrderBatch) -> None:
    """收单: every good row, each once; goes on where an earlier run stood."""
    source = sources.of(batch.source)
    columns = columns_of(batch.headings, source.columns)
    checker, beat = Checker(source, columns, batch), _Beat(batch)
    taken, known = 0, 0

    def bad() -> Iterator[files.BadRow]:
        nonlocal taken, known
        for number, cells, told in _checked(checker, files.rows(batch), beat):
            if isinstance(told, Flaw):
                yield number, cells, told.sentence
            elif told.known:
                known += 1
            elif why := _taken(source, told, batch):
                yield number, cells, why
            else:
                taken += 1
            beat.taken = taken

    batch.bad = files.keep_bad(batch, bad())
    orders = WorkOrder.everything.filter(batch=batch).count()  # a killed run took some of them
    OrderBatch.objects.filter(pk=batch.pk).update(
        state=State.DONE,
        taken=orders,
        known=known - (orders - taken),
        bad=batch.bad,
        done=batch.total,
        finished_at=timezone.now(),
    )
    files.forget(batch, "upload", "rows")


def _taken(source: OrderSource, told: _Read, batch: OrderBatch) -> str:
    """Takes one row; why not, in a sentence, or ""."""
    key = key_of(source.code, told.placed.told.number)
    act = Act(actor=batch.uploaded_by, post=batch.post, key=key)
    try:
        take_order(source, told.placed, act=act)
    except (Known, Replayed, KeyReused):
        return ""  # taken by another way in this very moment
    except Refused as no:
        return no.sentence
    return ""


class _Beat:
    """心跳: says how far it is, now and then."""

    def __init__(self, batch: OrderBatch) -> None:
        self.batch, self.taken, self._told = batch, 0, 0.0

    def __call__(self, row: int) -> None:
        now = time.monotonic()
        if now - self._told >= EVERY:
            self._told = now
            done = min(row, self.batch.total or row)
            OrderBatch.objects.filter(pk=self.batch.pk).update(
                done=done, taken=self.taken, beat_at=timezone.now()
            )


def work(pk: int) -> None:
    """办理一批, as a process of its own: what the batch's state asks for, within its memory."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (4 * MOST_MEMORY, 4 * MOST_MEMORY))
    batch = OrderBatch.objects.get(pk=pk)
    staff = Staff.objects.get(username=batch.uploaded_by)
    now = timezone.now()
    with scope.viewing(viewer_for(staff, now)), override(batch.language):
        try:
            if batch.state == State.READING:
                check(batch)
            else:
                run(batch)
        except (Refused, FileNotFoundError) as no:
            why = no.sentence if isinstance(no, Refused) else _("文件已不在，请重新上传")
            rows = OrderBatch.objects.filter(pk=pk)
            rows.update(state=State.FAILED, why=why[:300], finished_at=timezone.now())
