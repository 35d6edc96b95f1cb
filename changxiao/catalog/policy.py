"""政策取值 policy: the numbers that a city sets, with their defaults in one table.

A default is what holds until a city says otherwise (`set_policy`); the type of the default is the
type of the value. Where a number has a published source it stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog.snapshot import rules
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit, parse_limit

Value = Limit | Decimal | int | bool | str
_YES, _NO = frozenset({"1", "true", "yes", "是"}), frozenset({"0", "false", "no", "否"})


@dataclass(frozen=True, slots=True)
class Setting:
    """取值项: its default, its name for people, and the lowest and highest a number may be."""

    default: Value
    title: str | Promise
    lowest: int = 0
    highest: int = 1_000_000


def _limit(amount: str, unit: TimeUnit) -> Limit:
    return Limit(Decimal(amount), unit)


SETTINGS: Mapping[str, Setting] = {
    # domain.md §5.6: send-back only within a receiving window; the window is our rule
    "receiving_window": Setting(_limit("2", TimeUnit.WORK_HOUR), gettext_lazy("签收时限")),
    "receiving_window_urgent": Setting(
        _limit("0.5", TimeUnit.URGENT_HOUR), gettext_lazy("紧急案卷签收时限")
    ),
    "send_backs_before_ruling": Setting(2, gettext_lazy("权属裁定前的回退次数"), 1, 9),
    "rework_floor": Setting(_limit("2", TimeUnit.WORK_HOUR), gettext_lazy("返工最短时限")),
    # Yuncheng design (2024): at most two extensions, each one original limit; suspension ≤ 1 year
    "extension_most": Setting(2, gettext_lazy("延期次数上限"), 0, 9),
    "suspension_longest_days": Setting(365, gettext_lazy("挂账最长天数"), 1, 3650),
    # Yuncheng design (2024): similar cases within 50 m and 24 h
    "similar_radius_m": Setting(50, gettext_lazy("相似案卷距离（米）"), 1, 5000),
    "similar_hours": Setting(24, gettext_lazy("相似案卷时间（小时）"), 1, 8760),
    "public_similar_radius_m": Setting(100, gettext_lazy("公众可见相似问题距离（米）"), 1, 5000),
    "warning_share": Setting(Decimal("0.8"), gettext_lazy("预警比例（已用时限）"), 0, 1),
    "timezone": Setting("Asia/Shanghai", gettext_lazy("时区")),
    # the name of the day table; empty: the city has none, and weekdays alone decide
    "calendar": Setting("cn", gettext_lazy("日期表")),
}


def setting(key: str) -> Setting:
    """取值项: by key; Refused `policy_unknown` lists what there is."""
    try:
        return SETTINGS[key]
    except KeyError:
        raise Refused(
            "policy_unknown",
            _("没有政策取值“%(key)s”：可用 %(known)s")
            % {"key": key, "known": "、".join(sorted(SETTINGS))},
            field="key",
        ) from None


def value(key: str) -> Value:
    """当前取值: the city's own, else the default."""
    own = rules().policy.get(key)
    return setting(key).default if own is None else _parsed(key, own)


def limit(key: str) -> Limit:
    """当前取值, a limit."""
    found = value(key)
    assert isinstance(found, Limit), key
    return found


def number(key: str) -> int:
    """当前取值, a whole number."""
    found = value(key)
    assert isinstance(found, int), key
    return found


def text(key: str) -> str:
    """当前取值, words."""
    return str(value(key))


def city_zone() -> ZoneInfo:
    """城市时区, as every room reads it through `kernel.day`."""
    return ZoneInfo(text("timezone"))


def parse(key: str, written: str) -> Value:
    """读取取值: by the type of the default; Refused `policy_unreadable` names key, value, range."""
    known = setting(key)
    default = known.default
    if isinstance(default, Limit):
        return parse_limit(written)
    if isinstance(default, str):
        return _zone_name(written.strip()) if key == "timezone" else written.strip()
    try:
        found = _plain(default, written.strip())
    except (ValueError, InvalidOperation):
        found = None
    if found is None or not known.lowest <= found <= known.highest:
        raise Refused(
            "policy_unreadable",
            _("%(title)s的取值“%(value)s”不可用：请填 %(lowest)s 至 %(highest)s 之间的数")
            % {
                "title": known.title,
                "value": written,
                "lowest": known.lowest,
                "highest": known.highest,
            },
            field=key,
        )
    return found


_parsed = lru_cache(256)(parse)  # stored text never changes its meaning


def written(found: Value) -> str:
    """存储文字: what `parse` reads back, independent of anybody's language."""
    if isinstance(found, Limit):
        return f"{found.amount.normalize():f} {_UNIT_WORDS[found.unit]}"
    return str(found)


_UNIT_WORDS = {
    TimeUnit.URGENT_HOUR: "紧急工作时",
    TimeUnit.URGENT_DAY: "紧急工作日",
    TimeUnit.WORK_HOUR: "工作时",
    TimeUnit.WORK_DAY: "工作日",
    TimeUnit.CALENDAR_DAY: "自然日",
}


def _zone_name(name: str) -> str:
    # A zone that nobody knows would take the day away from every page, this one's included.
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        message = _("时区“%(name)s”不存在：请写成 Asia/Shanghai 这样的名称") % {"name": name}
        raise Refused("policy_unreadable", message, field="timezone") from None


def _plain(default: Value, written: str) -> Decimal | int | bool | None:
    if isinstance(default, bool):
        return written in _YES if written in _YES | _NO else None
    return int(written) if isinstance(default, int) else Decimal(written)
