"""记录的动作: append an entry, seal a personal value, reveal it, erase it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.kernel import statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import chain
from changxiao.ledger.models import Entry, PrivateValue
from changxiao.ledger.refusals import KeyReused, Replayed


class _Unknown:
    """The caller does not hold the stream's last entry."""


UNKNOWN: Final = _Unknown()

_INSERT = """
    INSERT INTO ledger_entry (stream, n, verb, actor, on_behalf, act_key,
                              occurred_at, at, recorded_at, body, prev, hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING id
"""
_SEAL = 'INSERT INTO ledger_privatevalue ("commit", salt, value) VALUES '


def append(
    *,
    stream: str,
    verb: str,
    act: Act,
    body: Mapping[str, Any],
    head: Entry | _Unknown | None = UNKNOWN,
    at: datetime | None = None,
) -> Entry:
    """记录: write one entry at the end of `stream`, in the caller's transaction; one statement.

    `head` is the stream's last entry where the caller holds it under its lock (None: there is
    none); without it one more query reads it. `at` is the legal time the verb decided by, as read
    from `legal_time`; without it that is read here. Raises Replayed when this act is already in the
    log, KeyReused when its key is, with other content, and Refused("stream_moved") when another
    writer was at the same place: lock the row that owns the stream first.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("ledger.append needs the verb's transaction")
    if isinstance(head, _Unknown):
        head = Entry.objects.filter(stream=stream).order_by("-n").first()
    entry = _compose(statements.new(Entry, stream=stream, verb=verb), act, body, head, at)
    if not _insert(entry):
        raise _why_not(entry)
    if act.supersedes:
        _use_up(act)
    return entry


def _use_up(act: Act) -> None:
    """用去旧键: the replaced content can never be taken any more; where it was taken already, the
    new one is a second telling of it: Refused("superseded_taken"), and the caller's act with it."""
    old = replace(act, key=act.supersedes, supersedes="", digest="", note="", skew=None)
    used = _compose(Entry(stream=f"key:{act.supersedes}", verb="supersede"), old, {}, None, None)
    if _insert(used):
        return
    stored = Entry.objects.filter(act_key=act.supersedes).first()
    if stored is None or stored.actor != act.actor:
        raise Refused("superseded_foreign", _("所替换的内容不是您的，请作为新的一条发送"))
    message = _("修改前的内容此前已收到（%(stream)s），请勿重复发送；要补充请到该记录中办理")
    raise Refused("superseded_taken", message % {"stream": stored.stream.partition(":")[2]})


def legal_time(act: Act, head: Entry | None = None) -> datetime:
    """法定时间: the act's own, or the server's clock, which never runs backwards in a stream."""
    return act.at or _server_time(head)


def _server_time(head: Entry | None) -> datetime:
    now = timezone.now()
    return now if head is None else max(now, head.recorded_at)


def _compose(
    entry: Entry, act: Act, body: Mapping[str, Any], head: Entry | None, at: datetime | None
) -> Entry:
    entry.n = 1 if head is None else head.n + 1
    entry.actor, entry.on_behalf, entry.act_key = act.actor, act.on_behalf, act.key
    entry.recorded_at = _server_time(head)
    entry.at = at or act.at or entry.recorded_at
    entry.occurred_at = act.occurred_at
    entry.body = chain.canonical({**body, "_act": _words(act)})
    prev = chain.first(entry.stream) if head is None else bytes.fromhex(head.hash)
    entry.prev, entry.hash = prev.hex(), chain.link(prev, framed(entry)).hex()
    return entry


def _words(act: Act) -> dict[str, str | int]:
    named: tuple[tuple[str, str | int | None], ...] = (
        ("post", act.post),
        ("note", act.note),
        ("origin", act.origin),
        ("digest", act.digest),
        ("undoes", act.undoes),
        ("skew", act.skew),
    )
    return {name: value for name, value in named if value or value == 0}


