"""消息的后台作业: the consumer that writes the outbox, the sweep of deadlines, what is too old.

Nothing of this runs in a request: a report costs what it cost before. What an import or a demo
tells of (an entry with an `origin` of its own) is heard by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel.transactions import writing
from changxiao.ledger.models import Entry
from changxiao.notices import audience, filling, outbox, standing, wording
from changxiao.notices.audience import Asked, Directory
from changxiao.notices.defaults import GROUPS, Rule
from changxiao.notices.duties import is_news
from changxiao.notices.models import Delivery, Notice
from changxiao.notices.models_outside import NoticeConsent, Robot
from changxiao.notices.outbox import Draft
from changxiao.notices.whats import HEARD, Audience, What, heard_of

_STREAM = "case:"


def hear(entries: Sequence[Entry]) -> Callable[[], object] | None:
    """听记录: the messages that these entries give rise to, read before the writers' turn."""
    now = timezone.now()
    heard = [entry for entry in entries if _concerns(entry)]
    if not heard:
        return None
    numbers = {entry.stream.removeprefix(_STREAM) for entry in heard}
    rows = Case.everything.filter(number__in=numbers).select_related("unit")
    cases = {case.number: case for case in rows}
    people = Directory(now)
    drafts: list[Draft] = []
    for entry in heard:
        case = cases.get(entry.stream.removeprefix(_STREAM))
        if case is None:
            continue
        for what in heard_of(entry.verb, entry.data.get("stage", "")):
            drafts += about(what, Asked(case, people, entry), now, entry.hash)
    return partial(outbox.put, drafts, now) if drafts else None


def _concerns(entry: Entry) -> bool:
    return entry.verb in HEARD and entry.stream.startswith(_STREAM) and is_news(entry)


def about(what: What, asked: Asked, now: datetime, told: str) -> Iterator[Draft]:
    """各规则的草稿: to each recipient of each rule in force; nobody hears of his own doing."""
    rules = standing.rules_for(what.key)
    if not rules:
        return
    words = wording.words(asked.case, asked.entry, now)
    actor = asked.entry.actor if asked.entry else ""
    for rule in rules:
        text = filling.filled(rule.text, words)
        for to in _recipients(rule, asked):
            if getattr(to, "username", None) != actor:
                urgent = rule.urgent or asked.case.urgent
                channels = set(rule.channels)
                yield Draft(told, to, what.key, text, asked.case.pk, urgent, channels)


def _recipients(rule: Rule, asked: Asked) -> Iterator[audience.Recipient]:
    if rule.audience == Audience.REPORTER:
        yield from NoticeConsent.objects.filter(case=asked.case, ended_at=None)
        return
    yield from audience.people(rule.audience, asked)
    kinds = set(GROUPS) & set(rule.channels)
    if kinds:
        yield from Robot.objects.filter(
            unit__in=audience.units(asked), kind__in=kinds, enabled=True
        )


def forget(now: datetime) -> int:
    """清理: messages that are older than the city keeps them; their entries stay in the log."""
    border = now - timedelta(days=policy.number("notice_keep_days"))
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).values("notice")
    old = Notice.everything.filter(made_at__lt=border).exclude(pk__in=waiting)
    ids = list(old.order_by("made_at").values_list("pk", flat=True)[:1000])
    with writing():
        return Notice.everything.filter(pk__in=ids).delete()[0] if ids else 0
