"""工单权限: who may see its case may see an order; who answers for them has the list."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.cases.access import reach as cases_reach
from changxiao.cases.flow import CLERKS
from changxiao.cases.models import Case
from changxiao.catalog.actions.base import EDITORS
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.orgs.posts import Post
from changxiao.workorders.models import WorkOrder

READERS = CLERKS | {Post.CENTER_DIRECTOR, Post.AUDITOR}
# A new name of a column is learnt where the file is: at the desk.
MAPPERS = CLERKS | EDITORS


def reach(viewer: Viewer) -> Q:
    """可见工单: those whose case is within reach, for the posts that handle orders."""
    if viewer.sees_all:
        return Q()
    if not viewer.posts() & READERS:
        return Q(pk__in=[])
    cases = cases_reach(viewer)
    return Q(case__in=Case.everything.filter(cases)) if cases else Q()


def order_for(source: str, number: str) -> WorkOrder:
    """取工单 within the viewer's reach; Refused `not_found` alike for foreign and unknown ones."""
    rows = WorkOrder.objects.select_related("case", "case__lead_unit", "case__duplicate_of", "sent")
    found = rows.filter(source=source, number=number).first()
    if found is None:
        message = _("来源“%(source)s”没有编号为“%(number)s”的工单，请核对")
        values = {"source": source[:20], "number": number[:60]}
        raise Refused("not_found", message % values, field="number")
    return found
