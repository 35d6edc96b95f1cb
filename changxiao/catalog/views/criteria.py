"""立案标准页: list, edit, add, retire. Each edit is a new version; running cases keep theirs."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import said
from changxiao.catalog.actions import retire_criterion, set_criterion
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.actions.criteria import current, draft_of, next_code
from changxiao.catalog.editions import by_key
from changxiao.catalog.forms import CriterionForm
from changxiao.catalog.models import Category, Edition, FilingCriterion
from changxiao.catalog.views.base import for_editors, from_now, listed, searched, urls
from changxiao.kernel.act import Act
from changxiao.ledger.edits import Kind, Page, answer, confirming
from changxiao.ledger.history import State

ENDS = frozenset({"retire_criterion"})


@require_safe
@for_editors
def criteria(request: HttpRequest) -> HttpResponse:
    """立案标准清单: those in force, or with `?retired=1` those that are not any more."""
    words, chosen = searched(request), request.GET.get("category", "")[:12]
    retired = request.GET.get("retired") == "1"
    rows = FilingCriterion.objects.filter(until_date__isnull=not retired)
    if words:
        rows = rows.filter(
            Q(code__icontains=words)
            | Q(condition__icontains=words)
            | Q(subcategory__name__icontains=words)
        )
    edition, _dash, key = chosen.rpartition("-")
    if key:
        kind = {"c": "component", "e": "event"}.get(key[:1], "")
        rows = rows.filter(
            subcategory__category__edition=edition,
            subcategory__category__kind=kind,
            subcategory__category__code=key[1:],
        )
    told = listed(
        request, rows.select_related("subcategory", "successor"), order=["code", "version"]
    )
    categories = Category.objects.exclude(edition=Edition.CJT).order_by("kind", "code")
    told |= {"categories": categories, "chosen": chosen, "retired": retired, "total": rows.count()}
    return render(request, "catalog/criteria.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def criterion_edit(request: HttpRequest, code: str) -> HttpResponse:
    """修改立案标准."""
    row = current(code)
    if row is None:
        raise Http404
    shown = page(code)
    form = CriterionForm(request.POST or None, row=row, stream=shown.stream)
    return answer(request, form, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def criterion_new(request: HttpRequest) -> HttpResponse:
    """新增立案标准: its code is the next one of its sub-category."""
    form = CriterionForm(request.POST or None, row=None)
    if not form.is_bound:
        form.initial["subcategory"] = request.GET.get("subcategory", "")
    return answer(request, form, _new())


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def criterion_retire(request: HttpRequest, code: str) -> HttpResponse:
    """停用立案标准."""
    shown = page(code, title=_("停用立案标准 %(code)s") % {"code": code})
    if current(code) is None:
        raise Http404
    return confirming(request, shown, lambda act: retire_criterion(code, act=act))


def page(code: str, title: str = "") -> Page:
    """某条立案标准的页面."""
    row = FilingCriterion.objects.filter(code=code).order_by("-version").first()
    if row is None:
        raise Http404
    return Page(
        title=title or f"{said.label_of(row)} {row.code}",
        back=reverse("catalog_criteria"),
        stream=row.stream,
        fields=said.CRITERION,
        ends=ENDS,
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: set_criterion(form.as_draft(code), act=act),
        effects=_effects,
        touched_url=f"{reverse('cases_touched')}?criterion={code}",
        more={"chain": chain(row), "row": row},
        template="catalog/criterion.html",
        **urls("criterion", code),
    )


def _new() -> Page:
    return Page(
        title=_("新增立案标准"),
        back=reverse("catalog_criteria"),
        stream="",
        fields=said.CRITERION,
        posts=EDITORS,
        name_of=who,
        do=_add,
        effects=_effects,
    )


def _add(form: CriterionForm, act: Act) -> FilingCriterion:
    subject = by_key(form.cleaned_data["subcategory"])
    assert subject is not None, "the choice was checked"
    return set_criterion(form.as_draft(next_code(subject)), act=act)


def chain(row: FilingCriterion) -> list[FilingCriterion]:
    """阶段链: from the first stage through this one to the last; empty where there is one only."""
    stages = [row]
    before = row.predecessors.filter(until_date__isnull=True).first()
    while before is not None and before not in stages:
        stages.insert(0, before)
        before = before.predecessors.filter(until_date__isnull=True).first()
    while (after := stages[-1].successor) is not None and after not in stages:
        stages.append(after)
    return stages if len(stages) > 1 else []


def _effects(old: State | None, new: State | None) -> list[str]:
    if new is None:
        return [_("从今天起立案时不再可选"), _("已按它立案的案卷照旧办完")]
    if old is None:
        return [from_now(), _("只用于以后立案的案卷")]
    return [from_now(), _("在办案卷仍按各自立案时的版本：时限、结案条件都不变")]


def _put(code: str, state: State | None, act: Act) -> object:
    if state is None:
        return retire_criterion(code, act=act)
    return set_criterion(draft_of(code, state), act=act)


KIND = Kind(page, _put)
