"""口令规则 password profiles: `asvs` (OWASP ASVS 5.0 §6.2) and `mlps3` (GB/T 22239-2019 8.1.4.1).

Read by settings, so nothing here touches models at import.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

PROFILES = ("asvs", "mlps3")
CLASSES_NEEDED = 3
KEPT = 5
LIFETIME = {"asvs": None, "mlps3": timedelta(days=90)}
_DJANGO = "django.contrib.auth.password_validation"
_OURS = "changxiao.orgs.passwords"


def validators(profile: str) -> list[dict[str, Any]]:
    """口令校验: Django's AUTH_PASSWORD_VALIDATORS of the profile; an unknown one is `asvs`."""
    strict = profile == "mlps3"
    length = {"min_length": 10 if strict else 12}
    rows: list[dict[str, Any]] = [
        {"NAME": f"{_DJANGO}.MinimumLengthValidator", "OPTIONS": length},
        {"NAME": f"{_DJANGO}.CommonPasswordValidator"},
        {
            "NAME": f"{_DJANGO}.UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": ("username", "name", "phone")},
        },
    ]
    if strict:
        rows += [{"NAME": f"{_OURS}.ThreeClasses"}, {"NAME": f"{_OURS}.NotAPastPassword"}]
    return rows


def expired(profile: str, changed_at: datetime | None, at: datetime) -> bool:
    """口令是否到期: under mlps3 after 90 days; a password without a date is not yet dated."""
    lifetime = LIFETIME.get(profile)
    return bool(lifetime and changed_at and at - changed_at > lifetime)
