"""测试目录的准备 for `bench http`: who asks, what a request asks the database, plain alternatives.

`python -m changxiao.bench.http_home prepare|count|plain` runs in a process whose home it is, and
answers JSON on stdout.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

NAME = "bench-call-desk"
PLENTY = 1_000_000_000
SECONDS = 1.5
_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def prepare() -> dict[str, Any]:
    """准备: a dispatcher who also takes calls, token and session; throttles raised by rows."""
    from changxiao.bench.load_places import spots
    from changxiao.cases.models import Case
    from changxiao.orgs.models import ThrottleRule
    from changxiao.orgs.throttle import DEFAULTS

    for scope, (_limit, window) in DEFAULTS.items():
        ThrottleRule.objects.update_or_create(
            scope=scope, defaults={"limit": PLENTY, "window": window}
        )
    cases = Case.everything.order_by("-reported_at", "-id").select_related("subcategory")
    last = cases.filter(stage="closed", code__isnull=False)[0]
    spot = spots(1, 7)[0]
    return {
        **_person(),
        "number": last.number,
        "subcategory": last.subcategory.key,
        "place": [float(spot.lon), float(spot.lat)],
        "cases": Case.everything.count(),
    }


def _person() -> dict[str, str]:
    from django.test import Client

    from changxiao.kernel.act import Act
    from changxiao.orgs import actions
    from changxiao.orgs.models import Staff
    from changxiao.orgs.posts import Post

    run = secrets.token_hex(4)

    def act(step: str) -> Act:
        return Act.system("bench", f"bench/{run}/{step}")

    staff = Staff.objects.filter(username=NAME).first()
    if staff is None:
        staff = actions.hire(username=NAME, name="测试员", act=act("hire"))
        for post in (Post.INTAKE, Post.DISPATCHER):
            actions.appoint(staff, post=post, act=act(post))
        own = Act(actor=NAME, key=f"bench-password-{run}")
        actions.set_password(staff, password=secrets.token_urlsafe(24), act=own)
    browser = Client()
    staff.refresh_from_db()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    (session,) = browser.cookies.values()
    return {
        "token": actions.issue_token(staff, act=act("token"))[1],
        "cookie": f"{session.key}={session.value}",
    }


def count(told: dict[str, Any]) -> dict[str, int]:
    """语句数: of a second request to each path, in this process; less transaction control."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counted = {}
    for name, (method, path) in told["paths"].items():
        for turn in ("warm", "cold"):
            browser = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="zh-hans")
            headers = {**told["headers"][name], "Idempotency-Key": f"{told['begin']}-{turn}"}
            with CaptureQueriesContext(connection) as captured:
                answer = browser.generic(
                    method,
                    path,
                    told["bodies"].get(name, ""),
                    content_type="application/json",
                    headers=headers,
                )
        if answer.status_code not in {200, 201}:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
        asked = [query["sql"].upper() for query in captured.captured_queries]
        counted[name] = sum(not sql.startswith(_CONTROL) for sql in asked)
    return counted


def plain(_told: dict[str, Any]) -> dict[str, float]:
    """对照: what the same disk and the same rows allow without any of ours, a second."""
    return {"commit": _commits(), "list": _selects(_listed), "case": _selects(_one)}


def _commits() -> float:
    """One row of 1.5 kB a transaction, WAL and synchronous=FULL, on the disk of the home."""
    import sqlite3

    from changxiao.kernel.home import folder

    with tempfile.TemporaryDirectory(dir=folder("tmp")) as place:
        store = sqlite3.connect(f"{place}/plain.sqlite3", isolation_level=None)
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        store.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, body TEXT)")
        body = "x" * 1500
        done = _rate(lambda: store.execute("INSERT INTO plain (body) VALUES (?)", [body]))
        store.close()
    return done


def _selects(work: Callable[[Any], object]) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        return _rate(lambda: work(cursor))


def _listed(cursor: Any) -> str:
    cursor.execute("SELECT * FROM cases_case ORDER BY queue_at, id LIMIT 21")
    return json.dumps(cursor.fetchall(), default=str)


def _one(cursor: Any) -> str:
    cursor.execute("SELECT * FROM cases_case WHERE stage = 'closed' ORDER BY queue_at LIMIT 1")
    case = cursor.fetchone()
    cursor.execute("SELECT * FROM ledger_entry WHERE stream = %s ORDER BY n", [f"case:{case[1]}"])
    return json.dumps([case, cursor.fetchall()], default=str)


def _rate(work: Callable[[], object]) -> float:
    begin, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - begin) < SECONDS:
        work()
        done += 1
    return done / spent


def main(task: str) -> None:
    """入口: the task's input is JSON, the second argument, where it takes any."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    from changxiao.kernel.scope import system, viewing

    with viewing(system("bench")):
        if task == "prepare":
            told = prepare()
        else:
            work: Callable[[dict[str, Any]], dict[str, Any]] = count if task == "count" else plain
            told = work(json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
