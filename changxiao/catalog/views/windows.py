"""工作时段页: when offices, sanitation (from 05:00) and night squads work, by season."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import said
from changxiao.catalog.actions import set_window
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.models import WorkWindow
from changxiao.catalog.views.base import for_editors, urls
from changxiao.catalog.views.calendar import effects
from changxiao.catalog.weekdays import DAYS
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import EVERY_DAY, MONDAY_TO_FRIDAY, Window
from changxiao.ledger.edits import EditForm, Kind, Page, answer
from changxiao.ledger.history import Field, State
from changxiao.orgs.models import Unit

METHODS = ["GET", "HEAD", "POST"]
MOST = 8
_MONTH_DAY = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")


def words(told: Any) -> str:
    """各时段的说法, from the body of an entry."""
    return "；".join(window_words(_window(one)) for one in told or ())


def window_words(one: Window) -> str:
    """一个时段的说法: 周一至周五 08:00–12:00."""
    known = {MONDAY_TO_FRIDAY: _("周一至周五"), EVERY_DAY: _("每天")}
    names = [str(name) for number, name in DAYS if one.weekdays >> int(number) & 1]
    days = known.get(one.weekdays) or _("周%(days)s") % {"days": "".join(names)}
    parts = [days, f"{one.start:%H:%M}–{one.end:%H:%M}"]
    if one.end <= one.start:
        parts.append(_("（次日）"))
    if (one.from_date, one.to_date) != ("01-01", "12-31"):
        parts.append(_("（%(first)s 至 %(last)s）") % {"first": one.from_date, "last": one.to_date})
    if one.holidays:
        parts.append(_("节假日照常"))
    return " ".join(parts)


def _window(body: Any) -> Window:
    return Window(
        time.fromisoformat(body["start"]),
        time.fromisoformat(body["end"]),
        body["weekdays"],
        body["from"],
        body["to"],
        body["holidays"],
    )


FIELDS = (Field("windows", gettext_lazy("工作时段"), words),)


class WindowsForm(EditForm):
    """工作时段表单: a line a window; a line without a beginning is none."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for n in range(MOST):
            self.fields |= _line(n)
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """各行."""
        return [[self[name] for name in _line(n)] for n in range(MOST)]

    def windows(self) -> list[Window]:
        """所填时段. Refused names the line at fault."""
        told = self.cleaned_data
        found = []
        for n in range(MOST):
            start, end, days = told[f"start{n}"], told[f"end{n}"], told[f"days{n}"]
            if start is None and end is None:
                continue
            if start is None or end is None or not days:
                message = _("第 %(n)d 行要有星期、开始和结束") % {"n": n + 1}
                raise Refused("window_unfinished", message, field=f"start{n}")
            season = (told[f"from{n}"] or "01-01", told[f"to{n}"] or "12-31")
            mask = sum(1 << int(day) for day in days)
            found.append(Window(start, end, mask, *season, told[f"holidays{n}"]))
        if not found:
            message = _("至少要有一个时段，否则时限永远走不完")
            raise Refused("windows_missing", message, field="start0")
        return found


def _line(n: int) -> dict[str, forms.Field]:
    clock = {"type": "time"}
    season = {"placeholder": "05-01", "size": 5}
    label = {"n": n + 1}
    return {
        f"days{n}": forms.MultipleChoiceField(
            label=_("第 %(n)d 行星期") % label,
            choices=DAYS,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        f"start{n}": forms.TimeField(
            label=_("第 %(n)d 行开始") % label,
            required=False,
            widget=forms.TimeInput(attrs=clock, format="%H:%M"),
        ),
        f"end{n}": forms.TimeField(
            label=_("第 %(n)d 行结束") % label,
            required=False,
            widget=forms.TimeInput(attrs=clock, format="%H:%M"),
        ),
        f"from{n}": forms.RegexField(
            _MONTH_DAY,
            label=_("第 %(n)d 行季节起") % label,
            required=False,
            widget=forms.TextInput(attrs=season),
        ),
        f"to{n}": forms.RegexField(
            _MONTH_DAY,
            label=_("第 %(n)d 行季节止") % label,
            required=False,
            widget=forms.TextInput(attrs=season),
        ),
        f"holidays{n}": forms.BooleanField(
            label=_("第 %(n)d 行节假日照常") % label, required=False
        ),
    }


@require_safe
@for_editors
def windows(request: HttpRequest) -> HttpResponse:
    """工作时段: of each kind of unit, with how many units keep to it."""
    rows: dict[str, list[str]] = {}
    for row in WorkWindow.objects.all():
        rows.setdefault(row.window_kind, []).append(window_words(row.window()))
    units = Unit.objects.filter(until_date=None)
    told = [
        {
            "key": kind,
            "title": title,
            "windows": rows.get(kind, []),
            "units": units.filter(window_kind=kind).count(),
        }
        for kind, title in Unit.WindowKind.choices
    ]
    return render(request, "catalog/windows.html", {"rows": told})


def page(key: str) -> Page:
    """一类作息的页面."""
    if key not in Unit.WindowKind.values:
        raise Http404
    return Page(
        title=said.window(key),
        back=reverse("catalog_windows"),
        stream=f"window:{key}",
        fields=FIELDS,
        posts=EDITORS,
        name_of=who,
        template="catalog/window.html",
        do=lambda form, act: set_window(key, windows=form.windows(), act=act),
        effects=lambda _old, _new: effects(),
        **urls("window", key),
    )


@require_http_methods(METHODS)
@for_editors
def window_edit(request: HttpRequest, key: str) -> HttpResponse:
    """修改工作时段 of one kind of unit."""
    shown = page(key)
    told: dict[str, Any] = {}
    for n, row in enumerate(WorkWindow.objects.filter(window_kind=key)[:MOST]):
        told |= {
            f"days{n}": [day for day, _name in DAYS if row.weekdays >> int(day) & 1],
            f"start{n}": row.start,
            f"end{n}": row.end,
            f"from{n}": "" if row.season_from == "01-01" else row.season_from,
            f"to{n}": "" if row.season_to == "12-31" else row.season_to,
            f"holidays{n}": row.holidays,
        }
    form = WindowsForm(request.POST or None, initial=told, stream=shown.stream)
    return answer(request, form, shown)


def put(key: str, state: State | None, act: Act) -> object:
    """恢复时段; a kind without windows of its own works office hours."""
    told = (state or {}).get("windows", [])
    return set_window(key, windows=[_window(one) for one in told], act=act)


KIND = Kind(page, put)
