"""所欠的事: what a room above is owed by somebody, told to him by the rules of the city's.

That room knows its own persons and words, and asks for the drafts; who is told by which channel is
decided here, as for a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from changxiao.ledger.models import Entry
from changxiao.notices import filling, standing
from changxiao.notices.audience import Directory, Recipient
from changxiao.notices.defaults import GROUPS, Rule
from changxiao.notices.models_outside import Robot
from changxiao.notices.outbox import Draft
from changxiao.notices.whats import POST, Audience
from changxiao.orgs.models import Staff, Unit

OURS = "system:"


@dataclass(frozen=True, slots=True)
class Owed:
    """所欠: `subject` is what its page is asked for, of several the query of their list; `words`
    fill the blanks of a text; whoever answers for it, and the units whose groups hear of it."""

    subject: str
    words: Mapping[str, str]
    answerers: Sequence[Staff]
    units: Sequence[Unit] = ()


def is_news(entry: Entry) -> bool:
    """是否新发生: an import or a demo tells of what nobody waits to hear."""
    origin = entry.act.get("origin", "")
    return not origin or origin.startswith(OURS)


def drafts(
    what: str, owed: Owed, told: str, people: Directory, *, actor: str = ""
) -> Iterator[Draft]:
    """各规则的草稿: to each recipient of each rule in force; `told` is the same each time that the
    same thing is told; nobody hears of his own doing."""
    for rule in standing.rules_for(what):
        text = filling.filled(rule.text, owed.words)
        for to in _recipients(rule, owed, people):
            if getattr(to, "username", None) != actor:
                channels = set(rule.channels)
                yield Draft(told, to, what, text, None, rule.urgent, channels, owed.subject)


def _recipients(rule: Rule, owed: Owed, people: Directory) -> Iterator[Recipient]:
    if rule.audience.startswith(POST):
        holders = people.holders(rule.audience.removeprefix(POST))
        yield from {row.staff_id: row.staff for row in holders}.values()
        return
    if rule.audience != Audience.ANSWERER:
        return
    yield from owed.answerers
    kinds = set(GROUPS) & set(rule.channels)
    if kinds:
        yield from Robot.objects.filter(unit__in=owed.units, kind__in=kinds, enabled=True)
