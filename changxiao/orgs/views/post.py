"""选择岗位: a person with several posts says in which one he acts now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changxiao.orgs.middleware import CHOSEN


@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """选择岗位: `post` must be one that the person holds today; goes back to `next`."""
    post = request.POST.get("post", "")
    if post not in request.posts:  # type: ignore[attr-defined]
        return HttpResponseBadRequest(_("您没有担任该岗位，请从自己的岗位中选择"))
    request.session[CHOSEN] = post
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "/")
