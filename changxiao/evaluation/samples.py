"""演示评价: last month's rankings of the demo city, by acting: departments published, streets a
draft. Twice is as once."""

from __future__ import annotations

import uuid
from datetime import datetime

from changxiao.evaluation import actions, working
from changxiao.evaluation.flow import State
from changxiao.evaluation.forms import last_month
from changxiao.evaluation.listing import latest_schemes
from changxiao.evaluation.models import Evaluation
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date
from changxiao.orgs.posts import Post

SHOWN = ("department", "area")


def build(until: datetime) -> int:
    """演示评价: how many were computed. A home that has one already is left as it is."""
    if Evaluation.everything.exists():
        return 0
    for scheme in latest_schemes():
        if scheme.key in SHOWN:
            actions.compute(scheme, label=last_month(local_date(until)), act=_act(scheme.key))
    done = working.work()
    for row in Evaluation.everything.filter(state=State.DRAFT, key=SHOWN[0]):
        actions.publish(row, act=_act("publish"))
    return done


def _act(what: str) -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/evaluation/{what}"))
    return Act(actor="center-director", post=Post.CENTER_DIRECTOR, key=key)
