"""值班表页: a unit's week as a grid; paste from Excel, copy last week, xlsx out and in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import sheets
from changxiao.kernel.act import Act
from changxiao.kernel.day import day_watch, today
from changxiao.kernel.refused import Refused
from changxiao.kernel.watches import told
from changxiao.ledger.edits import Page, acting, answer
from changxiao.ledger.history import State
from changxiao.orgs import access, actions, names, rules, words
from changxiao.orgs.actions.rosters import WEEK, Watch
from changxiao.orgs.actions.rosters import stream as stream_of
from changxiao.orgs.models import DutyRoster, Staff, Unit
from changxiao.orgs.views.base import (
    Kind,
    OrgForm,
    asked_day,
    people_near,
    posts_for,
    read_day,
    unit_of,
)

SHIFTS = tuple(DutyRoster.Shift.values)
_PARTS = re.compile(r"[、,，;；/\n]+")
_ONE = re.compile(r"(?P<who>.*?)[\s:：]*(?P<phone>\+?[0-9][0-9 \-]{2,22})?")


def monday_of(day: date) -> date:
    """本周一."""
    return day - timedelta(days=day.weekday())


class RosterForm(OrgForm):
    """一周值班表单: a cell a day and shift, names with numbers as one writes them."""

    def __init__(self, *args: Any, unit: Unit, monday: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.unit, self.monday = unit, monday
        self.days = [monday + timedelta(days=n) for n in range(WEEK)]
        for day in self.days:
            for shift in SHIFTS:
                self.fields[_cell(day, shift)] = self._field(day, shift)

    def _field(self, day: date, shift: str) -> forms.CharField:
        label = f"{day:%m-%d} {DutyRoster.Shift(shift).label}"
        attrs = {"rows": 2, "aria-label": label, "class": "roster-cell", "spellcheck": "false"}
        past = day < today()
        if past:
            attrs |= {"readonly": True}
        area = forms.Textarea(attrs=attrs)
        return forms.CharField(label=label, required=False, max_length=400, widget=area)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        self.watches: list[Watch] = []
        known: dict[str, Staff] = {}
        for day in self.days:
            for shift in SHIFTS:
                self._read(day, shift, known)
        return told

    def _read(self, day: date, shift: str, known: dict[str, Staff]) -> None:
        name = _cell(day, shift)
        for part in filter(None, map(str.strip, _PARTS.split(self.cleaned_data.get(name, "")))):
            try:
                self.watches.append(self._watch(part, day, shift, known))
            except Refused as no:
                self.add_error(name, no.sentence)

    def _watch(self, part: str, day: date, shift: str, known: dict[str, Staff]) -> Watch:
        found = _ONE.fullmatch(rules.plain(part))
        who, phone = (found["who"], found["phone"] or "") if found else (part, "")
        if who not in known:
            known[who] = names.person(who, among=self.unit)
        return Watch(day, shift, known[who], rules.phone_number(phone))

    @property
    def grid(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """表格: a row a shift with its hours and the cells of its seven days."""
        hours = day_watch()
        return [
            (
                str(DutyRoster.Shift(shift).label),
                told(shift, hours),
                [self[_cell(day, shift)] for day in self.days],
            )
            for shift in SHIFTS
        ]

    @property
    def heads(self) -> list[tuple[date, str, bool]]:
        """表头: each day with its weekday, and whether it is today."""
        return [(day, date_format(day, "D"), day == today()) for day in self.days]


def _cell(day: date, shift: str) -> str:
    return f"w{day.isoformat()}_{shift}"


def _written(unit: Unit, monday: date, to: date) -> dict[str, str]:
    """The week's cells as one would type them, each day put on that of the week `to`."""
    days = (monday, monday + timedelta(days=WEEK - 1))
    rows = DutyRoster.objects.filter(unit=unit, date__range=days, staff__is_active=True)
    told: dict[str, list[str]] = {}
    for row in rows.select_related("staff").order_by("id"):
        words_of = f"{row.staff.name} {row.phone}".strip()
        told.setdefault(_cell(row.date + (to - monday), row.shift), []).append(words_of)
    return {name: "、".join(parts) for name, parts in told.items()}


def page(key: str) -> Page:
    """某单位的值班表; `key` is the unit's code."""
    unit = unit_of(key)
    return Page(
        title=_("%(unit)s 值班表") % {"unit": unit.name},
        back=reverse("unit", args=[key]),
        history=reverse("orgs_history", args=["roster", key]),
        stream=stream_of(unit),
        fields=words.fields("roster", names.Names()),
        posts=posts_for("set_week"),
        name_of=access.name_of,
        template="orgs/roster.html",
        do=lambda form, act: actions.set_week(
            unit, monday=form.monday, watches=form.watches, act=act
        ),
        effects=lambda _old, _new: [_("已经过去的日子不变；值班电话从所排班次起显示在单位页上。")],
    )


