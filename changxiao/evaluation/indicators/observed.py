"""观测指标: of junctions, rectification and hotline: what was counted elsewhere, and call-backs.
Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changxiao.evaluation.indicators.base import LOW, NUMBER, Measure, within
from changxiao.evaluation.indicators.rows import UNITS, observed, row
from changxiao.evaluation.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


def solve(cases: ir.Table, period: Period) -> Measure:
    """解决率: of the closed cases whose reporter said so, how many are solved."""
    return Measure(within(cases.closed_at, period) & cases.solved.notnull(), cases.solved)


def satisfy(cases: ir.Table, period: Period) -> Measure:
    """满意率: of the closed cases whose reporter gave a mark, how many satisfied him."""
    return Measure(within(cases.closed_at, period) & cases.satisfied.notnull(), cases.satisfied)


_LIGHTS = {"source": "厦门 2021、天门 2021-11、广东 2021Q3"}
_MARKS = {"source": "汕头 2021–22，34 个路口，视频与现场评分"}
_ORDER = {"level": "cw", "by": ("department", "subject", "district", "street", "city")}
_FAULTS = {**_ORDER, "kind": NUMBER, "better": LOW, "source": "金华"}
_HOTLINE = {"level": "hotline", "cohort": "closed", "by": UNITS}
ROWS = (
    observed(
        "yield",
        "机动车斑马线礼让率",
        "Vehicle yielding at crosswalk rate",
        "礼让车辆/遇行人车辆",
        **_LIGHTS,
    ),
    observed(
        "ped_light",
        "行人遵守信号灯率",
        "Pedestrian signal compliance",
        "遵守人数/观测人数",
        **_LIGHTS,
    ),
    observed(
        "nmv_light",
        "非机动车遵守信号灯率",
        "Non-motor-vehicle signal compliance",
        "遵守数/观测数",
        **_LIGHTS,
    ),
    observed(
        "ebike_helmet", "电动自行车头盔佩戴率", "E-bike helmet rate", "佩戴数/观测数", **_LIGHTS
    ),
    observed(
        "moto_helmet", "摩托车头盔佩戴率", "Motorcycle helmet rate", "佩戴数/观测数", **_LIGHTS
    ),
    observed("seatbelt", "汽车安全带使用率", "Seat-belt rate", "佩戴数/观测数", **_LIGHTS),
    observed(
        "ind_helmet",
        "行业电动车头盔佩戴率",
        "Delivery-industry e-bike helmet rate",
        "佩戴数/观测数",
    ),
    observed("plate", "上牌率", "E-bike plate rate", "上牌数/观测数"),
    observed("s_presence", "警力到位情况", "Officers on post", "得分/满分", **_MARKS),
    observed("s_discipline", "执勤纪律", "Duty discipline", "得分/满分", **_MARKS),
    observed("s_gesture", "指挥姿势", "Directing gestures", "得分/满分", **_MARKS),
    observed("s_manage", "管理率", "Management rate", "得分/满分", **_MARKS),
    observed("s_comply", "遵章率", "Rule-compliance rate", "得分/满分", **_MARKS),
    observed("s_order", "路口秩序", "Junction order", "得分/满分", **_MARKS),
    observed(
        "rect_rate",
        "整改率",
        "Rectification rate",
        "整改完成数/交办问题数",
        source="江门红黑榜（周）",
        **_ORDER,
    ),
    observed(
        "rect_on_time", "按期整改率", "On-time rectification rate", "按期整改数/应整改数", **_ORDER
    ),
    observed(
        "recur_rate",
        "反弹率",
        "Recurrence rate",
        "销号后同点位同问题再现数/销号数",
        better=LOW,
        **_ORDER,
    ),
    observed(
        "score_rate", "得分率", "Score rate", "得分之和/满分之和", source="焦作模拟测评", **_ORDER
    ),
    observed(
        "respond",
        "响应率",
        "Response rate",
        "时限内联系数/全部件数",
        level="hotline",
        by=("subject", "city"),
    ),
    observed("fraud", "弄虚作假次数", "Times of fraud", "认定次数之和", **_FAULTS),
    observed("shirking", "推诿次数", "Times of shirking", "认定次数之和", **_FAULTS),
    row(solve, "解决率", "Solution rate", "已解决/有效回访", **_HOTLINE),
    row(satisfy, "满意率", "Satisfaction rate", "满意/有效回访", **_HOTLINE),
    observed(
        "sign_on_time",
        "及时签收率",
        "On-time sign-in rate",
        "按时签收数/交办数",
        source="连云港 12345",
        level="hotline",
        by=("subject", "city"),
    ),
)
