"""令牌 tokens: who stands behind a bearer header. One statement, and no secret is compared in
Python: the database looks up a digest of 256 random bits, whose timing tells nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from changxiao.orgs.models import ApiToken, Staff

# "Last used" is for people who clean up; writing it on every request would cost a commit each.
USED_EVERY = timedelta(minutes=10)


def digest_of(token: str) -> str:
    """摘要: SHA-256 in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def token_for(
    header: str, *, at: datetime | None = None, kind: str = ApiToken.Kind.API
) -> ApiToken | None:
    """有效令牌: the token of an `Authorization` header with its person and unit, or None."""
    at = at or timezone.now()
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer":
        token = ""
    row = (
        ApiToken.objects.select_related("staff__unit")
        .filter(Q(expires_at=None) | Q(expires_at__gt=at), staff__is_active=True)
        .filter(digest=digest_of(token.strip()), kind=kind, revoked_at=None)
        .first()
    )
    if row and (row.last_used_at is None or at - row.last_used_at >= USED_EVERY):
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=at)
    return row


def staff_for(
    header: str, *, at: datetime | None = None, kind: str = ApiToken.Kind.API
) -> Staff | None:
    """令牌持有人: the active member of staff behind the header, or None."""
    row = token_for(header, at=at, kind=kind)
    return row.staff if row else None