def put(key: str, state: State | None, act: Act) -> object:
    """恢复某一周的班, with everybody's own number."""
    if not state or "monday" not in state:
        raise Refused("undo_blind", _("总账没有记下修改前的班次，请直接修改"))
    watches = []
    for text in state["watches"]:
        day, shift, username = text.split(" ", 2)
        staff = Staff.objects.get(username=username)
        watches.append(Watch(date.fromisoformat(day), shift, staff, staff.phone))
    monday = date.fromisoformat(state["monday"])
    return actions.set_week(unit_of(key), monday=monday, watches=watches, act=act)


KIND = Kind(page, put, frozenset({"set_week"}))


@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, code: str) -> HttpResponse:
    """一周值班表: shown to every reader; the grid opens for those who may write it."""
    unit, monday = unit_of(code), monday_of(asked_day(request))
    before = monday - timedelta(days=WEEK)
    copied = request.GET.get("copy") == "1"
    told = _written(unit, before if copied else monday, monday)
    form = RosterForm(
        request.POST or None, initial=told, stream=stream_of(unit), unit=unit, monday=monday
    )
    return _answered(request, form, unit, copied=copied)


def _answered(
    request: HttpRequest, form: RosterForm, unit: Unit, *, copied: bool = False
) -> HttpResponse:
    address = reverse("unit_roster", args=[unit.code])
    week = form.monday
    shown = replace(
        page(unit.code),
        back=f"{address}?day={week}",
        more={
            "unit": unit,
            "monday": week,
            "sunday": week + timedelta(days=WEEK - 1),
            "before": week - timedelta(days=WEEK),
            "after": week + timedelta(days=WEEK),
            "address": address,
            "copied": copied,
            "people": people_near(unit),
        },
    )
    return answer(request, form, shown)


@require_http_methods(["POST"])
def roster_read(request: HttpRequest, code: str) -> HttpResponse:
    """读入 xlsx: the grid filled from the sheet, with what could not be read beside its cell."""
    acting(request, posts_for("set_week"))
    unit, monday = unit_of(code), monday_of(read_day(request.POST.get("day", "")))
    file = request.FILES.get("file")
    address = f"{reverse('unit_roster', args=[code])}?day={monday}"
    try:
        if file is None:
            raise Refused("file_missing", _("请选择一个 xlsx 文件"), field="file")
        told = from_sheet(sheets.read(file), monday)
    except Refused as no:
        messages.error(request, no.sentence)
        return redirect(address)
    blank = RosterForm(stream=stream_of(unit), unit=unit, monday=monday)
    data = blank.hidden() | told
    form = RosterForm(data, stream=stream_of(unit), unit=unit, monday=monday)
    return _answered(request, form, unit)


def from_sheet(rows: list[list[str]], monday: date) -> dict[str, str]:
    """表格到各格: a row of dates (either style) heads the columns, a shift heads each row.

    Refused `week_not_found` where no column is a day of the week that is shown.
    """
    days = {monday + timedelta(days=n) for n in range(WEEK)}
    labels = {str(shift.label): shift.value for shift in DutyRoster.Shift} | {s: s for s in SHIFTS}
    for number, row in enumerate(rows):
        heads = {place: day for place, text in enumerate(row) if (day := _day(text, monday.year))}
        if days & set(heads.values()):
            return _cells(rows[number + 1 :], heads, labels, days)
    message = _("表里没有%(monday)s这一周的日期：首行须是日期，如 2026-03-02 或 3月2日")
    raise Refused("week_not_found", message % {"monday": monday}, field="file")


def _cells(
    rows: list[list[str]], heads: Mapping[int, date], labels: Mapping[str, str], days: set[date]
) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    shift = ""
    for row in rows:
        shift = next((labels[one] for one in row if one in labels), shift)
        for place, day in heads.items():
            text = row[place] if place < len(row) else ""
            if text and text not in labels and shift and day in days:
                found.setdefault(_cell(day, shift), []).append(text)
    return {name: "、".join(dict.fromkeys(parts)) for name, parts in found.items()}


def _day(text: str, year: int) -> date | None:
    try:
        return sheets.read_day(text, year)
    except Refused:
        return None


@require_safe
def roster_xlsx(request: HttpRequest, code: str) -> FileResponse:
    """导出 xlsx of the week, in the shape in which it is read back."""
    acting(request, posts_for("set_week"))
    unit, monday = unit_of(code), monday_of(asked_day(request))
    told = _written(unit, monday, monday)
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    rows = [["", *(day.isoformat() for day in days)]]
    rows += [
        [str(shift.label), *(told.get(_cell(day, shift.value), "") for day in days)]
        for shift in DutyRoster.Shift
    ]
    file = sheets.write(_("值班表"), rows, [10, *([24] * WEEK)])
    name = quote(f"{unit.code}-{monday}.xlsx")
    return FileResponse(file, content_type=sheets.XLSX, as_attachment=True, filename=name)
