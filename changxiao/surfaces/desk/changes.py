"""近期修改: what was changed lately in the city's configuration, from the log, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from changxiao.cases.finds import settings as cameras
from changxiao.cases.flow import DEFAULT
from changxiao.cases.views import settings
from changxiao.catalog import said
from changxiao.catalog.actions.base import VERBS
from changxiao.catalog.views import calendar, overlays, policies, residents, windows
from changxiao.kernel import paging
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import for_posts
from changxiao.ledger.history import Change, Field, differences
from changxiao.ledger.models import Entry
from changxiao.notices.editing import TITLES as NOTICE_TITLES
from changxiao.notices.views import hooks as notice_hooks
from changxiao.notices.views import robots as notice_robots
from changxiao.notices.views import rules as notice_rules
from changxiao.orgs import words
from changxiao.orgs.models import UnitRole
from changxiao.orgs.names import Names
from changxiao.orgs.posts import Post
from changxiao.surfaces.desk import orders

POSTS = frozenset({Post.CITY_ADMIN.value, Post.AUDITOR.value})
SIZE = 40
TITLES: Mapping[str, str | Promise] = {
    **{verb: title for verb, (title, _posts) in VERBS.items()},
    **words.TITLES,
    **settings.TITLES,
    **NOTICE_TITLES,
}
# Signing in and out changes no configuration; who did what with a key is told on the person's page.
ASIDE = frozenset(
    {"issue_report_link", "revoke_report_link", "set_notice_preference", "resend_notice"}
)


@dataclass(frozen=True, slots=True)
class Sort:
    """一类修改: which streams, their name, and where a row's own history stands."""

    prefix: str
    title: str | Promise
    fields: Sequence[Field] = ()
    room: str = ""
    kind: str = ""

    def history(self, key: str) -> str:
        """沿革的地址, "" where the row has no page."""
        if self.prefix == "emergency":
            return reverse("order_history", args=[key])
        return reverse(f"{self.room}_history", args=[self.kind, key]) if self.room else ""


SORTS: Mapping[str, Sort] = {
    one.prefix: one
    for one in (
        Sort("unit", _("机构"), room="orgs", kind="unit"),
        Sort("role", _("责任人"), room="orgs", kind="role"),
        Sort("roster", _("值班表"), room="orgs", kind="roster"),
        Sort("section", _("标段"), room="orgs", kind="section"),
        Sort("staff", _("人员"), room="orgs", kind="staff"),
        Sort("people", _("人员名单")),
        Sort("category", _("大类"), said.CATEGORY, "catalog", "category"),
        Sort("subcategory", _("小类"), said.SUBCATEGORY, "catalog", "subcategory"),
        Sort("criterion", _("立案标准"), said.CRITERION, "catalog", "criterion"),
        Sort("responsibility", _("责任表"), said.RESPONSIBILITY),
        Sort("confirm_rule", _("核实规则"), said.CONFIRM),
        Sort("public_rule", _("公开规则"), said.PUBLIC, "catalog", "public"),
        Sort("answer_template", _("答复模板"), said.ANSWER, "catalog", "answer"),
        Sort("control_area", _("管控区"), residents.FIELDS, "catalog", "control"),
        Sort("question", _("附加问题"), said.QUESTION, "catalog", "question"),
        Sort("stage_limit", _("环节时限"), said.STAGE, "catalog", "stage"),
        Sort("area_grade", _("区域等级"), said.GRADE, "catalog", "grade"),
        Sort("overlay", _("时期系数"), overlays.FIELDS, "catalog", "overlay"),
        Sort("emergency", _("应急令"), orders.FIELDS),
        Sort("calendar", _("日历"), calendar.FIELDS, "catalog", "calendar"),
        Sort("window", _("工作时段"), windows.FIELDS, "catalog", "window"),
        Sort("step_rule", _("步骤岗位"), settings.STEP, "case_settings", "step"),
        Sort("camera", _("摄像机"), cameras.FIELDS, "case_settings", "camera"),
        Sort("find_source", _("机器发现的静默")),
        Sort("policy", _("政策取值"), policies.FIELDS, "catalog", "policy"),
        Sort("notice_rule", _("通知规则"), notice_rules.FIELDS, "notice", "rule"),
        Sort("robot", _("群机器人"), notice_robots.FIELDS, "notice", "robot"),
        Sort("webhook", _("出站推送"), notice_hooks.FIELDS, "notice", "hook"),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """一条修改, as the page shows it."""

    entry: Entry
    who: str
    title: str
    sort: Sort
    subject: str
    changes: list[Change]
    history: str


@require_safe
@for_posts(POSTS)
def changes(request: HttpRequest) -> HttpResponse:
    """近期修改: the newest first; by kind, person and day."""
    told = {name: request.GET.get(name, "")[:80] for name in ("kind", "who", "day")}
    names = Names()
    try:
        page = paging.page(
            _asked(told, names),
            order=["-id"],
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
    except Refused as no:
        raise Http404(no.sentence) from None
    context = {
        "rows": [_row(entry, names) for entry in page.items],
        "next_cursor": page.next,
        "sorts": SORTS.values(),
        "asked": told,
    }
    return render(request, "desk/changes.html", context)


def _asked(told: Mapping[str, str], names: Names) -> QuerySet[Entry]:
    rows = Entry.objects.beside_cases().filter(verb__in=set(TITLES) - ASIDE)
    # One's own password is no configuration; one that another gave is.
    rows = rows.exclude(verb="set_password", body__contains='"own":true')
    if told["kind"]:
        if told["kind"] not in SORTS:
            raise Http404
        rows = rows.filter(stream__startswith=f"{told['kind']}:")
    if told["who"]:
        called = [user for user, name in names.people.items() if told["who"] in name]
        rows = rows.filter(Q(actor=told["who"]) | Q(actor__in=called[:200]))
    if told["day"]:
        first = _midnight(told["day"])
        rows = rows.filter(at__gte=first, at__lt=first + timedelta(days=1))
    return rows


def _midnight(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, city_zone())
    except (ValueError, OverflowError):
        raise Http404 from None


def _row(entry: Entry, names: Names) -> Row:
    prefix, _colon, key = entry.stream.partition(":")
    sort = SORTS.get(prefix) or Sort(prefix, prefix)
    body = entry.data
    fields = words.fields(prefix, names) if prefix in words.KINDS else sort.fields
    was: dict[str, Any] | None = body.get("was")
    after = {**(was or {}), **{k: v for k, v in body.items() if k not in {"was", "_act"}}}
    ended = not any(one.name in body for one in fields)
    return Row(
        entry=entry,
        who=names.person(entry.actor),
        title=str(TITLES[entry.verb]),
        sort=sort,
        subject=_subject(prefix, key, names),
        changes=differences(fields, was, None if ended else after),
        history=sort.history(key),
    )


def _subject(prefix: str, key: str, names: Names) -> str:
    if prefix in {"unit", "roster"}:
        return names.unit(key)
    if prefix == "step_rule":
        return str(DEFAULT.step(key).title)
    if prefix == "staff":
        return names.person(key)
    if prefix == "notice_rule":
        return notice_rules.title_of(key)
    if prefix == "role":
        code, role, line = [*key.split("/", 2), "", ""][:3]
        label = dict(UnitRole.Role.choices).get(role, role)
        return f"{names.unit(code)} {label}{f'（{line}）' if line else ''}"
    return key
