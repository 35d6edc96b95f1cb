"""现行通知规则: the defaults with the city's own rows in their place, read once a stamp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.catalog.stamp import Remembered
from changxiao.notices.defaults import DEFAULTS, Rule
from changxiao.notices.models import NoticeRule


@dataclass(frozen=True, slots=True)
class _Table:
    by_key: Mapping[str, Rule]
    by_what: Mapping[str, tuple[Rule, ...]]


def _read() -> _Table:
    found = dict(DEFAULTS)
    for row in NoticeRule.objects.all():
        found[row.key] = rule_of(row)
    by_what: dict[str, tuple[Rule, ...]] = {}
    for rule in found.values():
        if rule.enabled:
            by_what[rule.what] = (*by_what.get(rule.what, ()), rule)
    return _Table(found, by_what)


table = Remembered(_read)


def rule_of(row: NoticeRule) -> Rule:
    """规则 of a row."""
    return Rule(row.what, row.audience, tuple(row.channels), row.text, row.urgent, row.enabled)


def rules() -> Mapping[str, Rule]:
    """全部规则, those that are switched off too."""
    return table().by_key


def rules_for(what: str) -> tuple[Rule, ...]:
    """启用的规则 of an occasion."""
    return table().by_what.get(what, ())
