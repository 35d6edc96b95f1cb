"""责任页: who answers for what where; edit, end, try out who would get a case, and see the gaps."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.areas import names
from changxiao.catalog import said, where
from changxiao.catalog.actions import end_responsibility, set_responsibility
from changxiao.catalog.actions.base import RULERS, who
from changxiao.catalog.actions.duties import columns_of, key_of, subject_of
from changxiao.catalog.forms import ResponsibilityForm
from changxiao.catalog.models import Responsibility
from changxiao.catalog.views.base import for_editors, listed, searched, urls
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import Kind, Page, answer, confirming, story
from changxiao.ledger.history import State
from changxiao.orgs.models import ContractSection, Unit

METHODS = ["GET", "HEAD", "POST"]
ENDS = frozenset({"end_responsibility"})


@require_safe
@for_editors
def responsibilities(request: HttpRequest) -> HttpResponse:
    """责任清单: those in force or to come; `?ended=1` the ended ones."""
    ended, words = request.GET.get("ended") == "1", searched(request)
    rows = Responsibility.objects.filter(until_date__isnull=not ended)
    if words:
        rows = rows.filter(_named(words))
    unit = request.GET.get("unit", "")[:32]
    if unit:
        rows = rows.filter(unit__code=unit)
    related = rows.select_related("unit", "section", "subcategory", "category")
    told = listed(
        request, related.select_related("criterion__subcategory"), order=["area_code", "id"]
    )
    told["rows"] = [{"row": row, **_words_of(row)} for row in told["rows"]]
    told |= {"ended": ended, "unit": unit, "total": rows.count()}
    told["units"] = Unit.objects.filter(responsibilities__isnull=False).distinct().order_by("path")
    return render(request, "catalog/responsibilities.html", told)


def _named(words: str) -> Q:
    codes = [code for code, name in names.names().items() if words in name]
    found = Q(area_code__istartswith=words) | Q(unit__name__icontains=words)
    found |= Q(criterion__code__icontains=words) | Q(criterion__condition__icontains=words)
    found |= Q(subcategory__name__icontains=words) | Q(category__name__icontains=words)
    found |= Q(subcategory__code__startswith=words) | Q(basis__icontains=words)
    return found | Q(area_code__in=codes) if codes else found


def _words_of(row: Responsibility) -> dict[str, str]:
    return {
        "subject": said.label_of(row.subject),
        "area": names.words(row.area_code) if row.area_code else _("全市"),
        "key": row.stream.partition(":")[2],
        "state": _("%(day)s 起") % {"day": row.since_date} if row.since_date > today() else "",
    }


@require_http_methods(METHODS)
@for_editors
def responsibility_new(request: HttpRequest) -> HttpResponse:
    """新增责任; `?subject=&area=` come from the page of gaps."""
    told = {name: request.GET.get(name, "")[:80] for name in ("subject", "area")}
    form = ResponsibilityForm(request.POST or None, initial=told, day=today())
    return answer(request, form, _new())


@require_http_methods(METHODS)
@for_editors
def responsibility_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """修改责任: another unit, section or basis for the same subject, area and priority."""
    row = _row(pk)
    shown = page(row.stream.partition(":")[2])
    told = {
        "subject": key_of(row.subject),
        "area": row.area_code,
        "unit": row.unit.code,
        "section": str(row.section_id or ""),
        "priority": row.priority + 1,
        "basis": row.basis,
    }
    stream = shown.stream
    form = ResponsibilityForm(
        request.POST or None, initial=told, day=today(), fixed=True, stream=stream
    )
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_editors
def responsibility_end(request: HttpRequest, pk: int) -> HttpResponse:
    """终止责任."""
    row = _row(pk)
    shown = page(row.stream.partition(":")[2])
    return confirming(request, shown, lambda act: end_responsibility(row, act=act))


def _row(pk: int) -> Responsibility:
    rows = Responsibility.objects.filter(pk=pk, until_date__isnull=True)
    row = rows.select_related("unit", "section").first()
    if row is None:
        raise Http404
    return row


def page(key: str) -> Page:
    """某对象某区域的责任页; the key is that of the stream, "e0110@440511"."""
    subject_key, _at, area = key.partition("@")
    subject = subject_of(subject_key)
    if subject is None:
        raise Http404
    area = "" if area == "*" else area
    place = names.words(area) if area else _("全市")
    return Page(
        title=_("责任：%(subject)s（%(area)s）")
        % {"subject": said.label_of(subject), "area": place},
        back=reverse("catalog_responsibilities"),
        stream=f"responsibility:{key}",
        fields=said.RESPONSIBILITY,
        ends=ENDS,
        posts=RULERS,
        name_of=who,
        do=_set,
        effects=_effects,
        **urls("responsibility", key),
    )


def _new() -> Page:
    return Page(
        title=_("新增责任"),
        back=reverse("catalog_responsibilities"),
        stream="",
        fields=said.RESPONSIBILITY,
        ends=ENDS,
        posts=RULERS,
        name_of=who,
        do=_set,
        effects=_effects,
    )


def _effects(old: State | None, new: State | None) -> list[str]:
    if new is None:
        return [_("从今天起派遣时不再建议这个单位"), _("已派给它的案卷不变")]
    held = [_("原来的责任单位到新规则起始那天为止")] if old else []
    return [*held, _("以后派遣时按它建议；已派遣的案卷不变")]


def _set(form: ResponsibilityForm, act: Act) -> Responsibility:
    told = form.cleaned_data
    subject = subject_of(told["subject"])
    if subject is None:
        raise Refused("subject_unknown", _("对象已不在目录中，请重新选择"), field="subject")
    if told["since"] and told["since"] < today():
        raise Refused("since_past", _("起始日期不能早于今天"), field="since")
    section = ContractSection.objects.filter(pk=told["section"]) if told["section"] else None
    return set_responsibility(
        subject,
        unit=Unit.objects.get(code=told["unit"]),
        area_code=where.area(told["area"]),
        section=section.first() if section is not None else None,
        priority=told["priority"] - 1,
        basis=told["basis"],
        since=told["since"],
        act=act,
    )


def _put(key: str, state: State | None, act: Act) -> object:
    subject_key, _at, area = key.partition("@")
    subject, area = subject_of(subject_key), "" if area == "*" else area
    if subject is None:
        raise Refused("subject_unknown", _("对象已不在目录中，无法恢复"))
    if state is None:
        row = _held(key).first()
        if row is None:
            raise Refused("undo_ended", _("这条规则已经终止，不必撤销"))
        return end_responsibility(row, act=act)
    return set_responsibility(
        subject,
        unit=Unit.objects.get(code=state["unit"]),
        area_code=area,
        section=ContractSection.objects.filter(section=state["section"]).first()
        if state["section"]
        else None,
        priority=state["priority"],
        origin=state["origin"],
        basis=state["basis"],
        act=act,
    )


def _held(key: str) -> QuerySet[Responsibility]:
    """The row that the newest edit of the stream has made, still open."""
    subject_key, _at, area = key.partition("@")
    subject = subject_of(subject_key)
    assert subject is not None, "asked before"
    last = story(said.RESPONSIBILITY, f"responsibility:{key}", ends=ENDS)[-1].after or {}
    return Responsibility.objects.filter(
        **columns_of(subject),
        area_code="" if area == "*" else area,
        priority=last.get("priority", 0),
        until_date__isnull=True,
    )


KIND = Kind(page, _put)
