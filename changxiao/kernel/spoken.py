"""可念的码 spoken codes: random words that a person reads out, types with one thumb and mistypes.

Sixteen signs in four groups, "7K2M-9QXR-04TD-HB3W": fifteen are random (75 bits), the last checks
them. The alphabet is Crockford's base 32, without I, L, O and U. The check is a word of a Reed
Solomon code over GF(32): one wrong sign, or any two signs exchanged, is always noticed. Pure.
"""

from __future__ import annotations

import unicodedata

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, GROUP = 15, 4
LENGTH = RANDOM + 1
_MEANT = str.maketrans("OIL", "011")
_FIELD = 0b100101  # x⁵ + x² + 1, whose root has order 31: every place of a code has its own weight
_BETWEEN = frozenset("- ‐‑–—_.·,、，。/")


def made_from(secret: bytes) -> str:
    """造码: from at least ten bytes that nobody can guess; the same bytes give the same code."""
    if len(secret) * 8 < RANDOM * 5:
        raise ValueError("a code needs 75 random bits")
    number = int.from_bytes(secret, "big")
    values = [(number >> (5 * place)) & 31 for place in range(RANDOM)]
    return "".join(ALPHABET[value] for value in [*values, _double(_folded(values))])


def read(text: str) -> str:
    """读码: as people type it: small letters, full width, spaces, O for 0, I and L for 1.

    Refused `code_unreadable` where it cannot be one: the sentence says what is wrong with it.
    """
    told = unicodedata.normalize("NFKC", text[:200]).upper()
    code = "".join(sign for sign in told if sign not in _BETWEEN and not sign.isspace())
    code = code.translate(_MEANT)
    if len(code) != LENGTH:
        message = _("查询码应为%(length)d位，您输入了%(n)d位，请对照回执再输一次")
        raise _refused(message % {"length": LENGTH, "n": len(code)})
    if unknown := next((sign for sign in code if sign not in ALPHABET), ""):
        message = _("查询码里没有“%(sign)s”，请对照回执再输一次")
        raise _refused(message % {"sign": unknown})
    if _folded([ALPHABET.index(sign) for sign in code]):
        raise _refused(_("查询码有一位不对，请对照回执逐组核对"))
    return code


def grouped(code: str) -> str:
    """分组: as it is shown and read out."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _folded(values: list[int]) -> int:
    total = 0
    for value in values:
        total = _double(total) ^ value
    return total


def _double(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 32 else value


def _refused(sentence: str) -> Refused:
    return Refused("code_unreadable", sentence, field="code")
