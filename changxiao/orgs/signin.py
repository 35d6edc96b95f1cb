"""登录 sign-in: allauth with our budgets, texts and verbs (reliability.md P16, P17).

Every failure looks alike: unknown name, wrong password, closed account, too many tries. An account
is never locked as a whole: when its hourly budget is spent, an address that has not failed yet is
still heard, so that a flood of guesses cannot keep the person out.
"""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from cryptography.fernet import Fernet
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.act import Act
from changxiao.kernel.home import secret
from changxiao.kernel.refused import Refused
from changxiao.orgs import actions, throttle
from changxiao.orgs.clientip import client_ip
from changxiao.orgs.models import Staff

FAILED = _("用户名或口令不正确；连续输错5次后，请等待15分钟再试")


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """登录: closed for sign-up; budgets before the password is looked at; verbs for changes."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": FAILED,
        "too_many_login_attempts": FAILED,
        "account_inactive": FAILED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """注册: staff are hired (actions.hire), nobody signs up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """来访地址."""
        return client_ip(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """核对身份: the three budgets first, and what a success had taken from them back."""
        budgets = _budgets(str(credentials.get("username", "")), client_ip(request))
        if not _admit(budgets):
            return None
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            for scope, key in budgets.items():
                throttle.give_back(scope, key)
        return user

    def set_password(self, user: Staff, password: str) -> None:
        """修改口令: through the verb, and the person at hand learns the new state."""
        act = Act(actor=user.username, key=str(uuid.uuid4()))
        try:
            changed = actions.set_password(user, password=password, act=act)
        except Refused as weak:
            raise ValidationError(weak.sentence) from None
        user.password = changed.password
        user.must_change_password = changed.must_change_password
        user.password_changed_at = changed.password_changed_at

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """邮件通知: none; messages to people go through the notices room."""


def _budgets(username: str, address: str) -> dict[str, str]:
    name = unicodedata.normalize("NFKC", username).strip().casefold()
    pair = f"{name}\x00{address}"
    return {"login_ip": address, "login_user": name, "login_fresh_address": pair}


def _admit(budgets: dict[str, str]) -> bool:
    now = timezone.now()
    within = {scope: throttle.allow(scope, key, now) for scope, key in budgets.items()}
    return within["login_ip"] and (within["login_user"] or within["login_fresh_address"])


def same_page(
    request: HttpRequest, response: HttpResponse, credentials: object = None
) -> HttpResponse:
    """同一回答: a locked pair gets the page that any failure gets (axes would show its own)."""
    return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """第二因素: secrets are kept encrypted under a key of this home."""

    def encrypt(self, text: str) -> str:
        """加密."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """解密."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    return Fernet(secret("second-factor", Fernet.generate_key))


class _Budgeted:
    """Guesses at a code are counted, and a code that has opened once opens never again, on any
    worker (allauth remembers used codes per process only)."""

    user: Staff

    def clean_code(self) -> str:
        now, who = timezone.now(), str(self.user.pk)
        if not throttle.allow("mfa_user", who, now):
            raise mfa_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        if not throttle.allow("mfa_code_once", f"{who}\x00{code.strip()}", now):
            raise mfa_adapter().validation_error("incorrect_code")
        throttle.give_back("mfa_user", who)
        return code


class CodeForm(_Budgeted, AuthenticateForm):  # type: ignore[misc]
    """第二因素验证."""


class CodeAgainForm(_Budgeted, ReauthenticateForm):  # type: ignore[misc]
    """重新验证."""
