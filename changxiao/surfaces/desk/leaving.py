"""离岗交接页: everything that a leaver holds, who takes each of it, in one act (house.md §2: rooms
that are strangers to each other are composed here).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from changxiao.cases import actions as cases
from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import today
from changxiao.kernel.transactions import writing
from changxiao.ledger.edits import answer
from changxiao.orgs import actions as orgs
from changxiao.orgs.actions.leaving import SHIFTS, key_of
from changxiao.orgs.models import Staff
from changxiao.orgs.names import Names
from changxiao.orgs.posts import Post
from changxiao.orgs.views.base import OrgForm, PersonField, staff_of
from changxiao.orgs.views.people import page

CASES = "cases"


@dataclass(frozen=True, slots=True)
class Item:
    """交接项: one thing that passes on, in words; `key` names it in the form."""

    key: str
    kind: str
    words: str


class LeavingForm(OrgForm):
    """离岗交接表单: one successor for all, and another for single items."""

    to = PersonField(
        label=gettext_lazy("接替人（全部）"),
        required=False,
        help_text=gettext_lazy("填姓名或用户名；留空则岗位终止、责任登记为空缺、班次取消。"),
    )

    def __init__(self, *args: Any, items: list[Item], **more: Any) -> None:
        super().__init__(*args, **more)
        self.items = items
        for item in items:
            self.fields[item.key] = PersonField(label=item.words, required=False)
            attrs = {"aria-label": _("%(item)s的接替人") % {"item": item.words}}
            self.fields[item.key].widget.attrs |= attrs

    @property
    def rows(self) -> list[tuple[Item, forms.BoundField]]:
        """各项与接替人."""
        return [(item, self[item.key]) for item in self.items]

    def heir(self, key: str) -> Staff | None:
        """某项的接替人."""
        told: Staff | None = self.cleaned_data.get(key) or self.cleaned_data["to"]
        return told


def held_by(staff: Staff) -> list[Item]:
    """所持: posts, seats, coming watches, open cases; tokens and sessions pass to nobody."""
    day, names = today(), Names()
    posts = staff.appointments.open(day).select_related("unit").order_by("id")
    items = [
        Item(
            key_of(row),
            _("岗位"),
            " ".join(
                filter(
                    None,
                    [
                        row.unit.name if row.unit else "",
                        str(Post(row.post).label),
                        names.area(row.area_code) if row.area_code else "",
                    ],
                )
            ),
        )
        for row in posts
    ]
    for seat in staff.unit_roles.filter(until_date=None).select_related("unit").order_by("id"):
        line = f"（{seat.line}）" if seat.line else ""
        label = str(seat.get_role_display())
        items.append(Item(key_of(seat), _("责任"), f"{seat.unit.name} {label}{line}"))
    return [*items, *_counted(staff)]


def _counted(staff: Staff) -> list[Item]:
    shifts = staff.rosters.filter(date__gte=today()).count()
    items = []
    if shifts:
        items.append(Item(SHIFTS, _("值班"), _("今后的班 %(n)d 班") % {"n": shifts}))
    count = _open_cases(staff).count()
    if count:
        items.append(Item(CASES, _("案卷"), _("在手案卷 %(n)d 件") % {"n": count}))
    return items


def _open_cases(staff: Staff) -> Any:
    return Case.everything.filter(handler=staff.username, stage__in=OPEN)


@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, username: str) -> HttpResponse:
    """离岗交接: what passes on to whom, previewed; then all of it at once, or nothing."""
    staff = staff_of(username)
    whole, items = page(username), held_by(staff)
    form = LeavingForm(request.POST or None, stream=whole.stream, items=items)
    people = form.among(staff.unit) if staff.unit else []
    shown = replace(
        whole,
        title=_("离岗交接 · %(name)s") % {"name": staff.name},
        posts=frozenset({Post.CITY_ADMIN.value, Post.SECURITY_ADMIN.value}),
        template="desk/leaving.html",
        do=lambda one, act: hand_over(staff, one, act),
        effects=lambda _old, _new: _effects(staff, form),
        more={"staff": staff, "people": people, "tokens": _tokens(staff)},
    )
    return answer(request, form, shown)


def _tokens(staff: Staff) -> int:
    return staff.tokens.filter(revoked_at=None).count()


def _effects(staff: Staff, form: LeavingForm) -> list[str]:
    left = [item.words for item, _field in form.rows if form.heir(item.key) is None]
    told = [
        _("今天起生效；账号停用，所有登录结束，%(n)d 个令牌失效。") % {"n": _tokens(staff)},
        _("案卷的时限不变，在手案卷由接替人接着办；没有接替人的回到单位。"),
    ]
    if left:
        told.append(_("没有接替人，将成为空缺：%(list)s") % {"list": "、".join(left)})
    return told


def hand_over(staff: Staff, form: LeavingForm, act: Act) -> None:
    """离岗交接 of everything, in one transaction: the room of people first, then each case."""
    chosen = {
        item.key: form.heir(item.key)
        for item in form.items
        if item.key != CASES and form.cleaned_data.get(item.key)
    }
    with writing():
        orgs.hand_over(staff, to=form.cleaned_data["to"], heirs=chosen, act=act)
        heir = form.heir(CASES) if any(one.key == CASES for one in form.items) else None
        # An administrator sees no case; the cases pass on by the house, and say by whose order.
        with scope.viewing(scope.system("hand_over")):
            for case in list(_open_cases(staff)):
                key = str(uuid.uuid5(NAMESPACE, f"{act.key}/{case.number}"))
                note = _("离岗交接：%(who)s，由 %(by)s 办理") % {
                    "who": staff.username,
                    "by": act.actor,
                }
                cases.pass_on(case, to=heir, act=Act.system("hand_over", key, note=note))
