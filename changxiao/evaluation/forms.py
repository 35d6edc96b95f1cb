"""评价表单: what to compute, a scheme's text, an objection and its decision."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.models import SchemeVersion
from changxiao.kernel.day import local_date
from changxiao.ledger.edits import EditForm


def last_month(today: date) -> str:
    """上月, as a period is written."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


class ComputeForm(EditForm):
    """计算: a scheme and a period."""

    scheme = forms.ChoiceField(label=_("方案"))
    period = forms.RegexField(
        re.compile(r"[0-9A-Za-z-]{4,10}"),
        label=_("考核期"),
        max_length=10,
        help_text=_("2026-10（月）、2026-Q4（季）、2026-W41（周）、2026（年）"),
    )

    def __init__(self, schemes: list[SchemeVersion], today: date, data: Any = None) -> None:
        super().__init__(data)
        del self.fields["note"]
        choices = [(one.key, f"{one.title} · v{one.version}") for one in schemes]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]
        self.fields["period"].initial = last_month(today)

    def clean(self) -> dict[str, Any]:
        """No reason is asked for computing."""
        return {**self.cleaned_data, "note": ""}


class StepForm(EditForm):
    """办一步: publish, seal, revise …; which button was pressed is the verb."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"].label = _("说明")


class ObjectForm(EditForm):
    """申诉: the reason."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"] = forms.CharField(
            label=_("申诉理由"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("写明哪些案卷算错了、为什么；案卷号之间用空格隔开。"),
        )


class ProposeForm(EditForm):
    """处理意见: what the objection changes, or nothing."""

    numerator = forms.IntegerField(
        label=_("分子增减"), required=False, help_text=_("如 1 或 -2；不变写 0")
    )
    denominator = forms.IntegerField(label=_("分母增减"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"] = forms.CharField(
            label=_("处理意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )


class SchemeForm(EditForm):
    """方案内容."""

    text = forms.CharField(
        label=_("内容（TOML）"),
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "scheme-text", "spellcheck": "false"}),
    )

    field_order = ("text", "note")


def today() -> date:
    """今天, in the city."""
    from django.utils import timezone

    return local_date(timezone.now())
