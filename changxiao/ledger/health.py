"""记录的健康: heartbeats of jobs, and what is red (`changxiao doctor`, `/healthz`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from changxiao.kernel.transactions import writing
from changxiao.ledger import sequencer
from changxiao.ledger.consumers import Consumer, lag
from changxiao.ledger.models import Entry, Heartbeat, Parked

LAG = timedelta(seconds=10)  # P6: each entry is in the tree by then
BEHIND = 10_000  # entries a consumer may be behind


@writing()
def beat(name: str, period: timedelta, now: datetime, error: str = "") -> None:
    """心跳: job `name` ran; with an `error` it ran and failed, and its last good beat stays."""
    seconds = max(1, int(period.total_seconds()))
    row, made = Heartbeat.objects.get_or_create(
        name=name, defaults={"beat_at": now, "period": seconds, "error": error[:2000]}
    )
    if made:
        return
    row.period, row.error = seconds, error[:2000]
    if not error:
        row.beat_at = now
    row.save(update_fields=["beat_at", "period", "error"])


def problems(now: datetime, consumers: Iterable[Consumer] = ()) -> list[str]:
    """问题: sentences on what is red; empty where all is well."""
    return [*_silent(now), *_unordered(now), *_behind(consumers), *_parked()]


def _silent(now: datetime) -> list[str]:
    found = []
    for row in Heartbeat.objects.order_by("name"):
        if row.error:
            found.append(
                _("作业 %(name)s 出错：%(error)s") % {"name": row.name, "error": row.error}
            )
        elif now - row.beat_at > timedelta(seconds=2 * row.period):
            since = row.beat_at.isoformat(timespec="seconds")
            found.append(
                _("作业 %(name)s 自 %(since)s 起没有运行") % {"name": row.name, "since": since}
            )
    return found


def _unordered(now: datetime) -> list[str]:
    late = Entry.objects.filter(leaf=None, recorded_at__lt=now - LAG)
    if not late.filter(pk__gt=sequencer.floor_id()).exists():
        return []
    return [_("有记录超过 %(seconds)s 秒未定序：请查看工作进程") % {"seconds": LAG.seconds}]


def _behind(consumers: Iterable[Consumer]) -> list[str]:
    sentence = _("消费者 %(name)s 落后 %(count)s 条")
    counts = ((consumer.name, lag(consumer)) for consumer in consumers)
    return [sentence % {"name": name, "count": count} for name, count in counts if count > BEHIND]


def _parked() -> list[str]:
    rows = Parked.objects.select_related("entry").order_by("parked_at")[:20]
    sentence = _("消费者 %(name)s 五次未能处理 %(entry)s，已搁置：%(error)s")
    return [sentence % {"name": r.consumer, "entry": r.entry, "error": r.error} for r in rows]
