"""日历页: a year at a glance, a day marked with its source, a whole notice pasted or read in."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import notice, timetable
from changxiao.catalog.actions import (
    NoticeDay,
    clear_calendar_day,
    import_calendar,
    set_calendar_day,
)
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.actions.calendar import NOTICES
from changxiao.catalog.models import CalendarDay
from changxiao.catalog.views.base import for_editors, urls
from changxiao.catalog.weekdays import DAYS
from changxiao.kernel import sheets
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import Field, State

METHODS = ["GET", "HEAD", "POST"]
FIRST, LAST = 2000, 2099


def _worked(value: Any) -> str:
    return _("工作日") if value else _("节假日")


FIELDS = (
    Field("is_workday", gettext_lazy("这一天"), _worked),
    Field("name", gettext_lazy("名称")),
    Field("source", gettext_lazy("出处")),
    Field("days", gettext_lazy("录入的日子"), lambda told: "；".join(_said(one) for one in told)),
)


def _said(text: str) -> str:
    day, worked, name = [*text.split(" ", 2), "", ""][:3]
    return f"{day} {_('上班') if worked == '1' else _('放假')} {name}".strip()


class DayForm(EditForm):
    """一天的表单."""

    is_workday = forms.ChoiceField(
        label=gettext_lazy("这一天"),
        choices=[("0", gettext_lazy("节假日")), ("1", gettext_lazy("工作日（调休上班）"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    source = forms.CharField(
        label=gettext_lazy("出处"),
        max_length=200,
        help_text=gettext_lazy("通知的文号或网址，以后查得到凭什么。"),
    )
    field_order = ("is_workday", "name", "source", "note")


class NoticeForm(EditForm):
    """放假通知表单."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=FIRST, max_value=LAST)
    source = forms.CharField(
        label=gettext_lazy("出处"),
        max_length=200,
        help_text=gettext_lazy("如“国办发明电〔2026〕12号”或网址。"),
    )
    lines = forms.CharField(
        label=gettext_lazy("通知"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "粘贴“一、元旦：1月1日（周五）至3日（周日）放假……”原文，或每行“日期 放假/上班 名称”。"
        ),
    )
    field_order = ("year", "source", "lines", "note")

    def days(self) -> list[NoticeDay]:
        """通知中的日子. Refused as `notice.read` does."""
        told = notice.read(self.cleaned_data["lines"], self.cleaned_data["year"])
        return [NoticeDay(one.date, one.is_workday, one.name) for one in told]


@require_safe
@for_editors
def calendar(request: HttpRequest) -> HttpResponse:
    """日历: a year as twelve months; a year that no notice was entered for says so."""
    year = _year(request.GET.get("year", ""))
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    told = {
        "year": year,
        "before": year - 1 if year > FIRST else None,
        "after": year + 1 if year < LAST else None,
        "months": [_month(year, number, rows) for number in range(1, 13)],
        "rows": rows.values(),
        "missing": timetable.calendar_for().provisional(year),
        "heads": [name for _number, name in DAYS],
    }
    return render(request, "catalog/calendar.html", told)


def _year(text: str) -> int:
    if not text:
        return today().year
    if not text.isdecimal() or not FIRST <= int(text) <= LAST:
        raise Http404
    return int(text)


def _month(year: int, number: int, rows: dict[date, CalendarDay]) -> dict[str, Any]:
    weeks = months.Calendar().monthdatescalendar(year, number)
    return {
        "title": date_format(date(year, number, 1), "F"),
        "weeks": [[_cell(day, number, rows.get(day)) for day in week] for week in weeks],
    }


def _cell(day: date, month: int, row: CalendarDay | None) -> dict[str, Any]:
    if row is not None:
        kind = "work" if row.is_workday else "rest"
    else:
        kind = "weekend" if day.weekday() > 4 else ""
    return {"day": day, "in": day.month == month, "kind": kind, "row": row, "now": day == today()}


def page(key: str) -> Page:
    """某一天的页面; the key is its ISO date, "notices" for the notices that were entered."""
    if key == "notices":
        return _notices()
    day = _day(key)
    return Page(
        title=date_format(day, "Y-m-d D"),
        back=f"{reverse('catalog_calendar')}?year={day.year}",
        stream=f"calendar:{day.isoformat()}",
        fields=FIELDS,
        ends=frozenset({"clear_calendar_day"}),
        posts=EDITORS,
        name_of=who,
        touched_url=f"{reverse('calendar_touched')}?day={day.isoformat()}",
        do=lambda form, act: set_calendar_day(
            day,
            is_workday=form.cleaned_data["is_workday"] == "1",
            name=form.cleaned_data["name"],
            source=form.cleaned_data["source"],
            act=act,
        ),
        effects=lambda _old, _new: effects(),
        **urls("calendar", key),
    )


