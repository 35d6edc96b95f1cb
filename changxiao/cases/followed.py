"""查询码 follow: whoever reported without an account reads his own case by a code, and answers.

The code is told once, to who reported; the row holds a digest under a key of this home, so that a
copy of the database opens nothing. What is told here is the reporter's own words and pictures,
where the case stands, until when, and the answer; no name of staff, no remark among units.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from changxiao.cases.flow import ENDS, Stage
from changxiao.cases.models import Case, CasePhoto
from changxiao.catalog import policy
from changxiao.kernel import spoken
from changxiao.kernel.home import secret
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

KEY = "follow"


def code_of(form_key: str) -> str:
    """查询码 of a report, from the key that its sender made: sent again, it is the same code."""
    return spoken.made_from(_keyed(f"code/{form_key}"))


def digest_of(code: str) -> str:
    """查询码摘要: what is stored of a code that was read by `spoken.read`."""
    return _keyed(f"digest/{code}").hex()


def _keyed(text: str) -> bytes:
    told = text.encode("utf-8", "surrogateescape")
    return hmac.new(secret(KEY), told, hashlib.sha256).digest()


def case_of(code: str) -> Case:
    """凭码取案卷: Refused `code_unreadable` or `code_unknown`, and nothing in between."""
    rows = Case.everything.select_related("subcategory", "lead_unit", "duplicate_of__lead_unit")
    case = rows.filter(follow=digest_of(spoken.read(code))).first()
    if case is None:
        raise Refused("code_unknown", _("没有这个查询码对应的上报，请对照回执核对"), field="code")
    return case


@dataclass(frozen=True, slots=True)
class Progress:
    """进展: one line of the way, in words."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """举报人所见: his own case, and of the one that it was joined to how far it got."""

    case: Case
    lead: Case
    words: str
    due_at: datetime | None
    road: tuple[Progress, ...]
    asks: bool

    @property
    def joined(self) -> bool:
        """已合并: whether it goes on under another number."""
        return self.lead.pk != self.case.pk

    @property
    def answer(self) -> str:
        """答复: his own, else what the joined case's reporter was told."""
        return self.case.answer or self.lead.answer

    @property
    def photos(self) -> list[CasePhoto]:
        """本人照片: those that came with the report, and no other of the case."""
        rows = self.case.photos.filter(entry__verb="report").select_related("photo")
        return [row for row in rows.order_by("id") if row.photo.is_picture]


def told(case: Case, now: datetime) -> Followed:
    """告知举报人."""
    lead = case.duplicate_of or case
    return Followed(
        case=case,
        lead=lead,
        words=words_of(lead, now),
        due_at=None if lead.ended else lead.handle_due_at or lead.due_at,
        road=tuple(_road(case, lead)),
        asks=may_answer(lead, now),
    )


def may_answer(case: Case, now: datetime) -> bool:
    """回访中: closed by the ordinary way, not answered yet, within the city's days."""
    if case.stage != Stage.CLOSED or case.forced or case.satisfaction or case.ended_at is None:
        return False
    return now <= case.ended_at + timedelta(days=policy.number("contest_days"))


def words_of(case: Case, now: datetime) -> str:
    """现状一句话: what a neighbour would say, not what the flow is called."""
    if case.contest_count and case.stage in {Stage.VERIFIED, Stage.HANDLED}:
        return _("您说没有解决，值班长正在复查。")
    sentence = {
        Stage.REPORTED: _("已经收到，正等工作人员查看。"),
        Stage.CONFIRMING: _("正派人到现场看是否属实。"),
        Stage.ACCEPTED: _("已经受理，正在立案。"),
        Stage.FILED: _("已经立案，正在交给负责的单位。"),
        Stage.DISPATCHED: _("负责的单位正在处理。"),
        Stage.SUSPENDED: _("一时处理不了，已挂账，到期继续处理。"),
        Stage.HANDLED: _("单位说处理好了，正派人到现场核查。"),
        Stage.VERIFIED: _("现场核查已通过，正在办结。"),
        Stage.CLOSED: _("已经办结。"),
        Stage.DECLINED: _("这件不予受理，原因见答复。"),
        Stage.VOIDED: _("这件已作废。"),
        Stage.ON_SPOT: _("监督员已在现场处理好。"),
        Stage.JOINED: _("与另一件相同，已合并，一起跟进。"),
    }[Stage(case.stage)]
    late = case.stage not in ENDS and case.handle_due_at and case.handle_due_at < now
    return sentence + _("已超过应办时间，已列入超期。") if late else sentence


def _road(case: Case, lead: Case) -> list[Progress]:
    stops = [
        (_("收到上报"), case.reported_at),
        (_("合并到相同的一件"), case.ended_at if case.stage == Stage.JOINED else None),
        (_("立案"), lead.filed_at),
        (_("交给%(unit)s") % {"unit": _unit(lead)}, lead.dispatched_at),
        (_("单位处理完"), lead.handled_at),
        (_("现场核查通过"), lead.verified_at),
        (_("您说没有解决"), _contested_at(lead)),
        (_end(lead.stage), lead.ended_at if lead.stage != Stage.JOINED else None),
    ]
    return [Progress(words, at) for words, at in sorted(_past(stops), key=lambda one: one[1])]


def _past(stops: list[tuple[str, datetime | None]]) -> list[tuple[str, datetime]]:
    return [(words, at) for words, at in stops if at is not None]


def _end(stage: str) -> str:
    return {Stage.DECLINED: _("不予受理"), Stage.VOIDED: _("作废")}.get(Stage(stage), _("办结"))


def _unit(case: Case) -> str:
    return case.lead_unit.name if case.lead_unit else _("负责的单位")


def _contested_at(case: Case) -> datetime | None:
    if not case.contest_count:
        return None
    rows = Entry.objects.filter(stream=case.stream, verb="contest").order_by("n")
    return rows.values_list("at", flat=True).last()
