"""标段页: contracts of maintenance contractors and their sections: sign, edit, end."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import Page, answer
from changxiao.ledger.history import State
from changxiao.orgs import actions, names, rules, words
from changxiao.orgs.access import name_of
from changxiao.orgs.models import ContractSection, Unit
from changxiao.orgs.views.base import DayField, Kind, OrgForm, UnitField, posts_for, unit_of

both = require_http_methods(["GET", "HEAD", "POST"])
_AREA = re.compile(r"[0-9A-Za-z-]{2,24}")


class SectionForm(OrgForm):
    """标段表单."""

    oversight = UnitField(label=gettext_lazy("主管部门"))
    areas = forms.CharField(
        label=gettext_lazy("区域"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("区划代码，用空格隔开；写上级代码即包含其下全部。"),
    )
    work = forms.CharField(label=gettext_lazy("管养内容"), max_length=120, required=False)
    since_date = DayField(label=gettext_lazy("起始日期"))
    until_date = DayField(label=gettext_lazy("失效日期"), required=False)

    field_order = ("number", "section", "oversight", "areas", "work", "since_date", "until_date")

    def clean_areas(self) -> list[str]:
        codes = rules.plain(self.cleaned_data["areas"]).replace("、", " ").replace(",", " ").split()
        wrong = [code for code in codes if not _AREA.fullmatch(code)]
        if wrong:
            message = _("区划代码“%(codes)s”不可用") % {"codes": "、".join(wrong[:5])}
            raise forms.ValidationError(message)
        return list(dict.fromkeys(codes))

    def columns(self) -> dict[str, Any]:
        """各列."""
        told = self.cleaned_data
        return {
            "area_codes": told["areas"],
            "work": told["work"],
            "since_date": told["since_date"],
            "until_date": told["until_date"],
        }


class NewSectionForm(SectionForm):
    """登记标段表单."""

    number = forms.CharField(label=gettext_lazy("合同编号"), max_length=60)
    section = forms.CharField(label=gettext_lazy("标段"), max_length=40)


def page(key: str) -> Page:
    """标段的修改页; `key` is CONTRACT/SECTION."""
    row = _row(key)
    return Page(
        title=f"{row.contract_number} {row.section}",
        back=reverse("unit", args=[row.contractor.code]),
        history=reverse("orgs_history", args=["section", key]),
        stream=row.stream,
        fields=words.fields("section", names.Names()),
        posts=posts_for("edit_section"),
        name_of=name_of,
        do=lambda form, act: actions.edit_section(
            row, oversight=form.cleaned_data["oversight"], act=act, **form.columns()
        ),
        effects=lambda _old, _new: [_("以后的派遣建议按新的标段；在办案卷的标段不变。")],
    )


def _row(key: str) -> ContractSection:
    number, _slash, section = key.rpartition("/")
    rows = ContractSection.objects.select_related("contractor", "oversight")
    row = rows.filter(contract_number=number, section=section).first()
    if row is None:
        raise Http404
    return row


def put(key: str, state: State | None, act: Act) -> object:
    """恢复标段的某一状态; None: it was not signed, so it ends."""
    row = _row(key)
    if state is None:
        return actions.end_section(row, act=act)
    oversight = Unit.objects.filter(code=state["oversight"]).first()
    if oversight is None:
        raise Refused("unit_unknown", _("原主管部门已不存在"))
    days = {
        "since_date": forms.DateField().clean(state["since"]),
        "until_date": forms.DateField(required=False).clean(state["until"]),
    }
    columns = {"area_codes": state["areas"], "work": state["work"], **days}
    return actions.edit_section(row, oversight=oversight, act=act, **columns)


KIND = Kind(page, put, frozenset({"sign_section", "edit_section", "end_section"}))


@both
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """登记标段 of a contractor."""
    contractor = unit_of(code)
    form = NewSectionForm(request.POST or None)
    number, section = form.data.get("number", ""), form.data.get("section", "")
    shown = Page(
        title=_("%(unit)s：登记标段") % {"unit": contractor.name},
        back=reverse("unit", args=[code]),
        stream=f"section:{number}/{section}",
        fields=words.fields("section", names.Names()),
        posts=posts_for("sign_section"),
        name_of=name_of,
        do=lambda one, act: actions.sign_section(
            contractor=contractor,
            oversight=one.cleaned_data["oversight"],
            contract=(one.cleaned_data["number"], one.cleaned_data["section"].replace("/", "-")),
            act=act,
            **one.columns(),
        ),
    )
    return answer(request, form, shown)


@both
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """修改标段."""
    row, shown = _row(key), page(key)
    told = {
        "oversight": row.oversight.code,
        "areas": " ".join(row.area_codes),
        "work": row.work,
        "since_date": row.since_date,
        "until_date": row.until_date,
    }
    form = SectionForm(request.POST or None, initial=told, stream=shown.stream)
    return answer(request, form, shown)


@both
def end(request: HttpRequest, key: str) -> HttpResponse:
    """终止标段, from today."""
    row, whole = _row(key), page(key)
    shown = Page(
        title=_("终止标段 %(section)s") % {"section": whole.title},
        back=whole.back,
        stream=whole.stream,
        fields=whole.fields,
        posts=posts_for("end_section"),
        name_of=name_of,
        do=lambda _form, act: actions.end_section(row, act=act),
    )
    return answer(request, OrgForm(request.POST or None, stream=shown.stream), shown)
