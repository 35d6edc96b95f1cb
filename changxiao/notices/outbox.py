"""发件箱: drafts become messages and deliveries, in the caller's transaction.

One message an entry and a recipient, by the key; which channels it takes follows from the rule, the
person's wishes and whether he has an address there. Whoever gets too much in an hour gets the rest
gathered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count

from changxiao.catalog import policy
from changxiao.kernel.day import local_time
from changxiao.notices.channels import CHANNELS
from changxiao.notices.channels.base import Side
from changxiao.notices.models import Delivery, Notice, NoticePreference
from changxiao.notices.models_outside import NoticeConsent, Robot
from changxiao.notices.preferring import Wish, wish_of
from changxiao.notices.timing import Digest, send_at
from changxiao.notices.whats import WHATS
from changxiao.orgs.models import Staff

HOUR = timedelta(hours=1)
IN_APP = "in_app"


@dataclass(slots=True)
class Draft:
    """草稿: one recipient, the words, and the channels of all rules that named him."""

    about: str  # what happened, the same each time it is told: an entry's hash, a case's limit
    to: Staff | Robot | NoticeConsent
    what: str
    text: str
    case_id: int | None
    urgent: bool
    channels: set[str] = field(default_factory=set)
    subject: str = ""  # of an occasion with a page of its own: what the page is asked for

    @property
    def key(self) -> str:
        """键: once about one thing to one recipient."""
        told = f"{self.about}/{type(self.to).__name__}/{self.to.pk}"
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def staff_id(self) -> int | None:
        return self.to.pk if isinstance(self.to, Staff) else None


def gathered(drafts: Iterable[Draft]) -> list[Draft]:
    """合并: one draft a key; the first rule's words, every rule's channels."""
    found: dict[str, Draft] = {}
    for draft in drafts:
        known = found.setdefault(draft.key, draft)
        known.channels |= draft.channels
        known.urgent = known.urgent or draft.urgent
    return list(found.values())


def put(drafts: Sequence[Draft], now: datetime) -> int:
    """放入发件箱: how many messages there were; what is here already is left as it is."""
    drafts = gathered(drafts)
    known = set(
        Notice.everything.filter(key__in=[one.key for one in drafts]).values_list("key", flat=True)
    )
    fresh = [one for one in drafts if one.key not in known]
    if not fresh:
        return 0
    plans = _planned(fresh, now)
    rows = [_notice(one, IN_APP in plans[one.key], now) for one in fresh if plans[one.key]]
    Notice.everything.bulk_create(rows, ignore_conflicts=True, batch_size=200)
    stored = dict(
        Notice.everything.filter(key__in=[row.key for row in rows]).values_list("key", "pk")
    )
    deliveries = [
        _delivery(stored[row.key], channel, when, now)
        for row in rows
        for channel, when in plans[row.key].items()
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=200)
    return len(rows)


def _notice(draft: Draft, shown: bool, now: datetime) -> Notice:
    return Notice(
        key=draft.key,
        staff=draft.to if isinstance(draft.to, Staff) else None,
        robot=draft.to if isinstance(draft.to, Robot) else None,
        consent=draft.to if isinstance(draft.to, NoticeConsent) else None,
        what=draft.what,
        text=draft.text,
        case_id=draft.case_id,
        subject=draft.subject,
        urgent=draft.urgent,
        made_at=now,
        shown=shown,
    )


def _delivery(notice_id: int, channel: str, when: datetime, now: datetime) -> Delivery:
    here = channel == IN_APP
    return Delivery(
        notice_id=notice_id,
        channel=channel,
        state=Delivery.State.SENT if here else Delivery.State.WAITING,
        gathered=when > now,
        send_at=when,
        ended_at=now if here else None,
    )


def _planned(drafts: Sequence[Draft], now: datetime) -> dict[str, dict[str, datetime]]:
    """By which channel and when, of each draft."""
    staff = {one.staff_id for one in drafts if one.staff_id is not None}
    wishes = {
        row.staff_id: wish_of(row) for row in NoticePreference.objects.filter(staff__in=staff)
    }
    usual = wish_of(None)
    reached = {
        key: channel.reaches(staff) for key, channel in CHANNELS.items() if not channel.off()
    }
    got, most = _got(staff, now), policy.number("notice_per_hour")
    plans = {}
    for one in drafts:
        if one.staff_id is None:
            plans[one.key] = _outside(one, reached, usual, now)
            continue
        got[one.staff_id] = got.get(one.staff_id, 0) + 1
        wish, flooded = wishes.get(one.staff_id, usual), got[one.staff_id] > most
        plans[one.key] = _inside(one, reached, wish, now=now, flooded=flooded)
    return plans


def _inside(
    draft: Draft, reached: Mapping[str, set[int]], wish: Wish, *, now: datetime, flooded: bool
) -> dict[str, datetime]:
    kind = WHATS[draft.what].kind
    digest = wish.digest
    if flooded and digest == Digest.NOW:
        digest = Digest.HOURLY
    later = send_at(local_time(now), quiet=wish.quiet, digest=digest, urgent=draft.urgent)
    return {
        key: now if key == IN_APP else max(later, now)
        for key in _open(draft, reached, Side.STAFF)
        if draft.staff_id in reached[key] and wish.wants(kind, key)
    }


def _outside(
    draft: Draft, reached: Mapping[str, set[int]], usual: Wish, now: datetime
) -> dict[str, datetime]:
    # A group has no night: whoever minds it mutes it. A resident is not woken.
    if isinstance(draft.to, Robot):
        own = {draft.to.kind}
        return dict.fromkeys(own & set(_open(draft, reached, Side.GROUP)), now)
    assert isinstance(draft.to, NoticeConsent)
    later = send_at(local_time(now), quiet=usual.quiet, digest=Digest.NOW, urgent=False)
    own = {draft.to.channel}
    return dict.fromkeys(own & set(_open(draft, reached, Side.RESIDENT)), max(later, now))


def _open(draft: Draft, reached: Mapping[str, set[int]], side: Side) -> list[str]:
    return [
        key
        for key, channel in CHANNELS.items()
        if key in draft.channels and key in reached and side in channel.serves
    ]


def _got(staff: Collection[int], now: datetime) -> dict[int, int]:
    """近一小时收到的条数 of each; what goes beyond the city's limit is gathered for him."""
    rows = (
        Notice.everything.filter(staff__in=staff, made_at__gt=now - HOUR)
        .order_by()
        .values_list("staff")
        .annotate(n=Count("pk"))
    )
    return dict(rows)
