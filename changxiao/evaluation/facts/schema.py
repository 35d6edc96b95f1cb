"""事实表结构: the tables that indicators count from, version 1. Pure.

Times are naive UTC with microseconds; a code that is not there is "", so that every group has a
name; a flag is never null. Places are whole 1e-7 degrees WGS-84, so that no float enters a digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

VERSION = 1

CODE, TIME, FLAG, COUNT, ANSWER, PLACE = "code", "time", "flag", "count", "answer", "place"
# Arrow's name of the type, and whether there may be nothing.
_ARROW = {
    CODE: ("string", False),
    TIME: ("timestamp[us]", True),
    FLAG: ("bool", False),
    COUNT: ("int64", False),
    ANSWER: ("bool", True),
    PLACE: ("int64", True),
}
_IBIS = {
    CODE: "string",
    TIME: "timestamp(6)",
    FLAG: "boolean",
    COUNT: "int64",
    ANSWER: "boolean",
    PLACE: "int64",
}


@dataclass(frozen=True, slots=True)
class Column:
    """列: name, kind (code, time, flag, count, answer = flag or unknown, place) and its meaning."""

    name: str
    kind: str
    zh: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """事实表: its columns in order, its key, and the columns that may be ranked by (`groups`)."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    groups: frozenset[str]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _columns(text: str) -> tuple[Column, ...]:
    rows = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(Column(name, kind, zh) for name, kind, zh in rows)


CASES = FactTable(
    "cases",
    "案卷",
    _columns(
        """
        city          code   城市代码
        number        code   受理号
        stage         code   环节（导出时）
        channel       code   来源
        category      code   小类代码
        criterion     code   立案标准及版本
        urgent        flag   紧急
        district      code   区代码
        street        code   街道代码
        community     code   社区代码
        unit_grid     code   单元网格
        duty_grid     code   责任网格
        x             place  经度，1e-7 度 WGS-84
        y             place  纬度，1e-7 度 WGS-84
        department    code   主办单位
        contractor    code   管养单位（按标段派遣时）
        reported_at   time   上报时间
        filed_at      time   立案时间
        dispatched_at time   最近一次派遣时间
        due_at        time   应处置时间，含延期、挂账顺延；挂账中为挂账前的时间
        handled_at    time   成立的反馈时间；返工后为空，直到再次反馈
        closed_at     time   结案时间（含强制结案）；重办后为空
        close_due_at  time   应结案时间
        voided_at     time   作废时间
        joined_at     time   并案时间
        late          flag   处置曾超期，此后不变
        forced        flag   强制结案
        suspended     flag   挂账中
        appeal_upheld flag   申诉成立，统计免计
        reworks       count  返工次数
        returns       count  同意回退次数
        extensions    count  延期次数
        misdispatched flag   误派：回退获准后改派他单位，或权属裁定为他单位
        supervised    count  督办次数
        important     flag   领导、媒体或上级来源，或有领导、重要督办
        self_found    flag   自己发现：监督员、督查、视频、智能识别、物联感知
        public_found  flag   公众发现：公众、热线、来信、微信、Open311
        missed        flag   认定漏报
        on_spot       flag   自处置
        reopened      flag   举报人不认可而重办
        solved        answer 举报人说是否解决
        satisfied     answer 举报人是否满意（含基本满意）
        called_back   flag   回访接通
        """
    ),
    ("city", "number"),
    frozenset(
        [
            "city",
            "district",
            "street",
            "community",
            "unit_grid",
            "duty_grid",
            "department",
            "contractor",
            "category",
            "channel",
            "criterion",
        ]
    ),
)
TASKS = FactTable(
    "tasks",
    "环节任务",
    _columns(
        """
        city        code   城市代码
        number      code   受理号
        n           count  在案卷记录中的序号；未办完的为下一序号
        kind        code   任务，见下
        post        code   办理岗位
        person      code   办理人；未办完的为被指派人
        department  code   主办单位
        duty_grid   code   责任网格
        district    code   区代码
        street      code   街道代码
        started_at  time   开始计时
        due_at      time   应办时间；无时限为空
        done_at     time   办结时间
        sound       answer 办得对：上报被立案、立案未作废、派遣未误派、反馈未返工
        reworks     count  此次派遣或处置之后的返工次数
        """
    ),
    ("city", "number", "n", "kind", "person"),
    frozenset({"city", "district", "street", "duty_grid", "department", "person", "post"}),
)
OBSERVATIONS = FactTable(
    "observations",
    "观测",
    _columns(
        """
        city         code   城市代码
        item         code   观测编号
        kind         code   观测项目，即指标的键
        subject_kind code   对象类别：路口、单位、点位
        subject      code   对象代码
        department   code   负责单位
        district     code   区代码
        street       code   街道代码
        observed_at  time   观测时间
        numerator    count  符合数或得分
        denominator  count  观测数或满分
        """
    ),
    ("city", "item", "kind"),
    frozenset({"city", "district", "street", "subject", "department"}),
)
TABLES: dict[str, FactTable] = {one.name: one for one in (CASES, TASKS, OBSERVATIONS)}

# What a task is, in the order of the road; the last three are events that have no limit.
TASK_KINDS = (
    *("accept", "send_confirm", "confirm", "file", "dispatch", "handle", "send_check", "check"),
    *("close", "report", "rework", "return", "suspend", "miss"),
)


@cache
def arrow(table: str) -> pa.Schema:
    """列类型 of a table as Arrow and Parquet have them."""
    import pyarrow as pa  # here and below: a second, which the table of columns does not cost

    told = ((column.name, *_ARROW[column.kind]) for column in TABLES[table].columns)
    return pa.schema([pa.field(name, pa.type_for_alias(kind), empty) for name, kind, empty in told])


@cache
def unbound(table: str) -> ir.Table:
    """未绑定的表: what an indicator is written against; any engine compiles it."""
    import ibis

    return ibis.table({c.name: _IBIS[c.kind] for c in TABLES[table].columns}, name=table)


def group_column(table: str, by: str) -> str:
    """分组列. Refused `group_unknown` where the table cannot be ranked by it."""
    if by not in TABLES[table].groups:
        told = {"by": by[:40], "table": table, "known": "、".join(sorted(TABLES[table].groups))}
        sentence = _("“%(by)s”不是%(table)s表的分组：可用 %(known)s。") % told
        raise Refused("group_unknown", sentence, field="by")
    return by
