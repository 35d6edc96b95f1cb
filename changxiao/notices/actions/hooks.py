"""设定出站推送: which address is told of which steps; pause, go on, tell again, another secret."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.flow import DEFAULT
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.notices import alarms, guard
from changxiao.notices.editing import editing, record
from changxiao.notices.hooks import signing
from changxiao.notices.models_hooks import HookDelivery, Webhook

MOST_AGAIN = 10_000  # entries told again at once
MOST_HOOKS = 20
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
State = HookDelivery.State


def set_webhook(code: str, *, url: str, verbs: Collection[str], act: Act) -> Webhook:
    """设定出站推送: a new address, or another address or other steps for one.

    Refused `code_unreadable`, `verb_unknown`, `hooks_many`, and what `guard.checked` refuses.
    """
    if not _CODE.fullmatch(code):
        message = _("代号“%(code)s”不可用：请用小写字母、数字和短横线，如 gis-center")
        raise Refused("code_unreadable", message % {"code": code[:40]}, field="code")
    known = {step.verb for step in DEFAULT.steps}
    if unknown := sorted(set(verbs) - known):
        message = _("没有“%(verb)s”这个步骤") % {"verb": unknown[0][:40]}
        raise Refused("verb_unknown", message, field="verbs")
    guard.checked(url)
    with editing(act) as at:
        row = Webhook.objects.filter(code=code).first()
        if row is None and Webhook.objects.count() >= MOST_HOOKS:
            message = _("最多%(n)d个出站推送，请先删除不用的") % {"n": MOST_HOOKS}
            raise Refused("hooks_many", message, field="code")
        was = body_of(row) if row else None
        row = row or Webhook(code=code)
        row.url, row.verbs = url.strip(), sorted(set(verbs))
        if was == body_of(row):
            return row
        row.save()
        record(row.stream, "set_webhook", act, at, {**body_of(row), "was": was})
    return row


def drop_webhook(row: Webhook, *, act: Act) -> None:
    """删除出站推送: it is told nothing more; what still waited goes with it."""
    with editing(act) as at:
        was = body_of(row)
        if Webhook.objects.filter(pk=row.pk).delete()[0]:
            record(row.stream, "drop_webhook", act, at, {"was": was})


def pause_webhook(row: Webhook, *, act: Act) -> Webhook:
    """暂停推送: what happens meanwhile waits; paused by the system, the administrators hear why."""
    with editing(act) as at:
        row = Webhook.objects.select_for_update().get(pk=row.pk)
        if row.state == Webhook.State.PAUSED:
            return row
        was = body_of(row)
        row.state, row.why = Webhook.State.PAUSED, act.note[:300]
        row.save(update_fields=["state", "why"])
        record(row.stream, "pause_webhook", act, at, {**body_of(row), "was": was})
        if act.actor.startswith("system:"):
            alarms.hook_paused(row, at)
    return row


def resume_webhook(row: Webhook, *, act: Act) -> Webhook:
    """恢复推送: from where it stopped."""
    with editing(act) as at:
        row = Webhook.objects.select_for_update().get(pk=row.pk)
        if row.state == Webhook.State.ON:
            return row
        was = body_of(row)
        row.state, row.why, row.failures = Webhook.State.ON, "", 0
        row.save(update_fields=["state", "why", "failures"])
        row.deliveries.filter(state=State.WAITING).update(send_at=at, tries=0)
        record(row.stream, "resume_webhook", act, at, {**body_of(row), "was": was})
    return row


def renew_webhook_secret(row: Webhook, *, act: Act) -> None:
    """换密钥: shown once; the old one signs nothing any more."""
    with editing(act) as at:
        record(row.stream, "renew_webhook_secret", act, at, {**body_of(row), "was": body_of(row)})
        signing.renew(row.code)


def replay_webhook(
    row: Webhook, *, since: datetime | None = None, one: int | None = None, act: Act
) -> int:
    """重推: every entry since a moment, or one delivery; in order, before whatever is newer.

    Refused `replay_nothing`, `replay_many`.
    """
    with editing(act) as at:
        wanted = _again(row, since, one)
        if not wanted:
            raise Refused("replay_nothing", _("没有可重推的记录，请换个时间"), field="since")
        if len(wanted) > MOST_AGAIN:
            message = _("一次最多重推%(n)d条，请把时间改晚一些") % {"n": MOST_AGAIN}
            raise Refused("replay_many", message, field="since")
        rows = [
            HookDelivery(hook=row, entry_id=entry, position=position, send_at=at)
            for entry, position in wanted
        ]
        HookDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
        first = min(position for _entry, position in wanted)
        last = max(position for _entry, position in wanted)
        again = row.deliveries.filter(position__gte=first, position__lte=last)
        again = again.filter(entry__in=[e for e, _p in wanted]) if one is not None else again
        again.update(state=State.WAITING, send_at=at, tries=0, ended_at=None, error="")
        body = {**body_of(row), "again": len(wanted), "was": body_of(row)}
        record(row.stream, "replay_webhook", act, at, body)
    return len(wanted)


def _again(row: Webhook, since: datetime | None, one: int | None) -> list[tuple[int, int]]:
    if one is not None:
        found = row.deliveries.filter(pk=one)
        return list(found.values_list("entry_id", "position"))
    entries = Entry.objects.filter(stream__startswith="case:", recorded_at__gte=since)
    if row.verbs:
        entries = entries.filter(verb__in=row.verbs)
    entries = entries.filter(leaf__isnull=False).order_by("leaf__index")
    return list(entries.values_list("pk", "leaf__index")[: MOST_AGAIN + 1])


def body_of(row: Webhook) -> dict[str, Any]:
    """推送内容, as an entry holds it; never the secret."""
    return {"url": row.url, "verbs": list(row.verbs), "state": str(row.state)}
