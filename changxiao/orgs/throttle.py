"""限速 throttle: counters that all workers share and that outlive a restart (reliability.md P19).

A key has one row: the window it is in and how often it was used there. A check is one upsert, so
two workers never both see the last free place. Limits are rows (`ThrottleRule`) over the defaults.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime

from django.db import connection
from django.db.models import F

from changxiao.orgs.models import ThrottleCount, ThrottleRule

# scope: (limit, seconds). Sources: reliability.md P16 (sign-in), P19 (the others).
DEFAULTS: dict[str, tuple[int, int]] = {
    "login_ip": (50, 3600),
    "login_user": (20, 3600),
    "login_fresh_address": (2, 3600),
    "mfa_user": (5, 900),
    "mfa_code_once": (1, 864_000),
    "report_ip": (5, 3600),
    "report_device": (20, 86_400),
    # Without a solved challenge; a challenge itself opens one report.
    "report_slow_ip": (2, 3600),
    "portal_work": (1, 86_400),
    "portal_look": (120, 600),
    "portal_guess": (10, 3600),
    "staff": (120, 60),
    "open311": (60, 60),
    "open311_ip": (120, 60),  # who reads without a key
    # One box speaks for many cameras; who shows no token of one is counted by address.
    "camera": (300, 60),
    "camera_ip": (60, 60),
    # All callbacks of one WeChat account, and each nonce of one once.
    "wechat": (1000, 60),
    "wechat_nonce": (1, 900),
    # A squad's page: an address may look and send; it may not try out tokens.
    "squad_ip": (240, 600),
    "squad_guess": (20, 3600),
    "squad_photos": (24, 86_400),
    "upload_bytes": (60_000_000, 600),
}
RULES_LIVE = 5.0  # seconds until a worker sees an edited rule
UPSERT = """
INSERT INTO orgs_throttlecount (key, slot, count, until) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN orgs_throttlecount.slot = excluded.slot
                 THEN orgs_throttlecount.count + excluded.count ELSE excluded.count END,
    slot = excluded.slot, until = excluded.until
RETURNING count
"""
_rules: tuple[float, dict[str, tuple[int, int]]] = (float("-inf"), {})


def allow(scope: str, key: str, at: datetime, *, cost: int = 1) -> bool:
    """放行: count one use of `key` (or `cost` units) and say whether it is within the limit.

    Raises KeyError for a scope that neither the table nor the defaults know.
    """
    limit, window = rule(scope)
    slot = int(at.timestamp()) // window
    values = (_hashed(scope, key), slot, cost, (slot + 1) * window)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        count: int = cursor.fetchone()[0]
    return count <= limit


def retry_after(scope: str, at: datetime) -> int:
    """多少秒后再试: until the present window of the scope ends, for `Retry-After`."""
    _limit, window = rule(scope)
    return window - int(at.timestamp()) % window


def give_back(scope: str, key: str) -> None:
    """退还: a success gives back the one use that its attempt had taken, and no earlier failure."""
    rows = ThrottleCount.objects.filter(key=_hashed(scope, key), count__gt=0)
    rows.update(count=F("count") - 1)


def prune(at: datetime) -> int:
    """清理: delete counters of windows that are over; safe at any time."""
    return ThrottleCount.objects.filter(until__lt=int(at.timestamp())).delete()[0]


def rule(scope: str) -> tuple[int, int]:
    """规则: (limit, seconds) in force for the scope."""
    return _current().get(scope) or DEFAULTS[scope]


def forget_rules() -> None:
    """重读规则: the next check reads the table again."""
    global _rules
    _rules = (float("-inf"), {})


def _current() -> dict[str, tuple[int, int]]:
    global _rules
    read, rows = _rules
    if time.monotonic() - read > RULES_LIVE:
        table = ThrottleRule.objects.values_list("scope", "limit", "window")
        rows = {scope: (limit, window) for scope, limit, window in table}
        _rules = (time.monotonic(), rows)
    return rows


def _hashed(scope: str, key: str) -> str:
    return hashlib.sha256(f"{scope}\x00{key}".encode("utf-8", "surrogateescape")).hexdigest()
