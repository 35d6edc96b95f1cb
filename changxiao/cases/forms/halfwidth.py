"""半角字段: codes, numbers and phones as they are pasted: full-width digits are read as plain."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms


def narrow(text: str) -> str:
    """半角: NFKC, without marks that cannot be seen."""
    kept = unicodedata.normalize("NFKC", text)
    return "".join(one for one in kept if one.isprintable()).strip()


class HalfWidthField(forms.CharField):
    """半角文字."""

    def to_python(self, value: Any) -> str:
        return narrow(super().to_python(value) or "")


class HalfWidthNumber(forms.FloatField):
    """半角数字; a text input, for a number input drops what a Chinese keyboard types."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(narrow(value) if isinstance(value, str) else value)


class PhoneField(HalfWidthField):
    """电话: digits and a leading plus, as it is dialled; other words are left as they were said."""

    def to_python(self, value: Any) -> str:
        told = super().to_python(value)
        dialled = re.sub(r"[\s()\-.]", "", told)
        return dialled if re.fullmatch(r"\+?[0-9*#,]{3,20}", dialled) else told
