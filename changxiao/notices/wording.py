"""措辞: what fills the blanks of a message about a case, in the words of its page."""

from __future__ import annotations

from datetime import datetime

from changxiao.cases import deadlines
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.models import Case
from changxiao.catalog import known
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

_QUIET_ABOUT = frozenset({"feed_back"})  # told by the case's page, with its pictures


def words(case: Case, entry: Entry | None, now: datetime) -> dict[str, str]:
    """填空的词 of a case at this moment."""
    due = case.handle_due_at or case.due_at
    standing = deadlines.of_case(case, now)
    return {
        "受理号": case.number,
        "类别": known.by_id(case.subcategory_id).label,
        "地点": case.address or "—",
        "单位": case.unit.name if case.unit else "",
        "环节": case.get_stage_display(),
        "应处置时间": f"{local_time(due):%m-%d %H:%M}" if due else "—",
        "剩余": standing.words if standing else "",
        "事项": _title(entry.verb) if entry else "",
        "说明": _remark(entry) if entry else "",
        "答复": case.answer,
    }


def _title(verb: str) -> str:
    try:
        return str(flow_in_force().step(verb).title)
    except Refused:
        return verb


def _remark(entry: Entry) -> str:
    return "" if entry.verb in _QUIET_ABOUT else str(entry.act.get("note", ""))
