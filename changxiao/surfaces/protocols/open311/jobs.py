"""定时互通: each peer's own interval, kept in a small file beside it; safe to run twice."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.surfaces.protocols.open311.client.peers import Peer, peers
from changxiao.surfaces.protocols.open311.client.pulling import SPAN, pull
from changxiao.surfaces.protocols.open311.client.pushing import push

LOG = logging.getLogger(__name__)
OVERLAP = timedelta(hours=1)  # clocks differ, and a slow server files late


def sweep(now: datetime) -> int:
    """互通: with every peer whose time has come; how many were asked. One that is away is tried
    again at its next time and holds up nobody else."""
    asked = 0
    for peer in peers():
        last = last_at(peer)
        if last is not None and now - last < timedelta(minutes=peer.every):
            continue
        asked += 1
        _write(peer, now)
        try:
            _exchange(peer, last, now)
        except Refused as no:
            LOG.warning("open311 %s: %s", peer.name, no.sentence)
            if last is not None:
                _write(peer, last, tried=now)
    return asked


def _exchange(peer: Peer, last: datetime | None, now: datetime) -> None:
    if peer.takes or peer.default:
        pull(peer, since=last - OVERLAP if last else now - SPAN, until=now)
    if peer.sends or peer.updates:
        push(peer)


def last_at(peer: Peer) -> datetime | None:
    """上次互通."""
    try:
        told = json.loads((folder("open311") / f"{peer.name}.json").read_text())
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError):
        return None


def _write(peer: Peer, at: datetime, *, tried: datetime | None = None) -> None:
    told = {"at": at.isoformat(), "tried": (tried or at).isoformat()}
    path = folder("open311") / f"{peer.name}.json"
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(told))
    draft.replace(path)
