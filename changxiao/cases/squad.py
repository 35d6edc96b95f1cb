"""班组入口: from a token to its link and case, read as whoever lent it may read it today.

Every wrong, used, revoked or expired token is answered politely and tells nothing of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import access
from changxiao.cases.actions.links import check_live, digest_of
from changxiao.cases.flow import HANDLERS, Stage
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import SquadLink
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.orgs import throttle
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff


class TooMany(Refused):
    """请求过多: `seconds` says when this address may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many", _("打开过于频繁，请稍后再试"))
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Lent:
    """借出的一步: the link, its case, and the viewer that the squad is for this request."""

    link: SquadLink
    case: Case
    viewer: Viewer


def lent(token: str, *, address: str, now: datetime) -> Lent:
    """有效链接: Refused link_unknown, link_used, link_revoked, link_expired, link_over; TooMany for
    an address that asks too often or tries out tokens."""
    if not throttle.allow("squad_ip", address, now):
        raise TooMany(throttle.retry_after("squad_ip", now))
    if not throttle.allow("squad_guess", address, now, cost=0):
        raise TooMany(throttle.retry_after("squad_guess", now))
    rows = SquadLink.objects.select_related(
        "case__subcategory", "case__criterion", "case__unit", "case__lead_unit"
    )
    link = rows.filter(digest=digest_of(token)).first()
    if link is None:
        throttle.allow("squad_guess", address, now)
        raise Refused("link_unknown", _("链接不完整或不存在，请重新扫码，或联系派活给您的单位。"))
    check_live(link, now)
    viewer = _viewer(link, now)
    if link.case.stage != Stage.DISPATCHED or link.post not in access.acting_posts(
        viewer, link.case
    ):
        raise Refused("link_over", _("这件案卷已不由您的单位办理，请联系派活给您的单位。"))
    return Lent(link, link.case, viewer)


def _viewer(link: SquadLink, now: datetime) -> Viewer:
    # What the lender may do today, in unit posts only: a link lends no desk.
    staff = Staff.objects.filter(username=link.issued_by, is_active=True).first()
    grants = viewer_for(staff, now).grants if staff else ()
    held = tuple(grant for grant in grants if grant.post in HANDLERS)
    return Viewer("squad", link.issued_by, held)
