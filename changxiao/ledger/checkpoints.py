"""检查点 (C2SP tlog-checkpoint): size and root of the tree, signed, so that nobody can rewrite it.

Before signing, the root is recomputed from the raw entries by the second implementation
(`ledger.audit`) and held against the stored tree and every earlier checkpoint. On any difference
nothing is signed and the red flag stays up until a person has looked (reliability.md §6.1).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from changxiao.kernel.child import Child
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import audit, log, signing
from changxiao.ledger.models import Checkpoint, Heartbeat
from changxiao.ledger.notes import Note, NoteCheck, check
from changxiao.ledger.vkey import Verifier

EVERY = 10_000  # entries
DAILY = time(0, 5)  # city time
FLAG = "checkpoint.red"  # a heartbeat with an error, there only while the log is not whole
LOOK_AGAIN = timedelta(hours=1)
# To recompute a million entries takes half a minute, in which the worker would order nothing.
daily = Child("ledger", "checkpoint", "--daily")


def latest() -> Checkpoint | None:
    """最近检查点."""
    return Checkpoint.objects.order_by("-number").first()


def sweep(now: datetime) -> None:
    """按时签署: at 00:05 city time, whole; every 10,000 entries, from the last one on."""
    if daily.running or _flagged(now):
        return  # red already: to recompute a broken log every minute helps nobody
    if daily_due(now):
        daily.start()
    elif _fresh(latest()) >= EVERY:
        sign(now, whole=False)


def daily_due(now: datetime) -> bool:
    """当日应签: a day has turned since the last checkpoint, and there is news."""
    last = latest()
    return _day_turned(last, now) and _fresh(last) > 0


def _fresh(last: Checkpoint | None) -> int:
    return log.size() - (last.size if last else 0)


def _day_turned(last: Checkpoint | None, now: datetime) -> bool:
    zone = city_zone()
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), DAILY, zone)
    if local < due:
        due -= timedelta(days=1)
    return last is None or last.signed_at < due


def sign(now: datetime, *, whole: bool = True) -> Checkpoint:
    """签署检查点: of the tree as it stands; Refused("ledger_red") where the log is not whole.

    `whole` recomputes every entry; else those since the last checkpoint, whose root is signed.
    """
    last = latest()
    ours = stored(signing.verifier())
    start = 0 if whole or last is None else last.size
    report = audit.verify(ours, start=start)
    if not report.findings and log.root(report.size) != report.root:
        report.add(audit.TREE, None, _("两种算法得出的根不同"))
    if report.findings:
        _raise_flag(now, str(report.findings[0]))
        sentence = _("总账核对不一致，未签署：%(finding)s")
        raise Refused("ledger_red", sentence % {"finding": report.findings[0]})
    note = Note(signing.origin(), report.size, report.root)
    with writing():
        signed = Checkpoint.objects.create(
            number=last.number + 1 if last else 1,
            size=note.size,
            root=note.root.hex(),
            note=signing.sign_note(note.text()),
            signed_at=now,
        )
    Heartbeat.objects.filter(name=FLAG).delete()
    return signed


def stored(verifier: Verifier) -> list[NoteCheck]:
    """库中检查点: columns that differ from the signed text are a fault like a wrong signature."""
    return [_stored(row, verifier) for row in Checkpoint.objects.order_by("number")]


def _stored(row: Checkpoint, verifier: Verifier) -> NoteCheck:
    found = check(str(row.number), row.note, verifier)
    if not found.fault and (found.size, found.root.hex()) != (row.size, row.root):
        fault = _("检查点 %(name)s 的签名文本与其登记不符") % {"name": row.number}
        return NoteCheck(found.name, found.size, found.root, fault)
    return found


def _raise_flag(now: datetime, error: str) -> None:
    Heartbeat.objects.update_or_create(
        name=FLAG, defaults={"beat_at": now, "period": 86_400, "error": error}
    )


def _flagged(now: datetime) -> bool:
    return Heartbeat.objects.filter(name=FLAG, beat_at__gt=now - LOOK_AGAIN).exists()
