"""比率: two counts become the percentage that a bulletin prints (GB/T 30428.4). Pure.

Counts stay whole until here; division and rounding happen once, in decimal, half up and away from
zero, as people round by hand. Nothing to divide by is 无数据, never nought and never a hundred.
"""

from __future__ import annotations

import math
from decimal import Decimal, DecimalException
from enum import StrEnum
from fractions import Fraction

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

PLACES, MOST_PLACES = 2, 9
MOST_DIGITS = 30


class RateKind(StrEnum):
    """比率类型: a share n/d (of a target it may pass 100), or a change n/d − 1."""

    RATE = "rate"
    CHANGE = "change"


def percent(
    numerator: Decimal | None,
    denominator: Decimal | None,
    *,
    kind: RateKind = RateKind.RATE,
    places: int = PLACES,
) -> Decimal | None:
    """百分数 with so many decimal places, without the sign %; None where there is no data: a count
    is missing or the denominator is 0."""
    if numerator is None or not denominator:
        return None
    above = numerator - denominator if kind == RateKind.CHANGE else numerator
    return rounded(Fraction(above) * 100 / Fraction(denominator), places)


def rounded(exact: Fraction, places: int = PLACES) -> Decimal:
    """修约: once, half up and away from zero."""
    digits = str(math.floor(abs(exact) * 10**places + Fraction(1, 2)))
    minus = int(exact < 0 and digits != "0")  # there is no −0.00
    return Decimal((minus, tuple(map(int, digits)), -places))


def read_count(text: str, column: str) -> Decimal | None:
    """读数量: a number of at most 30 digits, thousands' commas allowed; empty is None.

    Refused `count_unreadable`, `count_negative` (field: the column).
    """
    plain = text.strip().replace(",", "").replace("，", "")
    if not plain:
        return None
    told = {"column": column, "value": text.strip()[:40]}
    try:
        found = Decimal(plain)
    except DecimalException:
        found = Decimal("NaN")
    if not found.is_finite() or len(plain) > MOST_DIGITS or abs(found.adjusted()) > MOST_DIGITS:
        raise Refused(
            "count_unreadable",
            _("%(column)s“%(value)s”不是数量：请写 0、12 或 3.5 这样的数。") % told,
            field=column,
        )
    if found < 0:
        sentence = _("%(column)s“%(value)s”是负数：数量不小于 0。") % told
        raise Refused("count_negative", sentence, field=column)
    return found


def read_kind(text: str) -> RateKind:
    """读类型: `rate` (also when empty) or `change`. Refused `kind_unknown`."""
    try:
        return RateKind(text.strip().lower() or RateKind.RATE)
    except ValueError:
        told = {"value": text.strip()[:40]}
        sentence = _("kind“%(value)s”没有这种类型：请写 rate（占比）或 change（增减）。") % told
        raise Refused("kind_unknown", sentence, field="kind") from None


def read_places(text: str) -> int:
    """读小数位数: 0 to 9, two when empty. Refused `places_unreadable`."""
    plain = text.strip()
    if not plain:
        return PLACES
    if not (plain.isascii() and plain.isdigit() and int(plain) <= MOST_PLACES):
        told = {"value": plain[:40], "most": MOST_PLACES}
        sentence = _("decimals“%(value)s”不是小数位数：请写 0 到 %(most)d 的整数。") % told
        raise Refused("places_unreadable", sentence, field="decimals")
    return int(plain)