def framed(entry: Entry) -> bytes:
    """记录原文: the canonical bytes of an entry (docs/ledger.md)."""
    return chain.frame(
        entry.act_key,
        entry.actor,
        chain.timestamp(entry.at),
        entry.body,
        entry.n,
        chain.timestamp(entry.occurred_at) if entry.occurred_at else None,
        entry.on_behalf,
        chain.timestamp(entry.recorded_at),
        entry.stream,
        entry.verb,
    )


def _insert(entry: Entry) -> bool:
    # DO NOTHING and not an exception: a failed statement would poison PostgreSQL's transaction.
    store = connections["default"]
    moment = store.ops.adapt_datetimefield_value
    values = [
        *(entry.stream, entry.n, entry.verb, entry.actor, entry.on_behalf, entry.act_key),
        *(moment(entry.occurred_at), moment(entry.at), moment(entry.recorded_at)),
        *(entry.body, entry.prev, entry.hash),
    ]
    with store.cursor() as cursor:
        cursor.execute(_INSERT, values)
        row = cursor.fetchone()
    if row is None:
        return False
    entry.id = row[0]
    entry._state.adding, entry._state.db = False, store.alias
    return True


def _why_not(entry: Entry) -> Exception:
    stored = Entry.objects.filter(act_key=entry.act_key).first()
    if stored is None:
        return Refused("stream_moved", _("该记录刚被他人更新，请刷新后再办"))
    return Replayed(stored) if _same_act(stored, entry) else KeyReused(stored)


def _same_act(stored: Entry, entry: Entry) -> bool:
    who = (stored.actor, stored.on_behalf, stored.verb, stored.act.get("digest", ""))
    if who != (entry.actor, entry.on_behalf, entry.verb, entry.act.get("digest", "")):
        return False
    # A first entry names its stream anew at every attempt; a later one belongs to one stream.
    return stored.n == 1 or stored.stream == entry.stream


def recall(*, stream: str, verb: str, act: Act) -> None:
    """旧答复: raises Replayed or KeyReused when the act's key is in the log, else returns.

    For a verb that its flow refuses now: the answer to an act that was done is its old answer.
    """
    stored = Entry.objects.filter(act_key=act.key).first()
    if stored is None:
        return
    again = Entry(stream=stream, verb=verb, n=2, actor=act.actor, on_behalf=act.on_behalf)
    again.body = chain.canonical({"_act": _words(act)})
    raise Replayed(stored) if _same_act(stored, again) else KeyReused(stored)


def seal_many(values: Sequence[str]) -> list[str]:
    """封存若干: as `seal`, in one statement; the commitments stand in the order of the values."""
    rows = [_sealed(value) for value in values]
    if rows:
        places = ", ".join(["(%s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(_SEAL + places, [part for row in rows for part in row])
    return [commit for commit, _salt, _value in rows]


def _sealed(value: str) -> tuple[str, str, str]:
    salt = secrets.token_bytes(16)
    return sha256(salt + value.encode()).hexdigest(), salt.hex(), value


def seal(value: str) -> str:
    """封存: keep a personal value apart and return the commitment that the body may hold."""
    return seal_many([value])[0]


def reveal(commit: str) -> str | None:
    """揭示: the sealed value, or None once it was erased. The asking room records who looked."""
    return PrivateValue.objects.filter(commit=commit).values_list("value", flat=True).first()


def reveal_many(commits: Sequence[str]) -> dict[str, str]:
    """揭示若干: by commitment, without those that were erased; no statement where none is asked."""
    if not commits:
        return {}
    rows = PrivateValue.objects.filter(commit__in=commits)
    return dict(rows.values_list("commit", "value"))


def erase(commit: str, act: Act) -> Entry:
    """删除个人信息 (PIPL 47): value and salt go, an `erase` entry stays, every hash still holds."""
    with transaction.atomic():
        deleted, _rows = PrivateValue.objects.filter(commit=commit).delete()
        body = {"commit": commit, "deleted": bool(deleted)}
        return append(stream=f"private:{commit}", verb="erase", act=act, body=body)
