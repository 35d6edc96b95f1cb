"""每个请求: how long a session lives, who is looking, and what must be done first (T9, P17, P18).

Order in settings: after Django's authentication come SessionRules, Viewer, FirstThings.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from changxiao.kernel.scope import PUBLIC, Viewer, viewing
from changxiao.orgs import profiles
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import ADMINISTRATORS, Post

Handler = Callable[[HttpRequest], HttpResponseBase]
BEGUN, SEEN, KIND, CHOSEN, ENROLLED = "cx_begun", "cx_seen", "cx_kind", "post", "cx_enrolled"
BY_ITSELF = "X-Background"
SEEN_EVERY = 60  # seconds: the session row is not written on every click
# 等保 8.1.4.1 d: dispatch, close, evaluate, administer.
SECOND_FACTOR = frozenset(
    {Post.DISPATCHER, Post.SHIFT_LEADER, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.LEADER}
    | set(ADMINISTRATORS)
)

# What someone may still open who must first change a password or enrol.
OPEN = {
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "healthz",
    "set_language",
    "set_theme",
}


class SessionRulesMiddleware:
    """会话期限: idle and absolute limits by the kind of session (console, field)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not self._alive(request):
            logout(request)
        return self.get_response(request)

    def _alive(self, request: HttpRequest) -> bool:
        now, session = int(timezone.now().timestamp()), request.session
        idle, absolute = settings.SESSION_RULES[session.get(KIND, "console")]
        begun, seen = session.get(BEGUN), session.get(SEEN, now)
        if begun is None:
            session[BEGUN] = begun = now
        if now - begun > absolute or now - seen > idle:
            return False
        # What a page asks by itself is no sign that its reader is there.
        waking = request.headers.get(BY_ITSELF) is None
        if SEEN not in session or (waking and now - seen >= SEEN_EVERY):
            session[SEEN] = now
        return True


class ViewerMiddleware:
    """查看人: the rights of this day, and the post the person acts in; both for the request only.

    Sets `request.viewer`, `request.posts` (values, in the order of the table) and
    `request.acting_post` ("" for someone without posts).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        viewer = viewer_for(user, timezone.now()) if isinstance(user, Staff) else PUBLIC
        set_viewer(request, viewer)
        with viewing(viewer):
            return self.get_response(request)


def nobody_yet(get_response: Handler) -> Handler:
    """无人: a program is nobody until its token was read, inside the view (`scope.become`)."""

    def asked(request: HttpRequest) -> HttpResponseBase:
        with viewing(PUBLIC):
            return get_response(request)

    return asked


def set_viewer(request: HttpRequest, viewer: Viewer) -> None:
    """定查看人: also for a bearer request, whose person is known only inside the view."""
    held = viewer.posts()
    posts = [post.value for post in Post if post.value in held]
    chosen = request.session.get(CHOSEN) if posts else None
    request.viewer = viewer  # type: ignore[attr-defined]
    request.posts = posts  # type: ignore[attr-defined]
    request.acting_post = chosen if chosen in posts else next(iter(posts), "")  # type: ignore[attr-defined]


class FirstThingsMiddleware:
    """先办的事: change a password that was given or has expired, enrol a second factor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Django's hook: here the URL's name is known, so that only the way out stays open."""
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        user = request.user
        if not isinstance(user, Staff) or name in OPEN or name.startswith("mfa_"):
            return None
        return self._first(request, user)

    def _first(self, request: HttpRequest, user: Staff) -> HttpResponse | None:
        old = profiles.expired(settings.PASSWORD_PROFILE, user.password_changed_at, timezone.now())
        if user.must_change_password or old:
            return redirect("account_change_password")
        if settings.MFA_POLICY == "staff" and not self._enrolled(request, user):
            return redirect("mfa_activate_totp")
        return None

    def _enrolled(self, request: HttpRequest, user: Staff) -> bool:
        if not SECOND_FACTOR & set(request.posts) or request.session.get(ENROLLED):  # type: ignore[attr-defined]
            return True
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            return False
        request.session[ENROLLED] = True
        return True
