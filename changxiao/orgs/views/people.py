"""人员页: who works here, found by name; each person's posts by date; accounts that nobody uses."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import paging
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import Page, acting, answer
from changxiao.ledger.history import State
from changxiao.orgs import access, actions, names, words
from changxiao.orgs.models import Appointment, Staff, Unit
from changxiao.orgs.posts import ADMINISTRATORS, Post
from changxiao.orgs.rules import RIGHTS
from changxiao.orgs.views.base import (
    Kind,
    OrgForm,
    UnitField,
    may,
    posts_for,
    searched,
    staff_of,
)

both = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 50
STALE = timedelta(days=90)
VERBS = (
    "hire",
    "edit_staff",
    "appoint",
    "dismiss",
    "hand_over",
    "deactivate",
    "reactivate",
    "end_sessions",
    "set_password",
)
KEEPERS = posts_for(*VERBS)
READERS = KEEPERS | {Post.AUDITOR.value}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """人员: by name, user name or unit; those who left, and accounts unused for ninety days."""
    acting(request, READERS)
    q, which = searched(request), request.GET.get("which", "")
    rows = Staff.visible.select_related("unit").filter(_which(which))
    if q:
        unit = Unit.objects.filter(name__contains=q)
        rows = rows.filter(Q(name__contains=q) | Q(username__icontains=q) | Q(unit__in=unit))
    cursor = request.GET.get("cursor", "")
    try:
        page = paging.page(rows, order=["name", "username"], cursor=cursor, size=SIZE)
    except Refused as no:
        raise Http404(no.sentence) from None
    posts: dict[int, list[str]] = {}
    found = [row.pk for row in page.items]
    for pk, post in _posts().filter(staff__in=found).values_list("staff", "post"):
        posts.setdefault(pk, []).append(str(Post(post).label))
    told = {
        "rows": [{"staff": row, "posts": sorted(set(posts.get(row.pk, [])))} for row in page.items],
        "next_cursor": page.next,
        "q": q,
        "which": which,
        "administrators": _administrators(),
        "stale": Staff.objects.filter(_which("stale")).count(),
        "may": may(request, *VERBS),
    }
    return render(request, "orgs/people.html", told)


def _posts() -> Any:
    return Appointment.objects.on(today())


def _which(which: str) -> Q:
    if which == "left":
        return Q(is_active=False)
    if which == "stale":
        since = timezone.now() - STALE
        # Who never came in is as stale as who stayed away; who was just hired is not.
        unused = Q(last_login__lt=since) | Q(last_login=None, password_changed_at__lt=since)
        return Q(is_active=True) & unused
    return Q(is_active=True)


def _administrators() -> list[tuple[str, list[str]]]:
    """三员: who holds each today; two in one person the database itself refuses."""
    rows = _posts().filter(post__in=ADMINISTRATORS).select_related("staff")
    held: dict[str, list[str]] = {}
    for row in rows:
        held.setdefault(row.post, []).append(row.staff.name)
    return [(str(Post(post).label), held.get(post, [])) for post in ADMINISTRATORS]


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    """人员: what the person is, holds and held; each act with the button of who may do it."""
    acting(request, READERS)
    staff, day = staff_of(username), today()
    rows = staff.appointments.select_related("unit", "stands_in_for")
    known = names.Names()
    posts = [
        {"row": row, "area": known.area(row.area_code), "ended": not _still(row, day)}
        for row in rows.order_by("-since_date", "-id")
    ]
    told = {
        "staff": staff,
        "phone": access.phone_of(staff, request.viewer),  # type: ignore[attr-defined]
        "held": posts,
        "seats": staff.unit_roles.filter(until_date=None).select_related("unit"),
        "watches": staff.rosters.filter(date__gte=day).select_related("unit").order_by("date")[:14],
        "tokens": staff.tokens.filter(revoked_at=None).count(),
        "may": may(request, *VERBS),
        "own": request.user.get_username() == username,
        "granters": "、".join(str(post.label) for post in RIGHTS["appoint"].posts),
    }
    return render(request, "orgs/person.html", told)


def _still(row: Any, day: Any) -> bool:
    return row.until_date is None or row.until_date > day


class StaffForm(OrgForm):
    """人员表单."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=64)
    unit = UnitField(label=gettext_lazy("单位"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    field_order = ("username", "name", "unit", "phone")


class HireForm(StaffForm):
    """入职表单."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=64,
        help_text=gettext_lazy("登录用，字母、数字或汉字；以后不能改。"),
    )


def _told(form: StaffForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("name", "unit", "phone")}


@both
def hire(request: HttpRequest) -> HttpResponse:
    """人员入职: without posts, which another administrator gives."""
    form = HireForm(request.POST or None, initial={"unit": request.GET.get("unit", "")})
    username = form.data.get("username", "")
    shown = Page(
        title=_("人员入职"),
        back=reverse("people"),
        stream=f"staff:{username}",
        fields=words.fields("staff", names.Names()),
        posts=posts_for("hire"),
        name_of=access.name_of,
        do=lambda one, act: actions.hire(
            username=one.cleaned_data["username"], act=act, **_told(one)
        ),
        effects=lambda _old, _new: [
            _("还没有口令和岗位：请安全管理员设初始口令并任命，首次登录须改口令。")
        ],
    )
    return answer(request, form, shown)


def page(username: str) -> Page:
    """人员的修改页."""
    staff = staff_of(username)
    return Page(
        title=staff.name,
        back=reverse("person", args=[username]),
        history=reverse("orgs_history", args=["staff", username]),
        stream=staff.stream,
        fields=words.fields("staff", names.Names()),
        posts=posts_for("edit_staff"),
        name_of=access.name_of,
        do=lambda form, act: actions.edit_staff(staff, act=act, **_told(form)),
        effects=lambda _old, _new: [_("岗位不因此改变；值班表上已排的号码也不改。")],
    )


def put(username: str, state: State | None, act: Act) -> object:
    """恢复姓名、单位和电话; the number comes from the sealed value that the log commits to."""
    staff = staff_of(username)
    if state is None:
        raise Refused("undo_unknown", _("入职不能撤销，请办理离岗交接"))
    phone = staff.phone
    if "phone" in state:
        phone = (ledger.reveal(state["phone"]) or "") if state["phone"] else ""
    unit = Unit.objects.filter(code=state.get("unit", "")).first()
    return actions.edit_staff(staff, name=state["name"], unit=unit, phone=phone, act=act)


KIND = Kind(page, put, frozenset({"edit_staff"}))


@both
def edit(request: HttpRequest, username: str) -> HttpResponse:
    """修改人员: name, unit, phone."""
    staff, shown = staff_of(username), page(username)
    told = {"name": staff.name, "phone": staff.phone}
    told["unit"] = staff.unit.code if staff.unit else ""
    return answer(
        request, StaffForm(request.POST or None, initial=told, stream=shown.stream), shown
    )


class PlainForm(OrgForm):
    """只须理由的表单."""


SIMPLE = {
    "deactivate": gettext_lazy("登录和令牌立即失效；岗位留着，等离岗交接。"),
    "reactivate": gettext_lazy("旧的登录和令牌不再有效；下次登录须改口令。"),
    "end_sessions": gettext_lazy("此人在所有设备上的登录立即结束。"),
}


@both
def simple(request: HttpRequest, username: str, verb: str) -> HttpResponse:
    """停用、恢复账号或结束会话."""
    if verb not in SIMPLE:
        raise Http404
    staff, whole = staff_of(username), page(username)
    do: Any = getattr(actions, verb)
    shown = replace(
        whole,
        title=f"{RIGHTS[verb].title} · {staff.name}",
        posts=posts_for(verb),
        do=lambda _form, act: do(staff, act=act),
        effects=lambda _old, _new: [str(SIMPLE[verb])],
    )
    return answer(request, PlainForm(request.POST or None, stream=shown.stream), shown)


@never_cache
@both
def password(request: HttpRequest, username: str) -> HttpResponse:
    """重置口令: a random one, shown once; it must be changed at the first sign-in."""
    staff = staff_of(username)
    post = acting(request, posts_for("set_password"))
    form = PlainForm(request.POST or None, stream=staff.stream)
    told: dict[str, Any] = {"staff": staff, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        given = f"{secrets.token_urlsafe(9)}-Cx{secrets.randbelow(10)}"
        try:
            actions.set_password(staff, password=given, act=form.act(request, post))
            told["password"] = given
        except Refused as no:
            form.refuse(no, staff.stream)
            status = 422
    return render(request, "orgs/password.html", told, status=status)
