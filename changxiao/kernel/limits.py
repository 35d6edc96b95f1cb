"""时限 Limit: an amount and one of the five units of the city-management standards.

Units as the Yuncheng standards (2024) use them: 紧急工作时 and 紧急工作日 run day and night, 工作时
and 工作日 run in working time only, 自然日 counts calendar days. What a unit means on a clock is
said in `worktime`. Pure: no table, no clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

# Four decimals of an hour name every whole minute to the second; ten thousand days are 27 years.
FINEST = Decimal("0.0001")
LARGEST = Decimal(10_000)


class TimeUnit(StrEnum):
    """时限单位: the five time units a limit may have."""

    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    CALENDAR_DAY = "calendar_day"

    @property
    def label(self) -> str:
        """单位名称: the unit's word in the standard, in the reader's language."""
        return _(_LABELS[self])


_LABELS = {
    TimeUnit.URGENT_HOUR: "紧急工作时",
    TimeUnit.URGENT_DAY: "紧急工作日",
    TimeUnit.WORK_HOUR: "工作时",
    TimeUnit.WORK_DAY: "工作日",
    TimeUnit.CALENDAR_DAY: "自然日",
}
_WORDS: dict[str, TimeUnit] = {
    **{label: unit for unit, label in _LABELS.items()},
    "紧急工作小时": TimeUnit.URGENT_HOUR,
    "工作小时": TimeUnit.WORK_HOUR,
    "自然天": TimeUnit.CALENDAR_DAY,
    "日历天": TimeUnit.CALENDAR_DAY,
}
_ENGLISH = re.compile(r"(urgent|work|working|calendar|natural)[ _-]*(hour|day)s?", re.IGNORECASE)
_ENGLISH_WORDS = {
    ("urgent", "hour"): TimeUnit.URGENT_HOUR,
    ("urgent", "day"): TimeUnit.URGENT_DAY,
    ("work", "hour"): TimeUnit.WORK_HOUR,
    ("work", "day"): TimeUnit.WORK_DAY,
    ("calendar", "day"): TimeUnit.CALENDAR_DAY,
}
_PLAIN = {"working": "work", "natural": "calendar"}
_MINUTES = ("分钟", "minutes", "minute", "min")
# Old tables write these: 天 was 工作日 in most comparable rows, not in all; a city must declare it.
_AMBIGUOUS = ("小时", "天", "日", "时", "hours", "hour", "days", "day")
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", 1)} | {"两": 2}

_HAN = "[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_UNIT_PATTERN = "|".join(
    [*sorted(_WORDS, key=len, reverse=True), _ENGLISH.pattern, *_MINUTES, *_AMBIGUOUS]
)
_LIMIT = re.compile(
    rf"(?P<amount>\d+(?:\.\d+)?|{_HAN}|半)\s*个?\s*(?P<unit>{_UNIT_PATTERN})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Limit:
    """时限: how long somebody has. 0.0001 to 10,000 units, at most four decimals.

    Raises Refused `limit_out_of_range` for an amount outside that.
    """

    amount: Decimal
    unit: TimeUnit

    def __post_init__(self) -> None:
        amount = self.amount
        if not isinstance(amount, Decimal):
            object.__setattr__(self, "amount", amount := Decimal(str(amount)))
        known = amount.is_finite() and FINEST <= amount <= LARGEST
        if not known or amount != amount.quantize(FINEST):
            raise Refused(
                "limit_out_of_range",
                _("时限数值“%(amount)s”不可用：须在 0.0001 至 10000 之间，最多四位小数。")
                % {"amount": amount},
                field="amount",
            )

    def __str__(self) -> str:
        minutes = self.amount * 60
        if self.unit is TimeUnit.URGENT_HOUR and self.amount < 1 and minutes == int(minutes):
            return _("%(minutes)d 分钟") % {"minutes": minutes}
        return f"{self.amount.normalize():f} {self.unit.label}"

    def times(self, factor: Decimal) -> Limit:
        """时限系数: the limit times an area grade or a period overlay, rounded half up."""
        return Limit((self.amount * factor).quantize(FINEST, ROUND_HALF_UP), self.unit)


def parse_limit(text: str, *, bare: Mapping[str, TimeUnit] | None = None) -> Limit:
    """读取时限: "4 工作时", "2紧急工作时", "１．５工作日", "两个工作日", "4 work hours", "15 分钟".

    `bare` declares what the ambiguous 天 and 小时 of an old table mean. Refused `limit_ambiguous`
    for those without a declaration, `limit_unreadable` for anything else, words around it included.
    """
    limit, remark = split_limit(text, bare=bare)
    if remark:
        raise _unreadable(text, _("多出文字“%(rest)s”，请移到备注列") % {"rest": remark})
    return limit


def split_limit(text: str, *, bare: Mapping[str, TimeUnit] | None = None) -> tuple[Limit, str]:
    """拆读时限: the one limit in a cell, and the words around it.

    "1紧急工作时制止" gives one urgent hour and "制止", which belongs into a column of its own.
    Refused like `parse_limit`, and `limit_unreadable` where the cell holds more than one limit.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = list(_LIMIT.finditer(plain))
    if len(found) != 1:
        why = _("没有数值和单位") if not found else _("含有多个时限，请拆成几行")
        raise _unreadable(text, why)
    match = found[0]
    limit = _limit(match["amount"], match["unit"], bare or {}, text)
    around = plain[: match.start()] + plain[match.end() :]
    return limit, "".join(around.split()).removeprefix("以内").removeprefix("内")


