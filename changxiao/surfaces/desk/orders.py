"""应急令页: declared with what it would pause, extended, lifted; how far the pausing has come.

An order stands in the catalogue and the cases that it pauses above it: this surface shows both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.models import Case
from changxiao.catalog import where
from changxiao.catalog.actions import declare_emergency, extend_emergency, lift_emergency
from changxiao.catalog.actions.base import COMMANDERS, EDITORS, VERBS, who
from changxiao.catalog.models import Category, Emergency, FilingCriterion
from changxiao.catalog.views.placed import place, subjects
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone, local_time
from changxiao.kernel.moment import read_moment
from changxiao.kernel.refused import Refused
from changxiao.ledger import edits
from changxiao.ledger.edits import EditForm, Page, answer, for_posts
from changxiao.ledger.history import Field, State

METHODS = ["GET", "HEAD", "POST"]
POSTS = frozenset(post.value for post in COMMANDERS)
NAMED = 12  # urgent criteria that the preview lists by name


def _when(value: Any) -> str:
    if not value:
        return _("另行通知")
    return f"{local_time(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"


FIELDS = (
    Field("name", gettext_lazy("名称")),
    Field("from_at", gettext_lazy("开始时间"), _when),
    Field("to_at", gettext_lazy("结束时间"), _when),
    Field("area", gettext_lazy("区域"), place),
    Field("keys", gettext_lazy("暂停哪些"), subjects),
    Field("lifted", gettext_lazy("已解除")),
)
TITLES = {verb: title for verb, (title, _posts) in VERBS.items()}


class MomentField(forms.DateTimeField):
    """时刻, on the city's clock."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **more)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return read_moment(str(value), zone=city_zone())
        except Refused as no:
            raise forms.ValidationError(no.sentence) from None


