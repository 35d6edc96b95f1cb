"""口令校验: the rules of profile mlps3 that Django does not bring (GB/T 22239-2019 8.1.4.1 a)."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from changxiao.orgs.models import PastPassword, Staff
from changxiao.orgs.profiles import CLASSES_NEEDED, KEPT


class ThreeClasses:
    """三类字符: of lower case, upper case, digits and signs, at least three."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError("password_classes")."""
        tests = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        found = sum(any(test(char) for char in password) for test in tests)
        if found < CLASSES_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """说明."""
        return _("口令须含小写字母、大写字母、数字、符号中的至少三类")


class NotAPastPassword:
    """不与前五次口令相同."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError("password_past")."""
        if not isinstance(user, Staff) or user.pk is None:
            return
        past = PastPassword.objects.filter(staff=user)[:KEPT]
        if any(check_password(password, row.encoded) for row in past):
            raise ValidationError(self.get_help_text(), code="password_past")

    def get_help_text(self) -> str:
        """说明."""
        return _("新口令不能与最近五次用过的相同")
