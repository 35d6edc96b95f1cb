"""令牌的签发与吊销."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import doing, locked
from changxiao.orgs.models import ApiToken, Staff
from changxiao.orgs.tokens import digest_of

PREFIX = "cx_"


def issue_token(
    staff: Staff, *, act: Act, kind: str = "api", name: str = "", days: int | None = None
) -> tuple[ApiToken, str]:
    """签发令牌: the row and the token itself, which is shown this once and kept nowhere.

    Raises Refused("token_kind_unknown", "staff_inactive").
    """
    with doing("issue_token", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        _check(staff, kind)
        token = PREFIX + secrets.token_urlsafe(32)
        row = ApiToken.objects.create(
            digest=digest_of(token),
            staff=staff,
            kind=kind,
            name=name,
            created_at=now.at,
            expires_at=now.at + timedelta(days=days) if days else None,
        )
        now.record(kind=kind, name=name, token=row.digest[:12], days=days)
    return row, token


def _check(staff: Staff, kind: str) -> None:
    if kind not in ApiToken.Kind.values:
        raise Refused(
            "token_kind_unknown",
            _("令牌用途“%(kind)s”不存在，可用：%(known)s")
            % {"kind": kind[:20], "known": "、".join(ApiToken.Kind.values)},
            field="kind",
        )
    if not staff.is_active:
        raise Refused(
            "staff_inactive",
            _("%(name)s的账号已停用，请先恢复账号") % {"name": staff.name},
            field="staff",
        )


def revoke_token(token: ApiToken, *, act: Act) -> ApiToken:
    """吊销令牌: it opens nothing from the next request on."""
    owner = token.staff
    with doing("revoke_token", act, stream=owner.stream, concerned=owner.username) as now:
        token = locked(token)
        if token.revoked_at:
            raise Refused("ended_already", _("该令牌已吊销"), field="token")
        token.revoked_at = now.at
        token.save(update_fields=["revoked_at"])
        now.record(token=token.digest[:12])
    return token
