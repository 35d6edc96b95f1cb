"""政策取值 about 长效: what comes back, whose finds count, and the days of inspections."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting
from changxiao.kernel.refused import Refused

# Chicago's 46,432 complaints were measured so (docs/lasting-effect.md); a city replaces it.
LASTING: Mapping[str, Setting] = {
    "lasting_metres": Setting(
        50,
        gettext_lazy("长效：复发距离（米）"),
        1,
        2000,
        gettext_lazy("结案后多远以内又有同一小类，算复发。"),
    ),
    "lasting_days": Setting(
        30,
        gettext_lazy("长效：复发天数"),
        1,
        365,
        gettext_lazy("结案后多少天以内又有同一小类，算复发；“保持”也看这么多天。"),
    ),
    "lasting_reach": Setting(
        "",
        gettext_lazy("长效：各小类的距离与天数"),
        meaning=gettext_lazy(
            "与上面不同的小类，写成 e0110=30/14（30 米、14 天），几个之间用空格隔开。"
        ),
    ),
    "lasting_channels": Setting(
        "public hotline wechat letter open311",
        gettext_lazy("长效：哪些来源的发现算复发"),
        meaning=gettext_lazy(
            "来源代码，空格隔开。只写不会因为查得勤就变多的：公众的，和抽签决定去哪里的督查。"
        ),
    ),
    "lasting_campaigns": Setting(
        "",
        gettext_lazy("长效：检查日与专项行动"),
        meaning=gettext_lazy(
            "写成 2026-10-15（一天）或 2026-11-01/2026-11-07（几天），空格隔开；"
            "“不反弹”看它们过后的两个星期。"
        ),
    ),
    # Where no census of junctions is kept, traffic lights stand at them: ours.
    "lasting_junctions": Setting(
        "c0214",
        gettext_lazy("长效：哪些部件标明路口"),
        meaning=gettext_lazy(
            "部件小类代码，空格隔开，如 c0214 交通信号灯；它们在哪里，哪里就是路口。"
        ),
    ),
    "lasting_junction_metres": Setting(
        40,
        gettext_lazy("长效：路口范围（米）"),
        5,
        200,
        gettext_lazy("离路口部件多近的案卷算这个路口的；相距不到两倍的部件算同一个路口。"),
    ),
    "lasting_weights": Setting(
        "kept=30 once=25 flat=15 steady=15 first=15",
        gettext_lazy("长效：五部分的权重"),
        meaning=gettext_lazy(
            "kept 保持、once 不复发、flat 不反弹、steady 平稳、first 先发现，各写百分之几，"
            "合计 100；写 0 的不计入。已下载的表写明当时的权重。"
        ),
    ),
    # Once a week or so in ninety days: ours; no text says how often somebody must look.
    "highlight_days": Setting(
        90,
        gettext_lazy("亮点：安静多少天"),
        1,
        365,
        gettext_lazy("反复点位最后一次结案后，这么多天没有任何人再发现，才是通报的亮点候选。"),
    ),
    "highlight_times": Setting(
        2,
        gettext_lazy("亮点：曾复发多少次"),
        1,
        100,
        gettext_lazy("复发过这么多次以上的点位，才算原来的反复点位。"),
    ),
    "highlight_visits": Setting(
        12,
        gettext_lazy("亮点：期间至少多少天有巡查"),
        0,
        365,
        gettext_lazy("没有人去看不算安静：安静期间本社区有巡查的日子不少于这么多天。"),
    ),
}
_KEY = re.compile(r"([ce]\d{4})=(\d{1,4})/(\d{1,3})")
Days = tuple[date, date]


def reaches(written: str) -> dict[str, tuple[float, float]]:
    """各小类的米与天. Refused `policy_unreadable` names the first that is none."""
    found = {}
    for one in written.split():
        told = _KEY.fullmatch(one)
        if told is None or not int(told[2]) or not int(told[3]):
            message = _("“%(one)s”读不懂：请写成 e0110=30/14，即 30 米、14 天")
            raise Refused("policy_unreadable", message % {"one": one[:30]}, field="lasting_reach")
        found[told[1]] = (float(told[2]), float(told[3]))
    return found


PARTS = ("kept", "once", "flat", "steady", "first")
_WEIGHT = re.compile(rf"({'|'.join(PARTS)})=(\d{{1,3}})")


def weights(written: str) -> dict[str, int]:
    """五部分的权重, per cent, in their order. Refused `policy_unreadable`: one that is none, is
    named twice or is missing, or all of them do not add up to a hundred."""
    found: dict[str, int] = {}
    for one in written.split():
        told = _WEIGHT.fullmatch(one)
        if told is None or told[1] in found:
            message = _("“%(one)s”读不懂或重复：请写成 %(example)s")
            values = {"one": one[:30], "example": LASTING["lasting_weights"].default}
            raise Refused("policy_unreadable", message % values, field="lasting_weights")
        found[told[1]] = int(told[2])
    missing = [name for name in PARTS if name not in found]
    if missing or sum(found.values()) != 100:
        message = _("权重须五部分都写、合计 100：现在合计 %(sum)d，缺 %(missing)s")
        values = {"sum": sum(found.values()), "missing": " ".join(missing) or "—"}
        raise Refused("policy_unreadable", message % values, field="lasting_weights")
    return {name: found[name] for name in PARTS}


def junctions(written: str) -> list[str]:
    """路口部件的小类若干. Refused `policy_unreadable`."""
    for one in written.split():
        if not re.fullmatch(r"c\d{4}", one):
            message = _("“%(one)s”不是部件小类代码：请写成 c0214 这样，空格隔开")
            values = {"one": one[:30]}
            raise Refused("policy_unreadable", message % values, field="lasting_junctions")
    return written.split()


def channels(written: str) -> list[str]:
    """来源若干. Refused `policy_unreadable`."""
    for one in written.split():
        if not re.fullmatch(r"[a-z0-9_]{1,20}", one):
            message = _("“%(one)s”不是来源代码：请写成 public hotline 这样，空格隔开")
            raise Refused(
                "policy_unreadable", message % {"one": one[:30]}, field="lasting_channels"
            )
    return written.split()


def campaigns(written: str) -> tuple[Days, ...]:
    """检查日与专项行动, by their first day. Refused `policy_unreadable`."""
    return tuple(sorted(_days(one) for one in written.split()))


def _days(one: str) -> Days:
    first, _slash, last = one.partition("/")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        days = date.max, date.min
    if days[0] > days[1]:
        message = _("“%(one)s”不是日子：请写成 2026-10-15 或 2026-11-01/2026-11-07")
        raise Refused("policy_unreadable", message % {"one": one[:30]}, field="lasting_campaigns")
    return days


def _read(reader: Callable[[str], object]) -> Callable[[str], str]:
    def read(written: str) -> str:
        reader(written)
        return " ".join(dict.fromkeys(written.split()))

    return read


LASTING_TEXTS = {
    "lasting_reach": _read(reaches),
    "lasting_channels": _read(channels),
    "lasting_campaigns": _read(campaigns),
    "lasting_weights": _read(weights),
    "lasting_junctions": _read(junctions),
}
