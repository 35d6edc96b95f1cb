"""演示回访 calls: half of those who asked to be rung have been; one could not be reached."""

from __future__ import annotations

import uuid
from datetime import timedelta

from changxiao.cases import actions
from changxiao.cases.actions import Heard
from changxiao.cases.models import Case, Satisfaction
from changxiao.cases.models_calls import CallbackState
from changxiao.cases.samples.data import ORIGIN
from changxiao.cases.samples.people import People
from changxiao.cases.samples.plan import Wish
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.orgs.posts import Post

ANSWERS = (
    Heard(True, True, Satisfaction.SATISFIED.value),
    Heard(True, True, Satisfaction.FAIRLY.value, "来得慢了些，结果可以。"),
    Heard(False),
    Heard(True, False, Satisfaction.UNSATISFIED.value, "堵了两天又漫出来，请再来看看。"),
)


def ring(wish: Wish) -> int:
    """回访: how many were rung now; a demo that has rung before is left as it is."""
    asked = Case.everything.exclude(callback="")
    if asked.filter(callback_tries__gt=0).exists():
        return 0
    rows = list(asked.filter(callback=CallbackState.WAITING).order_by("callback_due_at"))
    clerk = People(wish.until).first(Post.INTAKE)
    for number, case in enumerate(rows[: len(rows) // 2]):
        at = wish.until - timedelta(minutes=7 * (len(rows) - number))
        key = str(uuid.uuid5(NAMESPACE, f"demo/{wish.seed}/ring/{case.number}"))
        act = Act(actor=clerk, post=Post.INTAKE, key=key, at=at, origin=ORIGIN)
        actions.call_back(case, heard=ANSWERS[number % len(ANSWERS)], act=act)
    return len(rows) // 2
