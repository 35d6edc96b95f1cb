"""抽签范围: over which checks the lot of a day is drawn."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from changxiao.cases.flow import CHECKED
from changxiao.cases.models import Case
from changxiao.kernel.day import city_zone
from changxiao.ledger.models import Entry

ONE = timedelta(days=1)
CHUNK = 500


def checked(day: date, since: datetime) -> list[tuple[Case, Entry]]:
    """该日核查: the cases that were found fixed on a day, after its seed was committed, and still
    are, each with the entry that says so."""
    begins = datetime.combine(day, time(), city_zone())
    rows = Case.everything.filter(
        stage__in=CHECKED,
        verified_at__gte=max(begins, since),
        verified_at__lt=begins + ONE,
    ).exclude(verified_by="")
    cases = {case.stream: case for case in rows.exclude(rechecks__state="open").order_by("id")}
    checks: dict[str, Entry] = {}
    names = list(cases)
    for start in range(0, len(names), CHUNK):
        entries = Entry.objects.filter(stream__in=names[start : start + CHUNK], verb="verify")
        checks |= {entry.stream: entry for entry in entries.order_by("n")}
    return [(case, checks[name]) for name, case in cases.items() if name in checks]
