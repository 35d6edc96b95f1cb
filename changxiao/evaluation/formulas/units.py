"""单位 units of a formula: cases, percent, hours, points, and what multiplying makes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from changxiao.kernel.words import gettext as _

SUFFIXES = ("%", "pt", "case", "h")


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: each base unit with its power; none at all is a plain number 纯数."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """乘（sign −1 为除）."""
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, 0) + sign * power
        return Unit(tuple(sorted((base, power) for base, power in powers.items() if power)))

    def label(self) -> str:
        """称呼, as a sentence calls it."""
        if not self.powers:
            return _("纯数")
        plain = {"%": _("百分数"), "pt": _("分"), "case": _("件数"), "h": _("小时")}
        if len(self.powers) == 1 and self.powers[0][1] == 1:
            return plain[self.powers[0][0]]
        return "·".join(
            plain[base] + (f"^{power}" if power != 1 else "") for base, power in self.powers
        )


def unit(suffix: str) -> Unit:
    """单位: of a suffix in SUFFIXES."""
    return Unit(((suffix, 1),))


NUMBER = Unit()
PERCENT, POINT, CASE, HOUR = (unit(suffix) for suffix in SUFFIXES)
TRUTH = Unit((("truth", 1),))  # of a comparison: no arithmetic takes it
