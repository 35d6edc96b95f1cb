"""日报链接的签发与吊销."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.orgs import access, rules
from changxiao.orgs.actions.base import doing, locked
from changxiao.orgs.models import ReportLink, Staff

# The evening before a day off is still read; the next morning brings a link of its own.
GRACE = timedelta(hours=8)


def issue_report_link(staff: Staff, *, act: Act) -> ReportLink:
    """签发日报链接: today's, until eight the next morning; the one that stands is given again.

    Raises Refused("not_a_leader") for whoever holds no leading post that day.
    """
    with doing("issue_report_link", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        held = {row.post for row in access.posts_of(staff, now.day)}
        if not held & rules.LEADING:
            message = _("%(name)s今天没有领导岗位，没有日报可签发")
            raise Refused("not_a_leader", message % {"name": staff.name}, field="staff")
        standing = ReportLink.objects.filter(staff=staff, date=now.day, revoked_at=None).first()
        if standing is not None:
            return standing
        midnight = datetime.combine(now.day + timedelta(days=1), time.min, city_zone())
        row = ReportLink.objects.create(
            staff=staff,
            date=now.day,
            issued_at=now.at,
            expires_at=midnight + GRACE,
        )
        now.record(date=now.day.isoformat(), link=row.pk)
    return row


def revoke_report_link(link: ReportLink, *, act: Act) -> ReportLink:
    """吊销日报链接: it opens nothing from the next request on."""
    owner = link.staff
    with doing("revoke_report_link", act, stream=owner.stream, concerned=owner.username) as now:
        link = locked(link)
        if link.revoked_at:
            raise Refused("ended_already", _("该日报链接已吊销"), field="link")
        link.revoked_at = now.at
        link.save(update_fields=["revoked_at"])
        now.record(date=link.date.isoformat(), link=link.pk)
    return link
