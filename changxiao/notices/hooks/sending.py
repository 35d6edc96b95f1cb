"""推送: each address gets its entries one after another, in the order of the log.

What is not taken is tried again with growing pauses, and what comes after it waits; after the
city's number of attempts it goes on the list of the undelivered and the next has its turn. An
address that fails again and again is paused, and says so where the administrators look.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.notices import guard, wire
from changxiao.notices.actions.hooks import pause_webhook
from changxiao.notices.channels.base import Failed
from changxiao.notices.hooks import shape, signing
from changxiao.notices.models_hooks import HookDelivery, Webhook
from changxiao.notices.running import Runner, together
from changxiao.notices.timing import pause

LEASE = timedelta(minutes=2)
TURN = 100  # entries of one address before the next look at all of them
State = HookDelivery.State


def heads(now: datetime) -> list[HookDelivery]:
    """各地址的下一条 that is due."""
    found = []
    for hook in Webhook.objects.filter(state=Webhook.State.ON):
        row = hook.deliveries.filter(state=State.WAITING).order_by("position").first()
        if row is not None and row.send_at <= now:
            found.append(row)
    return found


def _run() -> None:
    while rows := heads(timezone.now()):
        together([row.hook_id for row in rows], _turn)


SENDER = Runner("webhooks", _run)


def _turn(hook_id: int) -> None:
    for _n in range(TURN):
        if not one(hook_id, timezone.now()):
            return


def one(hook_id: int, now: datetime) -> bool:
    """推一条: False where nothing is due for this address, or it was not taken."""
    row = _claimed(hook_id, now)
    if row is None:
        return False
    try:
        ask(row.hook, _type(row), _body(row), row.entry.hash)
    except Failed as wrong:
        _failed(row, wrong.why, now)
        return False
    with writing():
        _end(row, State.SENT, now)
        Webhook.objects.filter(pk=hook_id).exclude(failures=0).update(failures=0)
    return True


def ask(hook: Webhook, kind: str, body: bytes, key: str) -> wire.Answer:
    """发一次: the address is looked at anew each time. Raises Failed."""
    try:
        target = guard.checked(hook.url)
    except Refused as no:
        raise Failed(no.sentence) from None
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Changxiao-Event": kind,
        "X-Changxiao-Event-Id": key,
        signing.HEADER: signing.signature(signing.secret_of(hook.code), body, int(time.time())),
    }
    return wire.must_be_taken(wire.send(target, body, headers))


def _claimed(hook_id: int, now: datetime) -> HookDelivery | None:
    rows = HookDelivery.objects.filter(hook=hook_id, hook__state=Webhook.State.ON)
    row = (
        rows.filter(state=State.WAITING)
        .select_related("hook", "entry")
        .order_by("position")
        .first()
    )
    if row is None or row.send_at > now:
        return None
    with writing():
        mine = HookDelivery.objects.filter(pk=row.pk, state=State.WAITING, send_at=row.send_at)
        if not mine.update(send_at=now + LEASE, tries=F("tries") + 1):
            return None
    row.tries += 1
    return row


def _type(row: HookDelivery) -> str:
    return f"case.{row.entry.verb}"


def _body(row: HookDelivery) -> bytes:
    number = row.entry.stream.removeprefix(shape.STREAM)
    case = Case.everything.select_related("unit").filter(number=number).first()
    return shape.body(row.entry, row.position, case)


def _failed(row: HookDelivery, why: str, now: datetime) -> None:
    with writing():
        if row.tries >= policy.number("hook_tries"):
            _end(row, State.FAILED, now, why)
        else:
            waiting = HookDelivery.objects.filter(pk=row.pk)
            waiting.update(send_at=now + pause(row.tries), error=why[:300])
        Webhook.objects.filter(pk=row.hook_id).update(failures=F("failures") + 1)
    hook = Webhook.objects.get(pk=row.hook_id)
    if hook.failures >= policy.number("hook_failures"):
        message = _("连续 %(n)d 次没有送达，已自动暂停：%(why)s")
        note = message % {"n": hook.failures, "why": why}
        pause_webhook(hook, act=Act.system("webhooks", note=note[:300]))


def _end(row: HookDelivery, state: str, now: datetime, why: str = "") -> None:
    mine = HookDelivery.objects.filter(pk=row.pk)
    mine.update(state=state, ended_at=now, error=why[:300])
