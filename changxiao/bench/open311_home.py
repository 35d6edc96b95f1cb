"""测试目录的准备 for `bench open311`: a key, published cases, statements counted.

`python -m changxiao.bench.open311_home prepare|count` runs in a process whose home it is, and
answers JSON on stdout.
"""

from __future__ import annotations

import json
import secrets
import sys
from typing import Any

NAME = "bench-open311"
PLENTY = 1_000_000_000
CHUNK = 2_000
_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def prepare() -> dict[str, Any]:
    """准备: throttles raised by rows, a key, every ended case published."""
    from changxiao.bench.load_places import spots
    from changxiao.cases.models import Case
    from changxiao.cases.models_public import Publication
    from changxiao.orgs.models import ThrottleRule
    from changxiao.orgs.throttle import DEFAULTS

    for scope, (_limit, window) in DEFAULTS.items():
        ThrottleRule.objects.update_or_create(
            scope=scope, defaults={"limit": PLENTY, "window": window}
        )
    last = (
        Case.everything.filter(stage="closed")
        .order_by("-reported_at")
        .select_related("subcategory")[0]
    )
    _publish()
    spot = spots(1, 7)[0]
    return {
        "key": _key(),
        "service": last.subcategory.key,
        "place": [float(spot.lon), float(spot.lat)],
        "public": Publication.objects.count(),
    }


def _publish() -> None:
    # In bulk and without entries: a home that only this bench and its like ever read.
    from changxiao.cases.models import Case
    from changxiao.cases.models_public import Publication

    rows = Case.everything.filter(ended_at__isnull=False, publication=None)
    Publication.objects.bulk_create(
        (
            Publication(
                case_id=pk,
                text=text,
                published_by=NAME,
                published_at=ended or reported,
                reported_at=reported,
            )
            for pk, text, ended, reported in rows.values_list(
                "pk", "description", "ended_at", "reported_at"
            )
        ),
        batch_size=CHUNK,
    )


def _key() -> str:
    from changxiao.kernel.act import Act
    from changxiao.orgs import actions
    from changxiao.orgs.models import Staff

    run = secrets.token_hex(4)
    staff = Staff.objects.filter(username=NAME).first()
    if staff is None:
        hired = Act.system("bench", f"bench/{run}/hire")
        staff = actions.hire(username=NAME, name="开放接口", act=hired)
    act = Act.system("bench", f"bench/{run}/token")
    return actions.issue_token(staff, act=act, kind="open311")[1]


def count(told: dict[str, str]) -> dict[str, int]:
    """语句数: of a second request to each, in this process; less transaction control."""
    from django.conf import settings
    from django.test import Client

    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
    browser = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="zh-hans")

    def post(turn: int) -> Any:
        return browser.post(
            told["post"],
            f"{told['form']}{turn}",
            content_type="application/x-www-form-urlencoded",
        )

    return {
        "list": _statements([lambda: browser.get(told["list"])] * 2),
        "post": _statements([lambda: post(1), lambda: post(2)]),
    }


def _statements(turns: list[Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for turn in turns:
        with CaptureQueriesContext(connection) as captured:
            answer = turn()
        if answer.status_code not in {200, 201}:
            raise RuntimeError(f"{answer.status_code} {answer.content[:300]!r}")
    asked = [query["sql"].upper() for query in captured.captured_queries]
    return sum(not sql.startswith(_CONTROL) for sql in asked)


def main(task: str) -> None:
    """入口: the task's input is JSON, the second argument, where it takes any."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    from changxiao.kernel.scope import system, viewing

    with viewing(system("bench")):
        told: Any = prepare() if task == "prepare" else count(json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
