"""片段 pieces: what a chat has, what it lacks, and which words are orders. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from changxiao.kernel.refused import Refused
from changxiao.kernel.spoken import read as read_code

PLACE, PROBLEM = "place", "problem"
_ORDERS = {
    "send": ("发送", "提交", "上报", "完成", "send"),
    "drop": ("取消", "不报了", "cancel"),
    "mine": ("我的", "我的上报", "mine"),
    "tell": ("通知我", "通知", "tell me"),
    "hush": ("别通知", "不要通知", "取消通知"),
    "help": ("帮助", "help", "?", "？", "怎么用"),
}
_BY_WORD = {word: order for order, words in _ORDERS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Pieces:
    """已有的: words, pictures, a place."""

    text: str
    photos: int
    placed: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """还缺: a picture or a word of what it is, and where."""
        lacks = [PROBLEM] if not self.text and not self.photos else []
        return (*lacks, *([] if self.placed else [PLACE]))


def order(text: str) -> str:
    """口令: one of `_ORDERS`; "code" for a tracking code; "" for words of the report."""
    word = text.strip().strip("。.!！ “”\"'").lower()
    if word in _BY_WORD:
        return _BY_WORD[word]
    return "code" if code_in(text) else ""


def code_in(text: str) -> str:
    """查询码 where the message is nothing but one; else ""."""
    if len(text.strip()) > 40:
        return ""
    try:
        return read_code(text)
    except Refused:
        return ""


def joined(before: str, more: str, most: int) -> str:
    """接上: another line, as far as a description may go."""
    return "\n".join(part for part in (before, more.strip()) if part)[:most]
