"""健康检查 health: what every room knows of itself, put together for `doctor` and for `/readyz`.

`/healthz` says that a process answers, `/readyz` that reports may be sent here: it turns 503 when
any finding is an error (reliability.md §8). It names findings, never details: it needs no sign-in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import checks as django_checks
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.cases import probes as cases
from changxiao.cases.indexing import CONSUMER
from changxiao.catalog import probes as catalog
from changxiao.catalog.models import Subcategory
from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.unavailable import Unavailable
from changxiao.ledger import probes as ledger
from changxiao.ledger.consumers import Consumer
from changxiao.notices import probes as notices
from changxiao.ui import probes as ui

# Whoever asks every 100 ms shall not make us write every 100 ms.
REMEMBER_SECONDS = 5.0
# Said by `check --deploy` and not for us: the proxy in front redirects, and HSTS for subdomains and
# the preload list are the city's own decision.
_NOT_OURS = frozenset({"security.W005", "security.W008", "security.W021"})
Probe = Callable[[], Finding | list[Finding]]


def findings(now: datetime) -> list[Finding]:
    """全部检查: of a city, or of an empty home, which is told what to do first."""
    found = [*_asked(ledger.engine), *settings_findings()]
    state = _asked(ledger.migrations)
    found += state
    if all(one.level == Level.OK for one in state):
        for probe in (ledger.triggers, ledger.writable, city, lambda: catalog.calendar(now)):
            found += _asked(probe)
        found += _asked(lambda: ledger.jobs(now, _consumers(), serving=False))
        found += _asked(search_index)
        found += _asked(notices.channels) + _asked(notices.undelivered)
        found += ledger.backups(now)
    channels = [import_string(name) for name in import_string("changxiao.wiring.PROBES")]
    last: list[Probe] = [
        ledger.folders,
        ledger.media,
        ledger.faces,
        ui.translations,
        ui.vendor,
    ]
    return [*found, *(one for probe in (*last, *channels) for one in _asked(probe))]


def readiness(now: datetime) -> list[Finding]:
    """可否接收上报: the quick part of it, for a machine that asks every few seconds."""
    probes: list[Probe] = [
        ledger.engine,
        ledger.writable,
        ledger.folders,
        lambda: catalog.calendar(now),
        lambda: ledger.jobs(now, _consumers(), serving=True),
        lambda: ledger.backups(now),
    ]
    return [one for probe in probes for one in _asked(probe)]


def _asked(probe: Probe) -> list[Finding]:
    # A probe that the database cannot answer is itself a finding, and the others are still asked.
    try:
        told = probe()
    except (DatabaseError, InterfaceError, Unavailable, OSError) as no:
        remedy = _("请查看 DATABASE_URL、CHANGXIAO_HOME 是否可用。")
        told = Finding("reach", Level.ERROR, _("无法检查"), type(no).__name__, remedy)
    return told if isinstance(told, list) else [told]


def _consumers() -> list[Consumer]:
    # By name: the list of consumers stands above the surfaces.
    consumers: list[Consumer] = import_string("changxiao.wiring.CONSUMERS")
    return consumers


def search_index() -> Finding:
    """搜索词索引."""
    return cases.search_index(next(one for one in _consumers() if one.name == CONSUMER))


def city() -> Finding:
    """城市: it was set up, so a report finds its category."""
    count = Subcategory.objects.count()
    if count:
        return Finding("city", Level.OK, _("城市"), _("%(count)s 个小类") % {"count": count})
    remedy = _("请执行 changxiao init --city 440500。")
    return Finding("city", Level.WARN, _("城市"), _("还没有建立城市"), remedy)


def settings_findings() -> list[Finding]:
    """设置: Django's system checks and ours; those for deployment where CHANGXIAO_URL is https."""
    found = [
        Finding(
            f"settings.{message.id}",
            Level.ERROR if message.level >= django_checks.ERROR else Level.WARN,
            _("设置"),
            str(message.msg),
            str(message.hint or ""),
        )
        for message in django_checks.run_checks(include_deployment_checks=settings.HTTPS)
        if message.id not in _NOT_OURS and not message.is_silenced()
    ]
    return found or [Finding("settings", Level.OK, _("设置"), settings.SITE_URL)]


class _Remembered:
    """The last answer, for some seconds and for all threads."""

    def __init__(self) -> None:
        self._lock, self._at, self._found = Lock(), -REMEMBER_SECONDS, [Finding("", Level.OK, "")]

    def __call__(self) -> list[Finding]:
        with self._lock:
            if time.monotonic() - self._at >= REMEMBER_SECONDS:
                self._found, self._at = readiness(timezone.now()), time.monotonic()
            return self._found


remembered = _Remembered()


def _rows(found: list[Finding]) -> Iterator[dict[str, str]]:
    for one in found:
        yield {"id": one.id, "level": one.level.value}


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """就绪检查: 200 or 503 with the ids of what was asked."""
    found = remembered()
    ready = all(one.level != Level.ERROR for one in found)
    answer = JsonResponse(
        {"ready": ready, "findings": list(_rows(found))}, status=200 if ready else 503
    )
    if not ready:
        answer["Retry-After"] = "10"
    return answer
