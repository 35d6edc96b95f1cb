"""收对方 pull: another city's requests become cases, each once; its later word is heard on them.

A case found here for the first time and over there already is left alone (`closed = "skip"`). One
that ends there later is not ended here: the city's own people read it on the case and decide.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case, Channel
from changxiao.cases.models_public import Relay
from changxiao.catalog import known
from changxiao.catalog.models import Subcategory
from changxiao.catalog.questions import Answered
from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.protocols.open311 import statuses
from changxiao.surfaces.protocols.open311.client import parsing
from changxiao.surfaces.protocols.open311.client.parsing import Foreign
from changxiao.surfaces.protocols.open311.client.peers import Peer
from changxiao.surfaces.protocols.open311.client.wire import Wire

PAGE, MOST_PAGES = 200, 500
SPAN = timedelta(days=90)


@dataclass(slots=True)
class Pulled:
    """收了什么: taken, heard again, skipped; refusals by their code."""

    taken: int = 0
    heard: int = 0
    same: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def pull(
    peer: Peer, *, since: datetime, until: datetime, wire: Callable[[Peer], Wire] = Wire
) -> Pulled:
    """收对方: what was requested since then, in spans of 90 days, page by page.

    Raises Refused where the peer does not answer; what was taken until then stays.
    """
    done, line = Pulled(), wire(peer)
    with scope.viewing(scope.system("open311")):
        while since < until:
            end = min(since + SPAN, until)
            _span(peer, line, (since, end), done)
            since = end
    return done


def _span(peer: Peer, line: Wire, span: tuple[datetime, datetime], done: Pulled) -> None:
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        body = line.get(
            "requests",
            start_date=span[0].isoformat(timespec="seconds"),
            end_date=span[1].isoformat(timespec="seconds"),
            page=str(page),
            page_size=str(PAGE),
        )
        told = parsing.requests(body, peer.format)
        done.skipped["row_unreadable"] += told.skipped
        fresh = [row for row in told.rows if row.remote not in seen]
        for row in fresh:
            seen.add(row.remote)
            _one(peer, row, done)
        # A server that knows no pages sends the same rows again: then this was all.
        if not fresh or len(told.rows) + told.skipped < PAGE:
            return


def _one(peer: Peer, row: Foreign, done: Pulled) -> None:
    known_row = (
        Relay.objects.filter(peer=peer.name, remote=row.remote).select_related("case").first()
    )
    if known_row is not None:
        heard = hear(known_row, row.status, row.notes)
        done.heard, done.same = done.heard + heard, done.same + (not heard)
        return
    if over(peer, row.status) and peer.closed == "skip":
        done.skipped["over_already"] += 1
        return
    try:
        _take(peer, row)
        done.taken += 1
    except Replayed:
        done.same += 1
    except Refused as no:
        done.skipped[no.code] += 1


def _take(peer: Peer, row: Foreign) -> None:
    act = Act.system("open311", _key("pull", peer, row.remote))
    # One transaction, so that no kill between the two leaves a case that would be taken again.
    with writing():
        case = actions.report(_problem(peer, row), act=act)
        actions.relay(
            case,
            peer=peer.name,
            way=Relay.Way.IN,
            remote=row.remote,
            status=row.status,
            act=act.derive("relay"),
        )


def _problem(peer: Peer, row: Foreign) -> Problem:
    links = Answered("media_url", _("照片链接"), (row.media,), row.media)
    return Problem(
        channel=Channel.OPEN311,
        subcategory=_subject(peer, row.service),
        lon=row.lon,
        lat=row.lat,
        description=row.description,
        address=row.address,
        external=f"{peer.name}:{row.remote}",
        details=(links,) if row.media else (),
    )


def _subject(peer: Peer, service: str) -> Subcategory:
    found = known.by_key(peer.takes.get(service, peer.default))
    if found is None:
        message = _("“%(peer)s”的服务“%(service)s”没有对照到小类，请在对方的文件里补上")
        raise Refused("service_unmapped", message % {"peer": peer.name, "service": service})
    return found


def over(peer: Peer, status: str) -> bool:
    """对方已办结: by the peer's own table first."""
    told = peer.statuses.get(status) or peer.statuses.get(status.upper())
    return told == "over" if told else statuses.is_over(status)


def hear(row: Relay, status: str, notes: str) -> bool:
    """听到新状态: written on the case while it is open; True where it is news."""
    if row.status == status:
        return False
    case = Case.everything.select_related("subcategory").get(pk=row.case_id)
    with writing():
        if case.stage in OPEN:
            words = _("“%(peer)s”的状态：%(status)s") % {"peer": row.peer, "status": status}
            key = f"{row.peer}/{row.remote}/{case.n}/{status}"
            act = Act.system("open311", str(uuid.uuid5(NAMESPACE, f"open311/hear/{key}")))
            actions.supplement(case, text=f"{words}\n{notes}".strip(), act=act)
        row.status = status
        row.save(update_fields=["status"])
    return True


def _key(what: str, peer: Peer, remote: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"open311/{what}/{peer.name}/{remote}"))
