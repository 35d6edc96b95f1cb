"""回话 words: what a follower is told. Plain, short, one thing to do next."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import followed
from changxiao.cases.chats.models import Chat
from changxiao.cases.chats.pieces import PLACE, PROBLEM, Pieces
from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel import spoken
from changxiao.kernel.day import local_time

MOST_MINE = 5


def welcome() -> str:
    """关注和帮助."""
    return policy.text("chat_welcome")


def asking(pieces: Pieces) -> str:
    """还缺什么, or that it is all there."""
    missing = pieces.missing
    if missing == (PLACE,):
        return _("收到。请再发一个位置：点右下角“+”，选“位置”。")
    if missing == (PROBLEM,):
        return _("位置收到了。请再发一张照片，或写一句是什么问题。")
    if missing:
        return _("请发一张照片或写一句是什么问题，再发一个位置。")
    minutes = policy.number("chat_window_minutes")
    told = _("齐了。回复“发送”马上上报；要补充请接着发，%(minutes)d分钟没有新消息就自动上报。")
    return told % {"minutes": minutes}


def filed(chat: Chat, code: str, *, offers: bool) -> str:
    """回执; `offers`: he may be told here of what becomes of it, if he says so."""
    assert chat.case is not None
    told = _("已上报，受理号 %(number)s。查询码 %(code)s：把它发给我就能看办到哪一步。")
    more = _("有进展想在这里知道，回复“通知我”。") if offers else ""
    return told % {"number": chat.case.number, "code": spoken.grouped(code)} + more


def lapsed() -> str:
    """没收齐."""
    return _("等了一会儿没有收齐，这次先放下，没有上报。再发一条就重新开始。")


def progress(case: Case, now: datetime) -> str:
    """进展 of a case whose code was sent."""
    told = followed.told(case, now)
    lines = [f"{case.number} {case.subcategory.label}", told.words]
    if told.due_at is not None:
        due = local_time(told.due_at)
        lines.append(_("应于 %(due)s 前办完。") % {"due": f"{due:%Y-%m-%d %H:%M}"})
    if told.answer:
        lines.append(_("答复：%(answer)s") % {"answer": told.answer})
    return "\n".join(lines)


def mine(cases: list[Case], now: datetime) -> str:
    """我的上报, the newest first."""
    if not cases:
        return _("您还没有在这里上报过。发一张照片和一个位置就可以。")
    lines = [f"{case.number} {case.subcategory.label} {_words(case, now)}" for case in cases]
    return "\n".join(lines)


def _words(case: Case, now: datetime) -> str:
    return followed.words_of(case.duplicate_of or case, now)
