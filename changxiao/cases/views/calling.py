"""来电: the same number's earlier calls beside the form; one press adds a call to an open case."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changxiao.cases import access, actions, callers, rules
from changxiao.cases.actions import Calling, Reporter
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import ENDS
from changxiao.cases.forms import calling
from changxiao.cases.forms.acting import PhotosForm
from changxiao.cases.forms.halfwidth import PhoneField
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of

MOST_PHONE = 32


class AgainForm(PhotosForm):
    """再次来电, as the report form sends it: of its fields those that a call has."""

    description = forms.CharField(required=False, max_length=rules.MOST_DESCRIPTION)
    reporter_name = forms.CharField(required=False, max_length=64)
    reporter_phone = PhoneField(required=False, max_length=MOST_PHONE)
    wants_callback = calling.asks()["wants_callback"]
    anonymous = calling.asks()["anonymous"]


def clerk_posts() -> frozenset[str]:
    """接听岗位 of those held."""
    return scope.current().posts() & flow_in_force().step("call_again").posts


@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """此前来电 of the number typed; it travels in the body, for addresses are written down."""
    if not clerk_posts():
        raise PermissionDenied
    phone = request.POST.get("reporter_phone", "")[:MOST_PHONE]
    told = callers.earlier(phone, timezone.now())
    context = {"told": told, "ended": ENDS, "number": callers.plain_number(phone)}
    return render(request, "cases/_caller.html", context)


def taken(request: HttpRequest, form: AgainForm, number: str) -> HttpResponse:
    """记为再次来电: of the case named; Refused and Replayed are the report page's to tell."""
    case, told = access.case_for(number), form.cleaned_data
    step = flow_in_force().step("call_again")
    wish = str(getattr(request, "acting_post", ""))
    act = Act(
        actor=scope.current().name,
        post=access.post_for(scope.current(), case, step, wish=wish),
        key=told["key"],
        digest=digest_of(request, [number, form.draft()]),
    )
    case = actions.call_again(
        case,
        said=told["description"],
        calling=Calling(told["anonymous"], told["wants_callback"]),
        reporter=Reporter(told["reporter_name"], told["reporter_phone"]),
        act=act,
    )
    words = _("已记入案卷 %(number)s，没有另立新案；这是第 %(n)d 次催问")
    messages.success(request, words % {"number": case.number, "n": case.nudge_count})
    return redirect("case_reported", case.number)
