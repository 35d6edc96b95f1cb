"""收件人: who the persons of a case are at this moment, by the name a rule has for them.

A person is told of what he may see and of nobody's doing but others': handlers by their unit, the
centres' posts by the area of their grant, the rest by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from changxiao.cases import access
from changxiao.cases.models import Case
from changxiao.kernel.day import local_date
from changxiao.ledger.models import Entry
from changxiao.notices.models_outside import NoticeConsent, Robot
from changxiao.notices.whats import POST, Audience
from changxiao.orgs.access import answers_for, grant_of
from changxiao.orgs.models import Appointment, Staff, Unit
from changxiao.orgs.posts import Post

Recipient = Staff | Robot | NoticeConsent


@dataclass(slots=True)
class Directory:
    """名册 of a day: appointments by post, read once a batch."""

    at: datetime
    _by_post: dict[str, list[Appointment]] = field(default_factory=dict)

    def holders(self, post: str) -> list[Appointment]:
        """任职 of a post that day, of people who work here."""
        if post not in self._by_post:
            rows = Appointment.objects.on(local_date(self.at)).filter(
                post=post, staff__is_active=True
            )
            self._by_post[post] = list(rows.select_related("staff", "unit").order_by("id"))
        return self._by_post[post]

    def of_unit(self, post: str, unit: Unit | None) -> list[Staff]:
        """本单位的人: at the very unit; where nobody is, at the nearest above it."""
        if unit is None:
            return []
        above = [
            row for row in self.holders(post) if row.unit and unit.path.startswith(row.unit.path)
        ]
        nearest = max((len(row.unit.path) for row in above if row.unit), default=0)
        return [row.staff for row in above if row.unit and len(row.unit.path) == nearest]


@dataclass(frozen=True, slots=True)
class Asked:
    """所问: the case as it stands, and the entry that it is about (none for a threshold)."""

    case: Case
    people: Directory
    entry: Entry | None = None

    @property
    def columns(self) -> Mapping[str, Any]:
        """本步写下的列: a step says itself whom it named, whoever is named since."""
        columns: Mapping[str, Any] = self.entry.data.get("set", {}) if self.entry else {}
        return columns


def people(audience: str, asked: Asked) -> list[Staff]:
    """收件的人, each once."""
    if audience.startswith(POST):
        found = _in_post(audience.removeprefix(POST), asked)
    else:
        found = _FINDERS[audience](asked) if audience in _FINDERS else []
    return list({one.pk: one for one in found}.values())


def units(asked: Asked) -> list[Unit]:
    """承办单位: whose groups hear of the case."""
    return [asked.case.unit] if asked.case.unit else []


def _named(names: Collection[str]) -> list[Staff]:
    return list(Staff.objects.filter(username__in=[one for one in names if one], is_active=True))


def _handler(asked: Asked) -> list[Staff]:
    case = asked.case
    named = _named([case.handler])
    return named or asked.people.of_unit(Post.HANDLER, case.unit)


def _unit_lead(asked: Asked) -> list[Staff]:
    return asked.people.of_unit(Post.UNIT_LEAD, asked.case.unit)


def _assisting(asked: Asked) -> list[Staff]:
    waiting = asked.case.assists.filter(answered_at=None).select_related("unit")
    return [one for row in waiting for one in asked.people.of_unit(Post.HANDLER, row.unit)]


def _collector(asked: Asked) -> list[Staff]:
    return _named([str(asked.columns.get("checker") or asked.case.checker)])


def _sender(asked: Asked) -> list[Staff]:
    sent = asked.case.entries.filter(verb__in=("dispatch", "rule_ownership")).order_by("-n")
    return _named([sent.values_list("actor", flat=True).first() or ""])


def _asker(asked: Asked) -> list[Staff]:
    last = asked.case.requests.order_by("-asked_at", "-pk").first()
    return _named([last.asked_by if last else ""])


def _orderer(asked: Asked) -> list[Staff]:
    answered = asked.case.orders.exclude(answered_at=None).order_by("-answered_at", "-pk").first()
    return _named([answered.ordered_by if answered else ""])


def _leader(asked: Asked) -> list[Staff]:
    unit = asked.case.unit
    role = answers_for(unit, local_date(asked.people.at)) if unit else None
    return [role.staff] if role and role.staff and role.staff.is_active else []


def _in_post(post: str, asked: Asked) -> list[Staff]:
    rows = asked.people.holders(post)
    return [row.staff for row in rows if access.covers(grant_of(row), asked.case)]


_FINDERS: Mapping[str, Callable[[Asked], list[Staff]]] = {
    Audience.HANDLER: _handler,
    Audience.UNIT_LEAD: _unit_lead,
    Audience.ASSISTING: _assisting,
    Audience.COLLECTOR: _collector,
    Audience.SENDER: _sender,
    Audience.ASKER: _asker,
    Audience.ORDERER: _orderer,
    Audience.LEADER: _leader,
}
