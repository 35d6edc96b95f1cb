"""取值项: what one row of the policy table says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from changxiao.kernel.worktime import Limit

Value = Limit | Decimal | int | bool | str


@dataclass(frozen=True, slots=True)
class Setting:
    """取值项: its default, its name for people, and the lowest and highest a number may be.

    `meaning` says in a sentence what changes with it; the page where it is edited shows it.
    """

    default: Value
    title: str | Promise
    lowest: int = 0
    highest: int = 1_000_000
    meaning: str | Promise = ""
