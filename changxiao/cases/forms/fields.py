"""表单字段: how each input of `cases.verbs` is asked for on a page: select, text, date, photos.

One function an input name; a new verb whose inputs have these names has its form at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from changxiao.cases import answering, places, subjects
from changxiao.cases.actions import evidence as proof
from changxiao.cases.actions.command import HANDLING_KINDS
from changxiao.cases.evidence import Outcome
from changxiao.cases.flow import Step
from changxiao.cases.forms import calling, repairing
from changxiao.cases.models import Case, CasePhoto, SupervisionOrder
from changxiao.catalog import proposals
from changxiao.catalog.models import FilingCriterion, NeedKind
from changxiao.catalog.proposals import Proposal
from changxiao.ledger.media.fields import DOCUMENT_TYPES, PHOTO_TYPES, FilesField
from changxiao.orgs.models import Appointment, ContractSection, Staff, Unit
from changxiao.orgs.posts import Post

Role = CasePhoto.Role
# What a note is called where the verb asks for one; the domain refuses it when it is empty.
NOTES = {
    "dispute_check": gettext_lazy("现场情况"),
    "excuse_check": gettext_lazy("不计的理由"),
    "refute": gettext_lazy("核实情况"),
    "rule_ownership": gettext_lazy("裁定理由"),
    "refuse_request": gettext_lazy("不同意的理由"),
    "send_back": gettext_lazy("申请理由"),
    "ask_extend": gettext_lazy("申请理由"),
    "ask_suspend": gettext_lazy("申请理由"),
    "assist": gettext_lazy("协办情况"),
    "appeal": gettext_lazy("申诉理由"),
    "rework": gettext_lazy("不通过的原因"),
    "verify_again": gettext_lazy("退回核查的理由"),
    "void": gettext_lazy("作废理由"),
    "force_close": gettext_lazy("强制结案理由"),
    "supervise": gettext_lazy("督办意见"),
    "answer_order": gettext_lazy("督办答复"),
    "refuse_appeal": gettext_lazy("驳回理由"),
    "unmask": gettext_lazy("查看理由"),
    "amend": gettext_lazy("更正理由"),
    "ask_amend": gettext_lazy("更正理由"),
    "refuse_amend": gettext_lazy("不同意的理由"),
    "split_off": gettext_lazy("撤销并案的理由"),
    "fill_in": gettext_lazy("补录内容"),
}
PHOTOS = {
    "report": (Role.BEFORE, Role.NEAR, Role.FAR),
    "confirm": (Role.CONFIRM, Role.BEFORE),
    "refute": (Role.CONFIRM,),
    "handle_on_spot": (Role.BEFORE, Role.AFTER),
    "assist": (Role.AFTER,),
    "verify": (Role.VERIFY, Role.AFTER),
    "recheck": (Role.VERIFY,),
    "dispute_check": (Role.VERIFY,),
    "rework": (Role.VERIFY,),
    "add_photo": tuple(Role),
}

CORRECTS = frozenset({"amend", "ask_amend", "split"})


@dataclass(frozen=True)
class Asked:
    """所问: the case and step that a form is for, on which day."""

    case: Case
    step: Step
    day: date

    @cached_property
    def proposals(self) -> list[Proposal]:
        """派遣建议: component's maintainer and owner, the responsibility table, the place."""
        case = self.case
        if case.criterion is None:
            return []
        thing = case.component
        return proposals.unit_for(
            case.criterion,
            case.community_code,
            self.day,
            owner=thing.owner_unit if thing else None,
            maintainer=thing.maintainer if thing else None,
        )


class PhotosField(FilesField):
    """照片, or with `documents` papers too."""

    def __init__(self, label: Any, *, must: bool = False, documents: bool = False) -> None:
        self.documents = documents
        accept = DOCUMENT_TYPES if documents else PHOTO_TYPES
        hint = _("PDF，或纸质材料的照片；每份不超过 15 MB。") if documents else ""
        super().__init__(label, accept=accept, must=must, hint=hint)


def note(asked: Asked) -> Mapping[str, forms.Field]:
    title = NOTES.get(asked.step.verb)
    area = forms.Textarea(attrs={"rows": 3})
    return {
        "note": forms.CharField(
            label=title or pgettext_lazy("form", "说明"),
            required=title is not None,
            max_length=4000,
            widget=area,
        )
    }


