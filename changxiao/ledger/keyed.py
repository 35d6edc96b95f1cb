"""带键表单: a form that carries the key of its act.

The key is made when the form is opened and stays through refusals, because nothing was stored under
it. One that was used up and whose content has changed since is replaced: the reader decides whether
it is a second act.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from changxiao.kernel.act import new_key
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import KeyReused

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class KeyedForm(forms.Form):
    """带键表单; `cleaned_data["key"]` is the text of a UUID."""

    key = forms.RegexField(UUID, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.fields["key"].initial = new_key()

    def refuse(self, no: Refused) -> None:
        """写上拒绝: the sentence beside its field, or above the form."""
        if isinstance(no, KeyReused):
            self.sent(key=new_key())
            message = _("这张表单已经提交过一次，之后内容有改动；确要再办一次请重新提交")
            self.add_error(None, message)
            return
        field = self.field_of(no)
        self.add_error(field if field in self.fields else None, no.sentence)

    def field_of(self, no: Refused) -> str | None:
        """拒绝所指的字段, where a form has it under another name."""
        return no.field

    def sent(self, **values: str) -> None:
        """改写所发: what the form shows once more, with these in their place."""
        told = QueryDict(mutable=True)
        told.update(self.data)
        for name, value in values.items():
            told[name] = value
        self.data = told
