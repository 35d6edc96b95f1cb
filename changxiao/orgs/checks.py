"""设置检查: combinations of sign-in settings that must not run, each with an id and a hint."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _

from changxiao.orgs.profiles import PROFILES

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@register(Tags.security)
def sign_in(**_kwargs: Any) -> list[CheckMessage]:
    """登录设置: orgs.E001 plain http beyond this machine, E002 profile, E003 MFA, E004 demo."""
    local = urlsplit(settings.SITE_URL).hostname in LOOPBACK
    found: list[CheckMessage] = []
    if not settings.HTTPS and not local:
        hint = _("请把CHANGXIAO_URL设为https地址；http只允许本机（127.0.0.1）使用")
        found.append(Error(_("会话Cookie将以明文传输"), hint=hint, id="orgs.E001"))
    if settings.PASSWORD_PROFILE not in PROFILES:
        hint = _("请把CHANGXIAO_PASSWORD_PROFILE设为asvs或mlps3")
        found.append(Error(_("口令规则不存在"), hint=hint, id="orgs.E002"))
    if settings.MFA_POLICY not in {"off", "staff"}:
        hint = _("请把CHANGXIAO_MFA设为off或staff")
        found.append(Error(_("第二因素策略不存在"), hint=hint, id="orgs.E003"))
    if settings.DEMO and not local:
        hint = _("演示模式只能在本机使用，请取消CHANGXIAO_DEMO")
        found.append(Error(_("演示模式对外开放"), hint=hint, id="orgs.E004"))
    return found