def criterion(asked: Asked) -> Mapping[str, forms.Field]:
    if asked.step.verb in CORRECTS:
        return repairing.criterion(asked)
    case = asked.case
    rows = list(FilingCriterion.objects.of(case.subcategory).select_related("subcategory"))
    must = asked.step.verb == "file"
    choices = [(row.code, subjects.criterion_words(row)) for row in rows]
    chosen = case.criterion.code if case.criterion else (rows[0].code if len(rows) == 1 else "")
    help_text = "" if rows else _("这个小类还没有现行立案标准，请系统管理员在目录中补充。")
    return {
        "criterion": select(
            _("立案标准"), choices, required=must, chosen=chosen, help_text=help_text
        )
    }


def unit(asked: Asked) -> Mapping[str, forms.Field]:
    return {"unit": _UNITS.get(asked.step.verb, _to_dispatch)(asked)}


def _to_dispatch(asked: Asked) -> forms.Field:
    told = asked.proposals
    suggested = [(p.unit.code, f"{p.unit.name} — {p.reason}") for p in told]
    held = {p.unit.code for p in told}
    others = [(u.code, u.name) for u in handling_units(asked.day) if u.code not in held]
    groups = [(_("建议"), suggested)] if suggested else []
    help_text = (
        _("建议的理由：%(reason)s") % {"reason": told[0].reason}
        if told
        else _("没有责任归属的建议，请从全部处置单位中选择。")
    )
    chosen = told[0].unit.code if told else ""
    choices = [*groups, (_("全部处置单位"), others)]
    return select(_("承办单位"), choices, chosen=chosen, help_text=help_text)


def _below_lead(asked: Asked) -> forms.Field:
    lead = asked.case.lead_unit
    path = lead.path if lead else "-"
    rows = Unit.objects.on(asked.day).under(path).order_by("path")
    return select(_("批转至"), [(u.code, u.name) for u in rows])


def _assisting_now(asked: Asked) -> forms.Field:
    rows = asked.case.assists.filter(answered_at=None).select_related("unit")
    choices = [(row.unit.code, row.unit.name) for row in rows]
    chosen = choices[0][0] if choices else ""
    return select(_("协办单位"), choices, chosen=chosen, required=False)


_UNITS: dict[str, Callable[[Asked], forms.Field]] = {
    "forward": _below_lead,
    "assist": _assisting_now,
}


def handling_units(day: date) -> Iterable[Unit]:
    """处置单位: those that a case may be dispatched to that day, in the order of the tree."""
    return Unit.objects.on(day).filter(kind__in=HANDLING_KINDS).order_by("path")


def section(asked: Asked) -> Mapping[str, forms.Field]:
    rows = ContractSection.objects.on(asked.day).select_related("contractor")
    choices = [(row.section, f"{row.contractor.name} · {row.section}") for row in rows]
    if not choices:
        return {}
    first = asked.proposals[0].section if asked.proposals else None
    chosen = first.section if first else ""
    return {"section": select(_("标段"), choices, chosen=chosen, required=False)}


def assisting(asked: Asked) -> Mapping[str, forms.Field]:
    rows = [(u.code, u.name) for u in handling_units(asked.day)]
    return {
        "assisting": forms.MultipleChoiceField(
            label=_("协办单位"),
            choices=rows,
            required=False,
            help_text=_("可选多个；协办单位各有自己的时限，主办单位仍对案卷负责。"),
            widget=forms.SelectMultiple(attrs={"size": 5}),
        ),
        "task": forms.CharField(label=_("协办事项"), required=False, max_length=400),
    }


def person(asked: Asked) -> Mapping[str, forms.Field]:
    lead = asked.case.lead_unit
    if asked.step.verb != "forward" or lead is None:
        return {}
    rows = Staff.objects.filter(is_active=True, unit__path__startswith=lead.path)
    choices = [(s.username, f"{s.name} · {s.unit}") for s in rows.select_related("unit")]
    return {"person": select(_("处置人"), choices, required=False)}


def collector(asked: Asked) -> Mapping[str, forms.Field]:
    place = asked.case.community_code
    here = Q(area_code__in=proposals.prefixes(place)) | Q(area_code=asked.case.duty_grid_code)
    rows = Appointment.objects.on(asked.day).filter(here, post=Post.COLLECTOR)
    seen = {
        row.staff.username: f"{row.staff.name} · {places.words(row.area_code) or _('全市')}"
        for row in rows.select_related("staff").order_by("-area_code", "staff__username")
    }
    empty = _("不指定：由本网格的监督员办理")
    return {"collector": select(_("监督员"), list(seen.items()), required=False, empty=empty)}


def photos(asked: Asked) -> Mapping[str, forms.Field]:
    roles = PHOTOS.get(asked.step.verb) or _closing(asked.case)
    must = asked.step.verb in {"recheck", "dispute_check"}
    return {
        f"photos_{role}": PhotosField(photo_title(role), must=must, documents=role == Role.DOCUMENT)
        for role in roles
    }


