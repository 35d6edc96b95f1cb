"""出错页 error pages: say what it means and what to do next, in the reader's language.

A page shows an id and no trace; the trace stands in the log under that id.
"""

import logging
import sys
import uuid
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.unavailable import translate
from changxiao.ui.context import chrome

log = logging.getLogger("changxiao.errors")
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """出错说明: status, what happened, and what the reader can do."""

    status: int
    title: str | Promise
    remedy: str | Promise


TROUBLES = {
    trouble.status: trouble
    for trouble in (
        Trouble(400, _("这次提交看不懂"), _("请返回上一页，刷新后再试一次。")),
        Trouble(
            403, _("您现在的岗位不能做这件事"), _("请在右上角切换岗位，或向系统管理员申请权限。")
        ),
        Trouble(
            404,
            _("没有这一页，或者不在您的查看范围内"),
            _("请核对受理号；也可以回到首页用搜索查找。"),
        ),
        Trouble(
            500,
            _("系统出错了"),
            _("您刚才的操作可能没有保存。请稍后再试，并把编号告诉系统管理员。"),
        ),
        Trouble(503, _("系统正忙"), _("没有丢失任何已受理的内容。请过几秒再试一次。")),
    )
}


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """出错页: the same frame for each status; works without database and without session."""
    reference = uuid.uuid4().hex[:12] if status >= 500 else ""
    if reference:
        log.error("error page %s for %s %s", reference, request.method, request.path)
    words = {"trouble": TROUBLES[status], "detail": detail, "reference": reference}
    # From 500 up the store may be away: without the request no session and no user is read.
    asker = request if status < 500 else None
    text = render_to_string("ui/error.html", {**chrome(request), **words}, asker)
    response = HttpResponse(text, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return page(request, 400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return page(request, 403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what exists and may not be seen."""
    return page(request, 404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where a middleware met a store that is away (views are caught before)."""
    error = sys.exc_info()[1]
    return page(request, 503 if error is not None and translate(error) else 500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """跨站校验失败: most often a page left open past the end of its session."""
    return page(request, 403, str(_("页面放得太久，登录已过期。请刷新页面后重新提交。")))
