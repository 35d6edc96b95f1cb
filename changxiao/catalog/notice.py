"""放假通知 notice: the State Council's sentences, or rows of a table, read as days of a calendar.

“二、春节：2月15日（农历腊月二十八、周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）
上班。” A weekday in the notice that the year does not have is refused: it is another year's.
Pure: no table, no clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.kernel.sheets import read_day

LONGEST = 31  # days of one holiday
_ITEM = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+\s*、\s*)?(?P<name>[^：:。]{1,12})[：:](?P<rest>.*)$"
)
_DAY = r"(?:(?P<{0}m>\d{{1,2}})月)?(?P<{0}d>\d{{1,2}})日(?:\((?P<{0}w>[^)]*)\))?"
_SPAN = re.compile(_DAY.format("a") + r"(?:\s*(?:至|-|~|—)\s*" + _DAY.format("b") + ")?")
_WEEKDAYS = "一二三四五六日"
_WORK = frozenset({"1", "上班", "工作日", "workday", "是"})
_REST = frozenset({"0", "放假", "休", "节假日", "holiday", "否"})


@dataclass(frozen=True, slots=True)
class Told:
    """通知所说的一天."""

    date: date
    is_workday: bool
    name: str


def read(text: str, year: int) -> list[Told]:
    """读通知: every day it names, in order, the later word deciding.

    Refused `notice_unreadable` (nothing was found), `day_unreadable`, `weekday_differs`,
    `notice_contradicts`.
    """
    found: dict[date, Told] = {}
    for line in unicodedata.normalize("NFKC", text).splitlines():
        for one in _line(line, year):
            known = found.get(one.date)
            if known and known.is_workday != one.is_workday:
                message = _("%(day)s既放假又上班，请核对") % {"day": one.date}
                raise Refused("notice_contradicts", message, field="lines")
            found[one.date] = one
    if not found:
        message = _("没有读出日期：请粘贴通知原文，或每行写“2027-01-01 放假 元旦”")
        raise Refused("notice_unreadable", message, field="lines")
    return [found[day] for day in sorted(found)]


def _line(line: str, year: int) -> Iterator[Told]:
    row = _row(line, year)
    if row is not None:
        yield row
        return
    item = _ITEM.match(line)
    if item is None:
        return
    for sentence in re.split(r"[。;]", item["rest"]):
        works = "上班" in sentence
        if works or "放假" in sentence:
            for day in _days(sentence, year):
                yield Told(day, works, item["name"].strip())


def _row(line: str, year: int) -> Told | None:
    """A line of a table: date, whether worked, name; in the order of `cities/calendars`."""
    cells = [cell for cell in re.split(r"[\t, ]+", line.strip()) if cell]
    if len(cells) < 2 or cells[1] not in _WORK | _REST:
        return None
    return Told(read_day(cells[0], year), cells[1] in _WORK, cells[2] if len(cells) > 2 else "")


def _days(sentence: str, year: int) -> Iterator[date]:
    month = ""
    for span in _SPAN.finditer(sentence):
        month = span["am"] or month
        first = _one(month, span["ad"], span["aw"], year)
        last = first
        if span["bd"]:
            later = span["bm"] or month
            last = _one(later, span["bd"], span["bw"], year + (int(later) < int(month)))
            month = later
        if not timedelta(0) <= last - first < timedelta(LONGEST):
            message = _("假期%(first)s至%(last)s的先后或长短不对，请核对")
            values = {"first": first, "last": last}
            raise Refused("day_unreadable", message % values, field="lines")
        yield from (first + timedelta(n) for n in range((last - first).days + 1))


def _one(month: str, day: str, words: str | None, year: int) -> date:
    found = read_day(f"{year}-{month or 0}-{day}")
    told = re.search(r"(?:周|星期)([一二三四五六日天])", words or "")
    if told:
        number = _WEEKDAYS.index(told[1].replace("天", "日"))
        if number != found.weekday():
            values = {"day": found, "is": _WEEKDAYS[found.weekday()], "told": told[1]}
            message = _("%(day)s是周%(is)s，通知写的是周%(told)s：年份是否选对？") % values
            raise Refused("weekday_differs", message, field="lines")
    return found
