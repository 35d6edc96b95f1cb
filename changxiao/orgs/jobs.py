"""机构的作业 jobs: counters and sessions that are over go; leaders get their link each morning."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime, time

from django.contrib.sessions.models import Session

from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date, local_time
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.orgs import actions, throttle
from changxiao.orgs.models import Appointment, ReportLink, Staff
from changxiao.orgs.rules import LEADING

MORNING = time(7, 30)  # the sheet is read at eight


def sweep_expired(now: datetime) -> int:
    """清理过期: throttle counters and sign-in sessions; how many rows went. Safe to run twice."""
    gone, _tables = Session.objects.filter(expire_date__lt=now).delete()
    return gone + throttle.prune(now)


def issue_report_links(now: datetime) -> int:
    """签发日报链接: each morning for whoever leads today; how many are new. Safe to run twice."""
    if local_time(now).time() < MORNING:
        return 0
    day = local_date(now)
    leading = Appointment.objects.on(day).filter(post__in=LEADING, staff__is_active=True)
    given = ReportLink.objects.filter(date=day).values("staff")
    people = Staff.objects.filter(pk__in=leading.values("staff")).exclude(pk__in=given)
    issued = 0
    for staff in list(people.order_by("pk")):
        key = str(uuid.uuid5(NAMESPACE, f"report-link/{staff.username}/{day}"))
        with suppress(Refused, Replayed):
            actions.issue_report_link(staff, act=Act.system("daily-report", key))
            issued += 1
    return issued