class OrderForm(EditForm):
    """应急令表单."""

    order_number = forms.CharField(
        label=gettext_lazy("文号"),
        max_length=40,
        help_text=gettext_lazy("如 汕应急〔2026〕3号；公开清单和每件案卷的经过都写它。"),
    )
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, help_text=gettext_lazy("如 台风“蝴蝶”防御")
    )
    from_at = MomentField(label=gettext_lazy("开始时间"))
    to_at = MomentField(
        label=gettext_lazy("结束时间"),
        required=False,
        help_text=gettext_lazy("还不知道则留空，到解除为止。"),
    )
    area = forms.CharField(
        label=gettext_lazy("区域"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("区、街道或社区的名称或代码；全市则留空。"),
    )
    keys = forms.MultipleChoiceField(
        label=gettext_lazy("暂停哪些"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选即全部非紧急时限；紧急的立案标准照常计时。"),
    )
    field_order = ("order_number", "name", "from_at", "to_at", "area", "keys", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = Category.objects.exclude(edition="cjt214").order_by("kind", "code")
        field = self.fields["keys"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(row.key, f"{row.label} {row.code}") for row in rows]


@require_http_methods(METHODS)
@for_posts(POSTS)
def declare(request: HttpRequest) -> HttpResponse:
    """发布应急令, with what it would pause and what goes on, before it is confirmed."""
    now = local_time(timezone.now()).replace(second=0, microsecond=0, tzinfo=None)
    form = OrderForm(request.POST or None, initial={"from_at": now})
    shown = Page(
        title=_("发布应急令"),
        back=reverse("emergencies"),
        stream=f"emergency:{form.data.get('order_number', '')}",
        fields=FIELDS,
        posts=POSTS,
        name_of=who,
        do=_declare,
        effects=lambda _old, new: _would_pause(new),
    )
    return answer(request, form, shown)


def _declare(form: OrderForm, act: Act) -> Emergency:
    told = form.cleaned_data
    return declare_emergency(
        told["order_number"].strip(),
        name=told["name"],
        span=(told["from_at"], told["to_at"]),
        area_code=where.area(told["area"]) if told["area"] else "",
        keys=told["keys"],
        act=act,
    )


def _would_pause(new: State | None) -> list[str]:
    """What the preview says: how many cases would pause now, and which criteria go on."""
    if new is None:
        return []
    area, keys = new["area"], new["keys"]
    pausing = concerned(area, keys).filter(criterion__urgent=False, held_by="").count()
    going = concerned(area, keys).filter(criterion__urgent=True).count()
    urgent = FilingCriterion.objects.current().filter(urgent=True)
    named = [row for row in urgent.select_related("subcategory") if _named(row, keys)]
    labels = list(dict.fromkeys(row.subcategory.label for row in named))
    told = [
        _("现在会暂停 %(n)d 件在处置的案卷，每件记一笔；生效期间新派遣的也暂停。") % {"n": pausing},
        _("紧急的照常计时：在处置 %(n)d 件，涉及 %(m)d 条立案标准。")
        % {"n": going, "m": len(named)},
    ]
    if labels:
        more = _("等") if len(labels) > NAMED else ""
        told.append(
            _("照常的小类：%(list)s%(more)s") % {"list": "、".join(labels[:NAMED]), "more": more}
        )
    return told


def concerned(area: str, keys: list[str]) -> QuerySet[Case]:
    """涉及的案卷: those that a unit is handling in the area, of the named subjects."""
    rows = Case.everything.filter(stage=Stage.DISPATCHED, community_code__startswith=area)
    return rows.filter(_of(keys)) if keys else rows


def _of(keys: list[str]) -> Q:
    found = Q(pk__in=[])
    for key in keys:
        kind = {"c": "component", "e": "event"}.get(key[:1], "")
        of_kind = Q(subcategory__kind=kind, subcategory__code__startswith=key[1:])
        found |= of_kind
    return found


def _named(row: FilingCriterion, keys: list[str]) -> bool:
    return not keys or any(row.subcategory.key.startswith(key) for key in keys)


def _order(number: str) -> Emergency:
    row = Emergency.objects.filter(order_number=number).first()
    if row is None:
        raise Http404
    return row


def page(number: str) -> Page:
    """一份应急令的页面."""
    row = _order(number)
    return Page(
        title=f"{row.order_number} {row.name}",
        back=reverse("emergencies"),
        history=reverse("order_history", args=[number]),
        stream=row.stream,
        fields=FIELDS,
        posts=POSTS,
        name_of=who,
        titles=TITLES,
        do=lambda form, act: extend_emergency(row, until=form.cleaned_data["until"], act=act),
        effects=lambda _old, _new: [_("暂停着的案卷继续暂停，到新的结束时间为止。")],
    )


class ExtendForm(EditForm):
    """延长表单."""

    until = MomentField(
        label=gettext_lazy("新的结束时间"),
        required=False,
        help_text=gettext_lazy("留空即到解除为止。"),
    )
    field_order = ("until", "note")


@require_http_methods(METHODS)
@for_posts(POSTS)
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """延长应急令."""
    row, shown = _order(number), page(number)
    ends = local_time(row.to_at).replace(tzinfo=None) if row.to_at else None
    form = ExtendForm(request.POST or None, initial={"until": ends}, stream=shown.stream)
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_posts(POSTS)
def lift(request: HttpRequest, number: str) -> HttpResponse:
    """解除应急令, now."""
    row = _order(number)
    held = Case.everything.filter(held_by=number, stage__in=OPEN).count()
    shown = replace(
        page(number).doing(lambda _form, act: lift_emergency(row, act=act)),
        title=_("解除应急令 %(number)s") % {"number": number},
        effects=lambda _old, _new: [
            _("从现在起，暂停着的 %(n)d 件接着走剩下的时限，每件记一笔。") % {"n": held}
        ],
    )
    return answer(request, EditForm(request.POST or None, stream=shown.stream), shown)


@require_safe
@for_posts(POSTS | frozenset(post.value for post in EDITORS))
def history(request: HttpRequest, number: str) -> HttpResponse:
    """应急令沿革."""
    shown = page(number)
    rows = edits.told(shown, TITLES, may_undo=False)
    return render(request, "ledger/history.html", {"page": shown, "rows": rows})


@require_safe
@for_posts(POSTS)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """暂停进度: how many of the cases that the order concerns stand still by now; a fragment."""
    row, now = _order(number), timezone.now()
    standing = row.from_at <= now and (row.to_at is None or now < row.to_at)
    paused = Case.everything.filter(held_by=number, stage__in=OPEN).count()
    waiting = 0
    if standing:
        rows = concerned(row.area_code, row.keys)
        waiting = rows.filter(criterion__urgent=False, held_by="").count()
    elif paused:
        waiting = paused
    told = {"order": row, "paused": paused, "waiting": waiting, "standing": standing}
    return render(request, "desk/_progress.html", told)


@require_safe
@for_posts(POSTS | frozenset(post.value for post in EDITORS))
def calendar_touched(request: HttpRequest) -> HttpResponse:
    """日历涉及的案卷: whose time to handle lies behind the changed day, and stays what it is."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
        start = datetime(day.year, day.month, day.day, tzinfo=city_zone()) - timedelta(days=0)
    except ValueError:
        raise Http404 from None
    rows = Case.everything.filter(stage__in=OPEN, due_at__gte=start)
    return render(request, "desk/_touched.html", {"count": rows.count(), "day": day})
