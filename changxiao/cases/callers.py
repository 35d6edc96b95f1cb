"""来电人 callers: a number that rang before is known again by a keyed digest, and read by nobody.

The key is this home's: a copy of the database tells no number, however many are tried.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from changxiao.cases.flow import ENDS
from changxiao.cases.models import Case
from changxiao.cases.models_calls import Call
from changxiao.catalog import policy
from changxiao.kernel.home import secret

KEY = "caller"
FEWEST = 5  # digits: 12345 rings too, and fewer are no number
SHOWN = 5
_MOBILE = re.compile(r"(?:00)?86(1\d{10})")


def plain_number(phone: str) -> str:
    """纯号码: digits alone, full-width ones too, a mobile without its country; "" for no number."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    if found := _MOBILE.fullmatch(digits):
        digits = found[1]
    return digits if len(digits) >= FEWEST else ""


def digest_of(phone: str) -> str:
    """号码摘要; "" where no number was told."""
    digits = plain_number(phone)
    if not digits:
        return ""
    return hmac.new(secret(KEY), digits.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Earlier:
    """此前来电: how often this number rang in so many days, and which cases of them one may see."""

    count: int
    days: int
    cases: Sequence[Case]

    @property
    def others(self) -> int:
        """辖区外或更早: calls whose case is not shown."""
        return max(self.count - len(self.cases), 0)


def earlier(phone: str, now: datetime) -> Earlier:
    """此前来电 of a number; the open ones first, the newest of each before the older."""
    days, caller = policy.number("caller_days"), digest_of(phone)
    if not caller:
        return Earlier(0, days, ())
    calls = Call.objects.filter(caller=caller, at__gt=now - timedelta(days=days))
    rows = Case.objects.filter(calls__in=calls).select_related("subcategory", "duplicate_of")
    found = sorted(rows.distinct().order_by("-reported_at")[:50], key=lambda c: c.stage in ENDS)
    return Earlier(calls.count(), days, found[:SHOWN])
