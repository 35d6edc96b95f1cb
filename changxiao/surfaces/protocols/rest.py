"""REST 接口 `/api/v1`: one NinjaAPI that mounts the rooms' routers; errors are problem details."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

import changxiao
from changxiao.cases.api import router as cases
from changxiao.cases.api_steps import router as case_steps
from changxiao.kernel import scope
from changxiao.kernel.problem import problem, refusal
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.ledger.media.api import router as media
from changxiao.orgs.access import viewer_for
from changxiao.orgs.tokens import staff_for
from changxiao.surfaces.protocols.memory import ShortMemory
from changxiao.surfaces.protocols.meter import Meter
from changxiao.surfaces.protocols.throttled import TooMany, within
from changxiao.workorders.api import router as work_orders

METER = Meter("staff")


class Bearer(HttpBearer):
    """令牌登录: tokens only and never the session's cookie, so that no other site can post here."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        """查看人 behind the token, or None; raises TooMany."""
        now = timezone.now()
        viewer = VIEWERS.get(token, now)
        if viewer is None:
            return None
        within(METER, viewer.name, now)
        # For this request only: the middleware around it puts the former viewer back.
        return scope.become(viewer)


def _look_up(token: str, now: datetime) -> Viewer | None:
    staff = staff_for(f"Bearer {token}", at=now)
    return viewer_for(staff, now) if staff else None


VIEWERS = ShortMemory(_look_up)


api = NinjaAPI(
    title="长效 Changxiao",
    version=changxiao.__version__,
    description=_("数字城管 REST 接口：上报、办理、查询；错误为 problem+json。"),
    urls_namespace="api",
    auth=Bearer(),
    docs_url=None,
)
api.add_router("/cases", case_steps)  # first: "many" is no number
api.add_router("/cases", cases)
api.add_router("/media", media)
api.add_router("/work-orders", work_orders)


@api.exception_handler(Refused)
def _refused(_request: HttpRequest, no: Refused) -> HttpResponse:
    answer = refusal(no)
    if isinstance(no, TooMany):
        answer["Retry-After"] = str(no.seconds)
    return answer


@api.exception_handler(AuthenticationError)
def _not_signed_in(_request: HttpRequest, _no: AuthenticationError) -> HttpResponse:
    answer = problem(401, "not_signed_in", _("请先登录，或在请求头中带上有效令牌（Bearer）"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def _unreadable(_request: HttpRequest, no: ValidationError) -> HttpResponse:
    first: dict[str, Any] = no.errors[0] if no.errors else {}
    field = ".".join(str(part) for part in first.get("loc", ())[2:]) or None
    message = _("字段“%(field)s”不可用：%(why)s")
    values = {"field": field or _("请求正文"), "why": first.get("msg", "")}
    return problem(422, "input_unreadable", message % values, field=field)


@api.exception_handler(RequestDataTooBig)
def _too_large(_request: HttpRequest, _no: RequestDataTooBig) -> HttpResponse:
    message = _("请求正文超过1 MiB，请拆分后再发；照片请用 PUT /api/v1/media/ 上传")
    return problem(413, "body_too_large", message)


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, no: HttpError) -> HttpResponse:
    return problem(no.status_code, "body_unreadable", str(no))


@api.exception_handler(Http404)
def _missing(_request: HttpRequest, _no: Http404) -> HttpResponse:
    return problem(404, "not_found", _("没有这个地址，请核对路径"))
