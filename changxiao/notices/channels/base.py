"""渠道底座: what every channel says of itself. To add one, copy the nearest folder and name it in
`channels.CHANNELS`; nothing else changes.

A channel never sees a row of the outbox: it is given an address and words, and raises `Failed`
where they were not taken. What it needs to sign in with is read from files of the home.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from changxiao.kernel.home import home

FOLDER = "notices"
TIMEOUT = 5.0  # seconds for another machine to answer


class Side(StrEnum):
    """收件的一方."""

    STAFF = "staff"
    GROUP = "group"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Address:
    """收件地址: a member of the staff by his key, a group by its name, or a resident's contact."""

    staff: int | None = None
    robot: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """要送的话: a title of few words, the text, and where to read on ("" for nowhere); `key` is the
    same at every attempt."""

    title: str
    text: str
    url: str = ""
    urgent: bool = False
    key: str = ""


class Failed(Exception):  # noqa: N818 - reads as the sentence it is
    """未送达: `for_good` where trying again cannot help."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why[:300])
        self.why, self.for_good = why[:300], for_good


@dataclass(frozen=True, slots=True)
class Channel:
    """渠道: `off` is "" where it can send, else the sentence that says what is missing; `reaches`
    picks those of the staff who have an address on it; `send` raises Failed."""

    key: str
    title: str | Promise
    serves: frozenset[Side]
    off: Callable[[], str]
    reaches: Callable[[Collection[int]], set[int]]
    send: Callable[[Address, Message], None]


def nobody(_staff: Collection[int]) -> set[int]:
    """没有人: a channel that serves no staff."""
    return set()


def kept(name: str) -> str:
    """凭据: the text of `keys/notices/<name>` in the home, "" where there is no such file."""
    try:
        return (home() / "keys" / FOLDER / name).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
