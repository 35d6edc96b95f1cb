"""演示评价: last month's rankings of the demo city, by acting: departments and the benchmark of
streets published, streets a draft. Twice is as once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from changxiao.areas.models import Subdistrict
from changxiao.evaluation import actions, working
from changxiao.evaluation.flow import State
from changxiao.evaluation.forms import last_month
from changxiao.evaluation.listing import latest_schemes
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.rankings.marks import Line
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date
from changxiao.orgs.posts import Post

SHOWN = ("department", "area", "benchmark")
# What was found on the spot, and how many points it took.
FOUND = (
    ("背街小巷积存垃圾", "1.5"),
    ("公益广告破损 2 处", "2"),
    ("非机动车乱停放", "3"),
    ("沿街商铺占道经营", "4.5"),
    ("消防通道堵塞", "6"),
)
SURVEYORS = "第三方测评组"


def build(until: datetime) -> int:
    """演示评价: how many were computed. A home that has one already is left as it is."""
    if Evaluation.everything.exists():
        return 0
    label = last_month(local_date(until))
    schemes = {one.key: one for one in latest_schemes() if one.key in SHOWN}
    if benchmark := schemes.get("benchmark"):
        _score(benchmark, label)
    for scheme in schemes.values():
        actions.compute(scheme, label=label, act=_act(scheme.key))
    done = working.work()
    for row in Evaluation.everything.filter(state=State.DRAFT, key__in=["department", "benchmark"]):
        actions.publish(row, act=_act(f"publish/{row.key}"))
    return done


def _score(scheme: SchemeVersion, label: str) -> None:
    """外部得分 of every street, confirmed by a leader; and a bonus that waits for one."""
    streets = list(Subdistrict.objects.order_by("code").values_list("code", flat=True))
    lines = [_line("onsite", code, n) for n, code in enumerate(streets)]
    file = f"实地测评 {label}.xlsx"
    sheet = actions.submit_scores(
        scheme, period=label, lines=lines, file=file, act=_act("scores/onsite")
    )
    leader = replace(_act("scores/confirm"), actor="leader", post=Post.LEADER)
    actions.confirm_scores(sheet, act=leader)
    for code in streets[:1]:
        bonus = [Line("bonus", code, "2", "", "承办全市现场会", "会议通知.pdf", "")]
        file = f"加分 {label}.xlsx"
        actions.submit_scores(
            scheme, period=label, lines=bonus, file=file, act=_act("scores/bonus")
        )


def _line(item: str, code: str, n: int) -> Line:
    reason, minus = FOUND[(n * 7) % len(FOUND)]
    return Line(item, code, "", minus, reason, f"点位 {n + 1:02} 照片", SURVEYORS)


def _act(what: str) -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/evaluation/{what}"))
    return Act(actor="center-director", post=Post.CENTER_DIRECTOR, key=key)
