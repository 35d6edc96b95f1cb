"""交接班的动作: the outgoing person signs the sheet, the incoming one confirms.

Both are entries on the desk's stream; the first holds the digest of the sheet, so that what was
signed can be told from what was changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changxiao.cases.handover.access import DESKS, desk_of
from changxiao.cases.handover.gather import SHIFT, gather
from changxiao.cases.handover.models import ShiftHandover, stream_of
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger import chain

NOTES = 4000  # characters
LONGEST = timedelta(days=3)  # what happened since a sheet that long ago is told no more


def hand_shift(*, area: str, act: Act) -> ShiftHandover:
    """交班: freeze what the viewer reaches at this desk and sign it; notes are the act's.

    Raises Refused("not_yours"), and Refused("shift_waiting") while a sheet waits to be taken.
    """
    with writing(), _answered_once(act, "hand_shift", area):
        _check_desk(act.post, area)
        waiting = _of_desk(act.post, area).filter(taken_at=None).first()
        if waiting is not None:
            message = _("上一张交接班表还没有人接班，请先请接班人签收")
            raise Refused("shift_waiting", message)
        at = act.moment()
        previous = last_taken(act.post, area)
        since = since_of(previous, at)
        sheet = gather(act.post, since, at)
        entry = ledger.append(
            stream=stream_of(act.post, area),
            verb="hand_shift",
            act=act,
            at=at,
            body={"sheet": digest_of(sheet), "counts": _counts(sheet)},
        )
        return ShiftHandover.everything.create(
            post=act.post,
            area_code=area,
            since_at=since,
            signed_at=at,
            outgoing=act.actor,
            notes=act.note.strip()[:NOTES],
            sheet=sheet,
            previous=previous,
            head=entry,
        )


def take_shift(handover: ShiftHandover, *, act: Act) -> ShiftHandover:
    """接班: another person of the same desk has read the sheet and takes it over, for good.

    Raises Refused("not_yours", "same_person", "shift_taken").
    """
    with writing(), _answered_once(act, "take_shift", handover.area_code):
        row = ShiftHandover.everything.select_for_update(of=("self",)).get(pk=handover.pk)
        _check_desk(act.post, row.area_code)
        if act.post != row.post:
            raise Refused("not_yours", _("这张交接班表属于另一个岗位"), field="post")
        if row.taken:
            raise Refused("shift_taken", _("这张交接班表已有人接班"))
        if act.actor == row.outgoing:
            message = _("交班人不能自己接班，请接班人用自己的账号确认")
            raise Refused("same_person", message, field="actor")
        row.incoming, row.taken_at, row.remark = act.actor, act.moment(), act.note.strip()[:NOTES]
        body = {"sheet": digest_of(row.sheet), "signed": row.head.hash}
        row.head = ledger.append(
            stream=row.stream, verb="take_shift", act=act, at=row.taken_at, body=body
        )
        row.save(update_fields=["incoming", "taken_at", "remark", "head"])
        return row


def last_taken(post: str, area: str) -> ShiftHandover | None:
    """上一班: the latest sheet of the desk that both have signed."""
    return _of_desk(post, area).exclude(taken_at=None).order_by("-signed_at", "-id").first()


def since_of(previous: ShiftHandover | None, at: datetime) -> datetime:
    """本班起: since the sheet before this one, else a shift ago."""
    return max(previous.signed_at, at - LONGEST) if previous else at - SHIFT


def digest_of(sheet: dict[str, Any]) -> str:
    """内容校验值: of the canonical JSON."""
    return sha256(chain.canonical(sheet).encode()).hexdigest()


def _of_desk(post: str, area: str) -> QuerySet[ShiftHandover]:
    return ShiftHandover.everything.filter(post=post, area_code=area)


@contextmanager
def _answered_once(act: Act, verb: str, area: str) -> Iterator[None]:
    # The answer to an act that was done before is its old answer, not today's refusal.
    try:
        yield
    except Refused:
        ledger.recall(stream=stream_of(act.post, area), verb=verb, act=act)
        raise


def _check_desk(post: str, area: str) -> None:
    desk = desk_of(scope.current(), post)
    if desk is None or not area.startswith(desk.area):
        labels = "、".join(str(one.label) for one in DESKS)
        raise Refused("not_yours", _("交接班须由%(posts)s办理") % {"posts": labels}, field="post")


def _counts(sheet: dict[str, Any]) -> dict[str, int]:
    return {name: part["count"] for name, part in sheet["parts"].items()}
