"""统计 of counts: tests, intervals, critical values, decided in whole numbers and decimals. Pure.

No float decides anything: the same counts give the same answer on every machine. Fisher's exact
test (Fisher 1935) up to 2,000 rows of both together, beyond that the score test with Yates'
correction (Yates 1934); Wilson's interval (Wilson 1927). Tails of the normal distribution by the
series of Abramowitz & Stegun (1964), 26.2.11, and the continued fraction 26.2.14.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import comb, isqrt

EXACT_MOST = 2000
_PINNED = Context(prec=34, rounding=ROUND_HALF_EVEN)
_PI = Decimal("3.141592653589793238462643383279503")
_SCALE = 10**9


def root(value: Fraction) -> Fraction:
    """平方根 to nine decimal places, rounded down, by whole numbers."""
    return Fraction(isqrt(value.numerator * _SCALE**2 // value.denominator), _SCALE)


def two_sided(square: Fraction) -> Decimal:
    """双侧尾概率 of a standard normal value whose square is given."""
    with localcontext(_PINNED):
        x = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
        if x > 30:
            return Decimal(0)
        density = (-x * x / 2).exp() / (2 * _PI).sqrt()
        return 2 * (density * _mills(x) if x > 4 else Decimal("0.5") - density * _series(x))


def _series(x: Decimal) -> Decimal:
    term = total = x
    n = 1
    while abs(term) > Decimal("1e-32"):
        n += 2
        term = term * x * x / n
        total += term
    return total


def _mills(x: Decimal) -> Decimal:
    fraction = x
    for n in range(120, 0, -1):
        fraction = x + n / fraction
    return 1 / fraction


@cache
def critical(alpha: Fraction) -> Fraction:
    """临界值: the normal value that only `alpha` of all pass on both sides, to nine decimals."""
    with localcontext(_PINNED):
        wanted = Decimal(alpha.numerator) / Decimal(alpha.denominator)
    low, high = 0, 40 * _SCALE
    while low < high:
        middle = (low + high) // 2
        if two_sided(Fraction(middle, _SCALE) ** 2) <= wanted:
            high = middle
        else:
            low = middle + 1
    return Fraction(low, _SCALE)


def wilson(numerator: int, denominator: int, z: Fraction) -> tuple[Fraction, Fraction]:
    """威尔逊区间 of a share, between 0 and 1. `denominator` > 0."""
    n, square = Fraction(denominator), z * z
    share = Fraction(numerator, denominator)
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * root(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    # The root is rounded down: at either end the interval would miss it by a billionth.
    low = max(Fraction(0), middle - half) if numerator else Fraction(0)
    return low, min(Fraction(1), middle + half) if numerator < denominator else Fraction(1)


def p_value(one: tuple[int, int], other: tuple[int, int]) -> Decimal:
    """差异的 p 值: of two shares n/d being one and the same, two-sided.

    The exact tail costs big numbers and is left to the score test where nothing hangs on it: at
    p > 0.08, and below 1e-22.
    """
    square = square_of(one, other)
    if one[1] + other[1] > EXACT_MOST or not 3 < square < 100:
        return two_sided(square)
    return fisher(one, other)


def square_of(one: tuple[int, int], other: tuple[int, int]) -> Fraction:
    """检验统计量的平方: Yates' corrected chi-square of two shares n/d."""
    (n, d), (m, e) = one, other
    hits, total = n + m, d + e
    if not (hits and total - hits and d and e):
        return Fraction(0)
    corrected = max(Fraction(0), abs(n * (e - m) - m * (d - n)) - Fraction(total, 2))
    return corrected * corrected * total / (hits * (total - hits) * d * e)


def fisher(one: tuple[int, int], other: tuple[int, int]) -> Decimal:
    """费舍尔精确检验, two-sided as twice the smaller tail (never above 1)."""
    (n, d), (m, e) = one, other
    if n * e > m * d:
        # the smaller tail lies away from the other share: always look downwards
        (n, d), (m, e) = (m, e), (n, d)
    hits = n + m
    term = tail = comb(d, n) * comb(e, m)
    for k in range(n, max(0, hits - e), -1):
        term = term * k * (e - hits + k) // ((d - k + 1) * (hits - k + 1))
        tail += term
    with localcontext(_PINNED):
        return min(Decimal(1), 2 * Decimal(tail) / Decimal(comb(d + e, hits)))