def effects() -> list[str]:
    """何时起: what a change of the calendar leaves alone."""
    return [
        _("从确认之时起按新日历计时。"),
        _("已经算好的应处置时间不变；以后派遣、续计的按新日历。"),
    ]


def _day(key: str) -> date:
    try:
        found = date.fromisoformat(key)
    except ValueError:
        raise Http404 from None
    if not FIRST <= found.year <= LAST:
        raise Http404
    return found


@require_http_methods(METHODS)
@for_editors
def day_edit(request: HttpRequest, key: str) -> HttpResponse:
    """标记一天: a holiday, or a workday made up for, with the notice that says so."""
    shown = page(key)
    row = CalendarDay.objects.filter(date=_day(key)).first()
    weekday = _day(key).weekday() < 5
    told = {"is_workday": "0" if weekday else "1", "name": "", "source": ""}
    if row is not None:
        told = {"is_workday": str(int(row.is_workday)), "name": row.name, "source": row.source}
        shown.more["clear_url"] = reverse("catalog_day_clear", args=[key])
    form = DayForm(request.POST or None, initial=told, stream=shown.stream)
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_editors
def day_clear(request: HttpRequest, key: str) -> HttpResponse:
    """取消特殊日."""
    row = CalendarDay.objects.filter(date=_day(key)).first()
    if row is None:
        raise Http404
    return confirming(request, page(key), lambda act: clear_calendar_day(row, act=act))


def put(key: str, state: State | None, act: Act) -> object:
    """恢复某一天; None: it was no exceptional day."""
    if key == "notices":
        raise Refused("undo_unknown", _("整份通知不能一次撤销，请逐日修改"))
    if state is None:
        row = CalendarDay.objects.filter(date=_day(key)).first()
        return clear_calendar_day(row, act=act) if row else None
    return set_calendar_day(
        _day(key),
        is_workday=state["is_workday"],
        name=state["name"],
        source=state["source"],
        act=act,
    )


KIND = Kind(page, put)


def _notices() -> Page:
    return Page(
        title=_("录入放假通知"),
        back=reverse("catalog_calendar"),
        stream=NOTICES,
        fields=FIELDS,
        posts=EDITORS,
        name_of=who,
        template="catalog/notice.html",
        do=lambda form, act: import_calendar(
            form.days(), source=form.cleaned_data["source"], act=act
        ),
        effects=lambda _old, _new: effects(),
        **{**urls("calendar", "notices"), "undo": ""},
    )


@require_http_methods(METHODS)
@for_editors
def notice_import(request: HttpRequest) -> HttpResponse:
    """录入放假通知: pasted, or from a sheet of dates; all its days or none."""
    shown = _notices()
    told = {"year": today().year + (today().month > 9)}
    form = NoticeForm(request.POST or None, initial=told, stream=shown.stream)
    if "file" in request.FILES:
        try:
            form = _from_sheet(request, shown.stream)
        except Refused as no:
            messages.error(request, no.sentence)
            return redirect("catalog_notice")
    if request.method == "POST" and form.is_valid():
        shown.more["touched"] = _touched_url(form)
    return answer(request, form, shown)


def _touched_url(form: NoticeForm) -> str:
    try:
        first = form.days()[0].date
    except Refused:
        return ""
    return f"{reverse('calendar_touched')}?day={first.isoformat()}"


def _from_sheet(request: HttpRequest, stream: str) -> NoticeForm:
    rows = sheets.read(request.FILES["file"])  # type: ignore[arg-type]
    blank = NoticeForm(stream=stream)
    data = {
        "key": blank["key"].value(),
        "base_n": blank["base_n"].value(),
        "note": "",
        "year": request.POST.get("year", ""),
        "source": request.POST.get("source", "") or str(request.FILES["file"].name)[:200],  # type: ignore[union-attr]
        "lines": "\n".join("\t".join(cells[:3]) for cells in rows),
    }
    return NoticeForm(data, stream=stream)
