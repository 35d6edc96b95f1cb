"""送对方 push: cases that a person released, in the peer's area and kinds, as their public words.

A row says ASKED before anything is sent. What broke off then was perhaps taken: it is sent again
only to a peer that honours keys, and else waits for a person (`changxiao open311 push` names it).
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from changxiao.cases import actions, public
from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case
from changxiao.cases.models_public import Publication, Relay
from changxiao.cases.public import PublicCase
from changxiao.catalog import known
from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.surfaces.protocols.open311 import statuses
from changxiao.surfaces.protocols.open311.client import parsing
from changxiao.surfaces.protocols.open311.client.peers import Peer
from changxiao.surfaces.protocols.open311.client.pulling import hear
from changxiao.surfaces.protocols.open311.client.wire import Declined, Wire

MOST = 500  # cases of one run
ASKED_AT_ONCE = 50


@dataclass(slots=True)
class Pushed:
    """送了什么: taken over there, statuses heard and told; the rest by reason."""

    sent: int = 0
    heard: int = 0
    told: int = 0
    left: Counter[str] = field(default_factory=Counter)
    unsure: list[str] = field(default_factory=list)


def push(peer: Peer, *, wire: Callable[[Peer], Wire] = Wire) -> Pushed:
    """送对方: new ones, then what became of those that are there. Raises Away."""
    done, line = Pushed(), wire(peer)
    with scope.viewing(scope.system("open311")):
        done.unsure = [] if peer.honours_keys else _broken_off(peer)
        for row in _released(peer)[:MOST]:
            _send(peer, line, public.told(row), row.case, done)
        _follow(peer, line, done)
        if peer.updates:
            _tell(peer, line, done)
    return done


def _broken_off(peer: Peer) -> list[str]:
    rows = Relay.objects.filter(peer=peer.name, state=Relay.State.ASKED)
    return list(rows.values_list("case__number", flat=True))


def _released(peer: Peer) -> QuerySet[Publication]:
    kinds = [row.pk for key in peer.sends if (row := known.by_key(key)) is not None]
    there = Relay.objects.filter(peer=peer.name)
    settled = there if not peer.honours_keys else there.exclude(state=Relay.State.ASKED)
    rows = public.public_cases().exclude(case__in=settled.values("case"))
    rows = rows.filter(
        case__subcategory__in=kinds,
        case__community_code__startswith=peer.area,
        case__stage__in=OPEN,
    )
    return rows.order_by("reported_at", "case_id")


def _send(peer: Peer, line: Wire, told: PublicCase, case: Case, done: Pushed) -> None:
    if told.lon is None or told.lat is None:
        done.left["place_hidden"] += 1
        return
    row, _made = Relay.objects.get_or_create(
        case=case,
        peer=peer.name,
        defaults={
            "way": Relay.Way.OUT,
            "state": Relay.State.ASKED,
            "changed_at": timezone.now(),
        },
    )
    key = str(uuid.uuid5(NAMESPACE, f"open311/push/{peer.name}/{told.number}"))
    form = {
        "service_code": peer.sends[told.subcategory.key],
        "lat": str(told.lat),
        "long": str(told.lon),
        "address_string": told.address,
        "description": told.text,
    }
    try:
        remote = _number(line, line.post("requests", form, key=key))
    except Declined:
        Relay.objects.filter(pk=row.pk).update(state=Relay.State.REFUSED)
        done.left["peer_declined"] += 1
        return
    if not remote:
        done.left["no_number_yet"] += 1
        return
    act = Act.system("open311", key).derive("taken")
    case = Case.everything.get(pk=case.pk)
    actions.relay(
        case, peer=peer.name, way=Relay.Way.OUT, remote=remote, status=statuses.OPEN, act=act
    )
    done.sent += 1


def _number(line: Wire, body: bytes) -> str:
    """The id, or what its token stands for by now; "" where that is not known yet."""
    (told, *_more) = parsing.rows(body, line.peer.format) or [{}]
    if number := parsing.given(told, "service_request_id"):
        return number[:64]
    token = parsing.given(told, "token")
    if not token:
        return ""
    rows = parsing.rows(line.get(f"tokens/{token}"), line.peer.format) or [{}]
    return parsing.given(rows[0], "service_request_id")[:64]


def _follow(peer: Peer, line: Wire, done: Pushed) -> None:
    """对方的进展 of what was sent, fifty at a time."""
    rows = {
        row.remote: row
        for row in Relay.objects.filter(peer=peer.name, way=Relay.Way.OUT, state=Relay.State.TAKEN)
        if not statuses.is_over(row.status)
    }
    numbers = sorted(rows)
    for first in range(0, len(numbers), ASKED_AT_ONCE):
        wanted = ",".join(numbers[first : first + ASKED_AT_ONCE])
        body = line.get("requests", service_request_id=wanted, api_key=peer.api_key)
        for told in parsing.rows(body, peer.format):
            row = rows.get(parsing.given(told, "service_request_id"))
            status = parsing.given(told, "status").lower()
            if row is not None and status:
                done.heard += hear(row, status, parsing.given(told, "status_notes")[:1000])


def _tell(peer: Peer, line: Wire, done: Pushed) -> None:
    """我们的进展 of what came from there, in the extended words, each status once."""
    taken = Relay.objects.filter(peer=peer.name, way=Relay.Way.IN, state=Relay.State.TAKEN)
    related = ("case__lead_unit", "case__head", "case__duplicate_of")
    for row in taken.select_related(*related).exclude(told__in=["FIXED", "NO_FURTHER_ACTION"]):
        status = statuses.extended(public.own(row.case))
        if status == row.told:
            continue
        form = {
            "service_request_id": row.remote,
            "status": status,
            "updated_datetime": timezone.now().isoformat(timespec="seconds"),
            "description": row.case.get_stage_display(),
        }
        key = f"open311/tell/{peer.name}/{row.remote}/{row.case.n}"
        try:
            line.post("servicerequestupdates", form, key=str(uuid.uuid5(NAMESPACE, key)))
        except Declined:
            done.left["update_declined"] += 1
            continue
        row.told = status
        row.save(update_fields=["told"])
        done.told += 1
