"""演示工单: what 12345 handed over lately, at places of the demo's cases. Twice is as once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from changxiao.cases import actions as cases
from changxiao.cases.models import Case
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date
from changxiao.kernel.geo import Point
from changxiao.kernel.transactions import writing
from changxiao.orgs.models import Appointment
from changxiao.orgs.posts import Post
from changxiao.workorders import actions, sources
from changxiao.workorders.mapping import Incoming
from changxiao.workorders.models import WorkOrder

ORIGIN = "demo"
SOURCE = "12345"
ORDERS = 9
DECLINED = 2  # the first ones: known at once to be somebody else's, so the answer can go back
NOT_OURS = "市民反映的是小区内部物业管理问题，不属城市管理范围，请向住建部门反映。"


def build(until: datetime) -> int:
    """演示工单: how many were taken. A home that has one already is left as it is."""
    clerk = Appointment.objects.filter(post=Post.INTAKE).select_related("staff").first()
    if clerk is None or WorkOrder.everything.exists():
        return 0
    known = Case.everything.filter(origin=ORIGIN).exclude(description="")
    rows = list(known.select_related("subcategory").order_by("-id")[:ORDERS])
    source = sources.of(SOURCE)
    for number, case in enumerate(rows):
        at = until - timedelta(hours=5 * (ORDERS - number))
        told = Incoming(
            number=f"SZ{local_date(at):%Y%m%d}{number + 1:05d}",
            description=f"市民来电：{case.description}希望尽快处理。",
            limit=at + timedelta(hours=72 if number % 3 else 30),
            received=at - timedelta(minutes=25),
            name="演示来电人",
            phone=f"000-0000-{4000 + number}",
            category=case.subcategory.name,
            address=case.address,
            callback=number % 2 == 0,
        )
        placed = actions.Placed(told, case.subcategory, Point(case.lon, case.lat), "address")
        with writing():
            order = actions.take_order(source, placed, act=_act(clerk, f"take/{number}", at))
            if number < DECLINED:
                later = at + timedelta(minutes=20)
                act = _act(clerk, f"decline/{number}", later)
                cases.decline(order.case, reason=NOT_OURS, act=act)
    return len(rows)


def _act(clerk: Appointment, what: str, at: datetime) -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/order/{what}"))
    return Act(actor=clerk.staff.username, post=Post.INTAKE, key=key, at=at, origin=ORIGIN)
