"""发送: takes what is due out of the box and hands it to its channel, until it is taken.

Before an attempt the row's time is put forward (the lease): whoever is killed between the sending
and the mark leaves a row that is tried again, so outward it is at least once, and in our books each
delivery once. A thread of the worker's does it: another machine's slowness holds up nobody's order.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.catalog import policy
from changxiao.kernel.transactions import writing
from changxiao.ledger.actions import reveal
from changxiao.notices import filling
from changxiao.notices.channels import CHANNELS
from changxiao.notices.channels.base import Address, Failed, Message
from changxiao.notices.models import Delivery, Notice
from changxiao.notices.running import Runner, together
from changxiao.notices.timing import pause

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
BATCH, LINES = 40, 20
State = Delivery.State


def sweep(now: datetime) -> int:
    """清扫: start the sender where something is due and none is at it."""
    return 0 if SENDER.running or not _due(now).exists() else SENDER.start()


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=State.WAITING, send_at__lte=now)


def _run() -> None:
    while rows := list(_due(timezone.now()).order_by("send_at", "id")[:BATCH]):
        together(rows, lambda row: attempt(row, timezone.now()))


SENDER = Runner("notices", _run)


def drain(now: datetime) -> int:
    """发完到期的, one after another; how many attempts. For tests and the command line."""
    count = 0
    while rows := list(_due(now).order_by("send_at", "id")[:BATCH]):
        for row in rows:
            count += attempt(row, now)
    return count


def attempt(row: Delivery, now: datetime) -> int:
    """试一次: with what is gathered for the same recipient; 0 where somebody else is at it."""
    rows = _claimed(row, now)
    if not rows:
        return 0
    first = rows[0]
    try:
        if why := _pointless(first.notice):
            _end(rows, State.DROPPED, now, why)
            return 1
        CHANNELS[first.channel].send(_address(first.notice), _message(rows))
    except Failed as wrong:
        _failed(rows, wrong, now)
    except Exception as wrong:
        logger.exception("channel %s", first.channel)
        _failed(rows, Failed(type(wrong).__name__), now)
    else:
        _end(rows, State.SENT, now)
    return 1


def _claimed(row: Delivery, now: datetime) -> list[Delivery]:
    wanted = Q(pk=row.pk)
    if row.gathered:
        same = Q(channel=row.channel, gathered=True, notice__staff=row.notice.staff_id)
        wanted |= same if row.notice.staff_id else Q(pk=row.pk)
    with writing():
        ids = list(_due(now).filter(wanted).order_by("id").values_list("pk", flat=True)[:200])
        if row.pk not in ids:
            return []
        mine = Delivery.objects.filter(pk__in=ids, state=State.WAITING, send_at__lte=now)
        if mine.update(send_at=now + LEASE, tries=F("tries") + 1) != len(ids):
            raise RuntimeError("another sender took a part of it")
    found = Delivery.objects.filter(pk__in=ids).order_by("id")
    return list(
        found.select_related("notice__case", "notice__staff", "notice__robot", "notice__consent")
    )


def _pointless(notice: Notice) -> str:
    if notice.staff and not notice.staff.is_active:
        return _("收件人已离岗")
    if notice.consent and notice.consent.ended_at:
        return _("收件人已撤回同意")
    if notice.robot and not notice.robot.enabled:
        return _("群机器人已停用")
    return ""


def _address(notice: Notice) -> Address:
    return Address(
        staff=notice.staff_id,
        robot=notice.robot.name if notice.robot else "",
        contact=notice.consent.contact if notice.consent else "",
    )


def _message(rows: list[Delivery]) -> Message:
    notice = rows[0].notice
    if len(rows) == 1:
        url = _url(notice)
        text = filling.linked(notice.text, url if notice.consent else "")
        return Message(
            title=notice.title,
            text=text,
            url="" if notice.consent and url in text else url,
            urgent=notice.urgent,
            key=notice.key,
        )
    lines = [f"{n}. {row.notice.text}" for n, row in enumerate(rows[:LINES], 1)]
    if len(rows) > LINES:
        lines.append(_("还有 %(n)d 条，请登录查看") % {"n": len(rows) - LINES})
    title = _("%(n)d 条消息") % {"n": len(rows)}
    url = settings.SITE_URL + reverse("notices")
    return Message(title, "\n".join(lines), url, key=notice.key)


def _url(notice: Notice) -> str:
    if notice.consent:
        return _followed(notice)
    return settings.SITE_URL + notice.url


def _followed(notice: Notice) -> str:
    assert notice.consent is not None
    code = json.loads(reveal(notice.consent.contact) or "{}").get("code", "")
    return settings.SITE_URL + reverse("portal_follow", args=[code]) if code else ""


def _failed(rows: list[Delivery], wrong: Failed, now: datetime) -> None:
    most = policy.number("notice_tries")
    again = [row for row in rows if not wrong.for_good and row.tries < most]
    over = [row for row in rows if row not in again]
    if over:
        _end(over, State.FAILED, now, wrong.why)
    for row in again:
        row.send_at, row.error = now + pause(row.tries), wrong.why
    if again:
        with writing():
            Delivery.objects.bulk_update(again, ["send_at", "error"], batch_size=200)


def _end(rows: list[Delivery], state: str, now: datetime, why: str = "") -> None:
    with writing():
        mine = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.WAITING)
        mine.update(state=state, ended_at=now, error=why[:300])