def _closing(case: Case) -> list[Role]:
    known = [Role(need.kind) for need in proof.needs_of(case) if need.kind in Role.values]
    return known if Role.AFTER in known else [*known, Role.AFTER]


def photo_title(role: str) -> str:
    """照片标题: 处置后照片; 材料 may be no photo."""
    if role == Role.DOCUMENT:
        return str(Role.DOCUMENT.label)
    return _("%(role)s照片") % {"role": Role(role).label}


def outcome(asked: Asked) -> Mapping[str, forms.Field]:
    """处置结果: must be told where only a witness can say what was found."""
    must = any(need.kind == NeedKind.WITNESS for need in proof.needs_of(asked.case))
    chosen = "" if must else Outcome.RESTORED.value
    return {"outcome": select(_("处置结果"), Outcome.choices, required=must, chosen=chosen)}


def readings(asked: Asked) -> Mapping[str, forms.Field]:
    """读数: one field for each that the criterion asks for."""
    wanted = [need for need in proof.needs_of(asked.case) if need.kind == NeedKind.READING]
    return {
        f"reading_{number}": forms.CharField(
            label=need.words,
            required=False,
            max_length=20,
            help_text=_("在现场测得的数值，单位 %(unit)s。") % {"unit": need.unit},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "data-reading": need.name}),
        )
        for number, need in enumerate(wanted)
    }


def witness(asked: Asked) -> Mapping[str, forms.Field]:
    """见证人: asked where the criterion needs one."""
    if all(need.kind != NeedKind.WITNESS for need in proof.needs_of(asked.case)):
        return {}
    told = _("处置人以外、在场的另一人：填用户名；没有账号的填姓名和单位职务。")

    def line(label: str, most: int, help_text: str = "") -> forms.CharField:
        return forms.CharField(label=label, required=False, max_length=most, help_text=help_text)

    return {
        "witness_account": line(_("见证人的用户名"), 64, told),
        "witness_name": line(_("见证人姓名"), 40),
        "witness_post": line(_("见证人单位职务"), 60),
    }


def until(asked: Asked) -> Mapping[str, forms.Field]:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return {"until": forms.DateTimeField(label=_("挂账至"), widget=widget)}


def answer(asked: Asked) -> Mapping[str, forms.Field]:
    waiting = asked.case.waits_for_answer
    help_text = _("举报人会看到这段话，请写清结果。") if waiting else ""
    field = text(_("给举报人的答复"), required=waiting, help_text=help_text)
    # Where the unit has told what came of it, the answer begins with that.
    field.initial = answering.proposed(asked.case, asked.case.outcome) if waiting else ""
    return {"answer": field}


def reason(asked: Asked) -> Mapping[str, forms.Field]:
    help_text = _("举报人会看到这段话，请写清原因和去处。")
    field = text(_("不予受理理由"), help_text=help_text)
    field.initial = answering.proposed(asked.case, "declined")
    return {"reason": field}


def kind(asked: Asked) -> Mapping[str, forms.Field]:
    rows = SupervisionOrder.Kind.choices
    return {"kind": select(_("督办类型"), rows, chosen=SupervisionOrder.Kind.LEADER)}


def on_behalf(_asked: Asked) -> Mapping[str, forms.Field]:
    """代办对象: 秘书代录 and 顶班; both names stand in the story."""
    help_text = _("秘书代录或顶班时填写，经过中两人的姓名都会显示；本人办理则留空。")
    named = forms.CharField(
        label=_("代办对象的用户名"), required=False, max_length=64, help_text=help_text
    )
    return {"on_behalf": named}


MAKERS: Mapping[str, Callable[[Asked], Mapping[str, forms.Field]]] = {
    **repairing.MAKERS,
    **calling.MAKERS,
    "criterion": criterion,
    "unit": unit,
    "section": section,
    "person": person,
    "collector": collector,
    "until": until,
    "kind": kind,
    "reason": reason,
    "answer": answer,
    "assisting": assisting,
    "outcome": outcome,
    "photos": photos,
    "readings": readings,
    "witness": witness,
    "note": note,
    "on_behalf": on_behalf,
}


def select(
    label: str,
    choices: Any,
    *,
    required: bool = True,
    chosen: str = "",
    help_text: str = "",
    empty: str = "",
) -> forms.ChoiceField:
    """选择框, with an empty first line unless something is chosen for sure."""
    first = ("", empty or _("请选择") if required else empty or _("不选"))
    return forms.ChoiceField(
        label=label,
        choices=[first, *choices],
        required=required,
        initial=chosen,
        help_text=help_text,
    )


def text(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """多行文字."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