def parse_unit(text: str, *, bare: Mapping[str, TimeUnit] | None = None) -> TimeUnit:
    """读取单位: the unit by its Chinese label, its value ("work_hour") or English words."""
    word = unicodedata.normalize("NFKC", text).strip()
    unit = _unit(word, bare or {})
    if unit is not None:
        return unit
    if word in _AMBIGUOUS:
        raise _ambiguous(text, word)
    raise Refused(
        "unit_unreadable",
        _("时限单位“%(text)s”无法识别：请写 %(known)s。") % {"text": text, "known": _known()},
        field="unit",
    )


def parse_amount(text: str) -> Decimal:
    """读取数值: a positive decimal number; full-width digits too."""
    try:
        return Decimal(unicodedata.normalize("NFKC", text).strip())
    except InvalidOperation:
        raise Refused(
            "amount_unreadable",
            _("时限数值“%(text)s”不是数字：请写 4 或 1.5 这样的数。") % {"text": text},
            field="amount",
        ) from None


def _limit(amount: str, word: str, bare: Mapping[str, TimeUnit], text: str) -> Limit:
    number = _number(amount)
    if word.lower() in _MINUTES:  # stage clocks (受理 15 分钟) run in continuous time
        hours = (number / 60).quantize(FINEST, ROUND_HALF_UP)
        return Limit(hours, TimeUnit.URGENT_HOUR)
    unit = _unit(word, bare)
    if unit is None:
        raise _ambiguous(text, word)
    return Limit(number, unit)


def _number(word: str) -> Decimal:
    if word == "半":
        return Decimal("0.5")
    if word[0].isdecimal():
        return Decimal(word)
    tens, ten, ones = word.rpartition("十")
    return Decimal((_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0))


def _unit(word: str, bare: Mapping[str, TimeUnit]) -> TimeUnit | None:
    if word in bare:
        return bare[word]
    if word in _WORDS:
        return _WORDS[word]
    match = _ENGLISH.fullmatch(word)
    if match is None:
        return None
    kind, span = match[1].lower(), match[2].lower()
    return _ENGLISH_WORDS.get((_PLAIN.get(kind, kind), span))


def _known() -> str:
    return _("、").join(unit.label for unit in TimeUnit)


def _ambiguous(text: str, word: str) -> Refused:
    return Refused(
        "limit_ambiguous",
        _("时限“%(text)s”的单位“%(word)s”有歧义：请写明 %(known)s，或在导入映射中声明它的含义。")
        % {"text": text.strip(), "word": word, "known": _known()},
        field="unit",
    )


def _unreadable(text: str, why: str) -> Refused:
    return Refused(
        "limit_unreadable",
        _("时限“%(text)s”无法读取（%(why)s）：请写成“4 工作时”这样的数值加单位。")
        % {"text": text.strip(), "why": why},
        field="limit",
    )
