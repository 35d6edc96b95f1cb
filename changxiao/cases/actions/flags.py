"""证据疑点的动作: raised by the system, dismissed or upheld by the centre director with a reason.

A flag has a stream of its own: the story of its case is read by the unit, the flag is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import access, rules
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.cases.plausible import Oddity
from changxiao.kernel import scope, statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

DECIDES = Post.CENTER_DIRECTOR


@dataclass(frozen=True, slots=True)
class Found:
    """发现: an oddity and what it was found on; `other` is the photo it resembles, in its case."""

    oddity: Oddity
    photo: Photo | None = None
    other: Photo | None = None
    other_case: Case | None = None

    def stream(self, entry: Entry) -> str:
        """疑点记录流: one for each entry, kind and photo, so that it is never raised twice."""
        photo = self.photo.sha256[:16] if self.photo else "-"
        return f"flag:{entry.hash[:32]}/{self.oddity.kind}/{photo}"


def raise_flag(case: Case, entry: Entry, *, found: Found, act: Act) -> EvidenceFlag | None:
    """列为疑点: what the rules found on an entry of a case; None when it was raised before."""
    stream, odd = found.stream(entry), found.oddity
    if EvidenceFlag.everything.filter(stream=stream).exists():
        return None
    body: dict[str, Any] = {"case": case.number, "entry": entry.hash, "kind": str(odd.kind)}
    told = {
        "measured": _plain(odd.measured),
        "threshold": _plain(odd.threshold),
        "told": odd.told,
        "photo": found.photo.sha256 if found.photo else "",
        "other": found.other.sha256 if found.other else "",
        "other_case": found.other_case.number if found.other_case else "",
    }
    with writing():
        body |= {name: value for name, value in told.items() if value}
        head = ledger.append(stream=stream, verb="raise_flag", act=act, head=None, body=body)
        return EvidenceFlag.everything.create(
            stream=stream,
            kind=odd.kind,
            case=case,
            entry=entry,
            photo=found.photo,
            other=found.other,
            other_case=found.other_case,
            measured=odd.measured,
            threshold=odd.threshold,
            told=odd.told,
            made_at=head.at,
            head=head,
        )


def dismiss_flag(flag: EvidenceFlag, *, act: Act) -> EvidenceFlag:
    """排除疑点: it has an innocent reason, which is written down."""
    return _decided(flag, "dismiss_flag", EvidenceFlag.State.DISMISSED, act)


def uphold_flag(flag: EvidenceFlag, *, act: Act) -> EvidenceFlag:
    """确认疑点: the evidence does not hold; what follows for the people is decided elsewhere."""
    return _decided(flag, "uphold_flag", EvidenceFlag.State.UPHELD, act)


def _decided(flag: EvidenceFlag, verb: str, state: str, act: Act) -> EvidenceFlag:
    reason = rules.need_text(act.note, field="note", name=_("理由"))
    with writing():
        row = statements.locked(EvidenceFlag, flag.pk)
        try:
            _check(row, act)
        except Refused:
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise
        head = ledger.append(
            stream=row.stream, verb=verb, act=act, head=row.head, body={"state": str(state)}
        )
        row.state, row.reason, row.head = state, reason, head
        row.decided_by, row.decided_at = act.actor, head.at
        row.save(update_fields=["state", "reason", "decided_by", "decided_at", "head"])
        return row


def _check(row: EvidenceFlag, act: Act) -> None:
    if act.post != DECIDES:
        message = _("证据疑点须由%(who)s处理") % {"who": Post(DECIDES).label}
        raise Refused("not_yours", message, field="post")
    access.check_holds(scope.current(), row.case, act.post)
    if row.state != EvidenceFlag.State.OPEN:
        message = _("该疑点%(state)s，不能再次处理") % {"state": row.get_state_display()}
        raise Refused("decided", message)
    if act.actor in {row.entry.actor, row.entry.on_behalf}:
        raise Refused("same_person", _("疑点涉及本人办理的步骤，请由他人处理"), field="actor")


def _plain(value: Any) -> str:
    return "" if value is None else f"{value:f}"
