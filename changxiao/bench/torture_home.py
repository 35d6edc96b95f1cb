"""城市准备 and 验尸 of the torture's home, each in a process whose home it is.

`python -m changxiao.bench.torture_home prepare` gives the clients tokens and raises the throttles
by rows; `… look` reads, after the last kill, what is really stored. Both answer JSON on stdout.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

CLIENTS = 8
PLENTY = 10_000_000
# Inside the built-up parts of Shantou (city 440500): 金平区, 龙湖区, 濠江区.
_PLACES = ((116.684, 23.364), (116.722, 23.372), (116.701, 23.356), (116.728, 23.284))


def prepare() -> dict[str, Any]:
    """准备: eight collectors and an intake desk with tokens; throttles raised, never skipped."""
    from changxiao.catalog.models import Subcategory
    from changxiao.orgs.models import ThrottleRule
    from changxiao.orgs.throttle import DEFAULTS

    for name, (_limit, window) in DEFAULTS.items():
        ThrottleRule.objects.update_or_create(
            scope=name, defaults={"limit": PLENTY * 1000, "window": window}
        )
    known = Subcategory.objects.order_by("id").first()
    assert known is not None, "init loads the catalogue"
    told = {
        "tokens": [_token(f"torture{index}", "collector") for index in range(CLIENTS)],
        "intake": _token("torture-intake", "intake"),
        "subcategory": known.key,
        "places": inside(),
    }
    _first_round()
    return told


def _first_round() -> None:
    """What a worker finds to do in a new home, a link for each leader among it, is done here and
    not at each start; what it starts apart is not ours to wait for."""
    from django.utils import timezone

    from changxiao import wiring
    from changxiao.kernel.scope import system, viewing
    from changxiao.worker import Worker

    apart = {"backup", "checkpoint.sweep", "evaluation", "facts"}
    with viewing(system("worker")):
        Worker(sweeps=[one for one in wiring.SWEEPS if one.name not in apart]).round(timezone.now())


def _token(username: str, post: str) -> str:
    from changxiao.kernel.act import Act
    from changxiao.orgs import actions

    def act(step: str) -> Act:
        return Act.system("torture", f"torture/{username}/{step}")

    staff = actions.hire(username=username, name=username, act=act("hire"))
    actions.appoint(staff, post=post, act=act("appoint"))
    return actions.issue_token(staff, act=act("token"))[1]


def inside() -> list[tuple[float, float]]:
    """城内的地点."""
    from changxiao.areas.locate import locator
    from changxiao.kernel.refused import Refused

    def known(lon: float, lat: float) -> bool:
        try:
            locator().at(lon, lat)
        except Refused:
            return False
        return True

    inside = [place for place in _PLACES if known(*place)]
    assert inside, "the city has outlines"
    return inside


def look() -> dict[str, Any]:
    """验尸: keys and their cases, the state of the file, and what lies about in the folders."""
    from django.db import connection

    from changxiao.ledger import sequencer

    told = _stored()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            told["integrity"] = str(cursor.fetchone()[0])
        told["sqlite"] = sqlite3.sqlite_version
    sequencer.drain()
    return told | _photos()


def _stored() -> dict[str, Any]:
    from changxiao.cases.models import Case
    from changxiao.ledger.models import Entry, Parked

    numbers: dict[str, list[str]] = {}
    for key, number in Case.everything.exclude(external="").values_list("external", "number"):
        numbers.setdefault(key, []).append(number)
    entries = Entry.objects.filter(verb="report").values_list("act_key", "stream")
    streams = {key: stream.partition(":")[2] for key, stream in entries}
    return {"cases": numbers, "entries": streams, "parked": Parked.objects.count()}


def _photos() -> dict[str, Any]:
    """Rows without a file, and files without a row once the sweep has gone through."""
    from django.utils import timezone

    from changxiao.kernel.home import folder
    from changxiao.ledger.media import files, jobs
    from changxiao.ledger.media.models import Photo

    named: set[Path] = set()
    for photo in Photo.objects.all():
        named |= set(photo.paths)
    missing = [path.name for path in named if not path.is_file()]
    swept = jobs.sweep_orphans(timezone.now() + timedelta(hours=2))
    lying = {p for name in ("media", "vault") for p in folder(name).rglob("*") if p.is_file()}
    left = [p for p in folder("tmp").iterdir() if p.suffix in {files.CLAIM, files.PART}]
    return {
        "photos": Photo.objects.count(),
        "rows_without_file": len(missing),
        "swept": swept,
        "orphans": len(lying - named) + len(left),
    }


def sessions() -> dict[str, Any]:
    """各监督员的会话."""
    return {"sessions": [session(f"torture{index}") for index in range(CLIENTS)]}


def session(username: str = "torture0") -> dict[str, str]:
    """会话: of a collector, as the phone's browser has it, with its CSRF token."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from changxiao.orgs.models import Staff

    named = Staff.objects.filter(username=username)
    named.update(must_change_password=False, password_changed_at=timezone.now())
    staff = named.get()
    from changxiao.ui.statics import collect_if_changed

    collect_if_changed()
    store = SessionStore()
    store[SESSION_KEY] = str(staff.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    store["cx_kind"] = "field"
    store.create()
    key = str(store.session_key)
    return {"user": username, "session": key, "csrf": get_random_string(32)}


def offline() -> dict[str, Any]:
    """离线验尸: cases by what they say of themselves, photos in them, and photos still awaited."""
    from changxiao.cases.models import Case, CasePhoto
    from changxiao.cases.models_evidence import AwaitedPhoto

    found: dict[str, list[str]] = {}
    for key, number in Case.everything.values_list("description", "number"):
        found.setdefault(key, []).append(number)
    waiting = AwaitedPhoto.objects.filter(state=AwaitedPhoto.State.WAITING).count()
    return {"cases": found, "photos": CasePhoto.objects.count(), "waiting": waiting}


def main(task: str) -> None:
    """入口: one of the tasks above, by name."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    from changxiao.bench.torture_tasks import acts, shift
    from changxiao.kernel.scope import system, viewing

    with viewing(system("torture")):
        known = {"prepare": prepare, "look": look, "session": session, "offline": offline}
        told = (known | {"acts": acts, "shift": shift, "sessions": sessions})[task]()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
