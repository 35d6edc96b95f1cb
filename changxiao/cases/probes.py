"""案卷的自检: whether search knows of every case (`changxiao doctor`)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.cases.indexing import INDEX
from changxiao.cases.models import Case
from changxiao.kernel.finding import Finding, Level
from changxiao.ledger import consumers
from changxiao.ledger.consumers import Consumer

FAR = 5000  # entries behind: more than a minute of the busiest city


def search_index(consumer: Consumer) -> Finding:
    """搜索词索引: how far behind the log, and whether rows are missing from it."""
    title = _("搜索索引")
    behind = consumers.lag(consumer)
    if behind > FAR:
        detail = _("落后 %(count)s 条记录") % {"count": behind}
        remedy = _("后台任务正在补；要立即补齐，请执行 changxiao search rebuild。")
        return Finding("search", Level.WARN, title, detail, remedy)
    missing = Case.everything.count() - INDEX.count()
    if not behind and missing > 0:
        detail = _("缺 %(count)s 件案卷") % {"count": missing}
        remedy = _("请执行 changxiao search rebuild。")
        return Finding("search", Level.WARN, title, detail, remedy)
    return Finding("search", Level.OK, title, _("%(count)s 件案卷") % {"count": INDEX.count()})
