"""开发页."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.day import today
from changxiao.orgs.middleware import BEGUN, CHOSEN, SEEN
from changxiao.orgs.models import Appointment, ReportLink, Staff
from changxiao.orgs.posts import Post
from changxiao.surfaces.dev import clock, drawing, partials, why

BACKEND = "django.contrib.auth.backends.ModelBackend"
SHOWN = 4  # people of a post; the rest by their user name
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """开发页: who may be become, the clock, what was sent, and a question."""
    told: dict[str, Any] = {
        "posts": _posts(),
        "now": timezone.now(),
        "offset": clock.offset(),
        "steps": tuple(STEPS),
        "notices": ReportLink.objects.select_related("staff").order_by("-issued_at")[:20],
        "who": request.GET.get("who", ""),
        "number": request.GET.get("number", ""),
    }
    if told["who"] and told["number"]:
        told["reasons"] = _reasons(told["who"], told["number"])
    return render(request, "dev/index.html", told)


def _posts() -> list[tuple[str, list[Staff]]]:
    people: dict[str, list[Staff]] = {}
    # Whoever has to choose a password first gets no further than that page.
    ready = {"staff__is_active": True, "staff__must_change_password": False}
    held = Appointment.objects.on(today()).filter(**ready)
    for row in held.select_related("staff").order_by("id"):
        people.setdefault(row.post, []).append(row.staff)
    return [(str(post.label), people[post][:SHOWN]) for post in Post if post in people]


def _reasons(username: str, number: str) -> list[str]:
    staff = Staff.objects.filter(username=username).first()
    case = Case.everything.select_related("unit").filter(number=number).first()
    if staff is None:
        return [_("没有用户“%(user)s”") % {"user": username[:40]}]
    if case is None:
        return [_("没有受理号为“%(number)s”的案卷") % {"number": number[:40]}]
    return list(why.told(staff, case, timezone.now()))


@login_not_required
@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """变成某人, without a password."""
    staff = get_object_or_404(Staff, username=request.POST.get("user", ""), is_active=True)
    login(request, staff, backend=BACKEND)
    request.session.pop(CHOSEN, None)
    return redirect("home")


@login_not_required
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """拨钟; the session moves along, or it would end at once."""
    step = STEPS.get(request.POST.get("step", ""))
    back = request.POST.get("back") == "1"
    clock.move(None if step is None else -step if back else step)
    moment = int(timezone.now().timestamp())
    if BEGUN in request.session:
        request.session[BEGUN] = request.session[SEEN] = moment
    messages.info(request, _("现在是 %(now)s") % {"now": f"{timezone.localtime():%Y-%m-%d %H:%M}"})
    return redirect("dev")


@login_not_required
@require_safe
def flow(request: HttpRequest) -> HttpResponse:
    """流程图 from the table in force."""
    table = flow_in_force()
    told = {"stages": drawing.stages(), "arcs": drawing.arcs(table), "height": drawing.height()}
    return render(request, "dev/flow.html", told)


@login_not_required
@require_safe
def every_partial(request: HttpRequest) -> HttpResponse:
    """各部件模板."""
    with scope.viewing(scope.system("dev")):
        return render(request, "dev/partials.html", {"drawn": list(partials.drawn(request))})
