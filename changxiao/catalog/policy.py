"""政策取值 policy: the numbers that a city sets, with their defaults in one table.

A default is what holds until a city says otherwise (`set_policy`); the type of the default is the
type of the value. Where a number has a published source it stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog.policy_calls import CALLS
from changxiao.catalog.policy_evaluation import EVALUATION, EVALUATION_TEXTS
from changxiao.catalog.policy_field import FIELD, KINDS
from changxiao.catalog.policy_flags import FLAGS
from changxiao.catalog.policy_lasting import LASTING, LASTING_TEXTS
from changxiao.catalog.policy_notices import NOTICE_TEXTS, NOTICES
from changxiao.catalog.policy_patrol import PATROL
from changxiao.catalog.policy_public import PUBLIC
from changxiao.catalog.setting import Setting, Value
from changxiao.catalog.snapshot import policies
from changxiao.kernel.city import CITIES
from changxiao.kernel.refused import Refused
from changxiao.kernel.watches import Hours, read_hours
from changxiao.kernel.worktime import Limit, TimeUnit, parse_limit

_YES, _NO = frozenset({"1", "true", "yes", "是"}), frozenset({"0", "false", "no", "否"})


def _limit(amount: str, unit: TimeUnit) -> Limit:
    return Limit(Decimal(amount), unit)


SETTINGS: Mapping[str, Setting] = {
    # domain.md §5.6: send-back only within a receiving window; the window is our rule
    "receiving_window": Setting(
        _limit("2", TimeUnit.WORK_HOUR),
        gettext_lazy("签收时限"),
        meaning=gettext_lazy("派遣后多久内承办单位可以申请回退；过时视为签收。"),
    ),
    "receiving_window_urgent": Setting(
        _limit("0.5", TimeUnit.URGENT_HOUR),
        gettext_lazy("紧急案卷签收时限"),
        meaning=gettext_lazy("紧急立案标准的案卷用这个签收时限。"),
    ),
    "send_backs_before_ruling": Setting(
        2,
        gettext_lazy("权属裁定前的回退次数"),
        1,
        9,
        gettext_lazy("一件案卷回退这么多次后，须由领导裁定权属。"),
    ),
    "rework_floor": Setting(
        _limit("2", TimeUnit.WORK_HOUR),
        gettext_lazy("返工最短时限"),
        meaning=gettext_lazy("核查不通过时剩余时限不足的，至少给这么多时间。"),
    ),
    # Yuncheng design (2024): at most two extensions, each one original limit; suspension ≤ 1 year
    "extension_most": Setting(
        2,
        gettext_lazy("延期次数上限"),
        0,
        9,
        gettext_lazy("一件案卷最多可延期几次；0 为不许延期。"),
    ),
    "suspension_longest_days": Setting(
        365,
        gettext_lazy("挂账最长天数"),
        1,
        3650,
        gettext_lazy("一次挂账最多到多少天以后。"),
    ),
    # nobody opens a case after its end, so a time stands for it: our rule
    "recall_end_minutes": Setting(
        10,
        gettext_lazy("办结后可撤回的分钟数"),
        0,
        1440,
        gettext_lazy("结案、作废等办结步骤在这么多分钟内可由本人撤回；0 为不许撤回。"),
    ),
    # Yuncheng design (2024): similar cases within 50 m and 24 h
    "similar_radius_m": Setting(
        50,
        gettext_lazy("相似案卷距离（米）"),
        1,
        5000,
        gettext_lazy("受理时在这个距离内找可能重复的案卷。"),
    ),
    "similar_hours": Setting(
        24,
        gettext_lazy("相似案卷时间（小时）"),
        1,
        8760,
        gettext_lazy("受理时往前看这么多小时找可能重复的案卷。"),
    ),
    # How likely two reports tell of one thing: the mean of four parts (docs/suggestions.md); ours.
    "similar_weight_place": Setting(
        3,
        gettext_lazy("相似案卷权重：地点"),
        0,
        100,
        gettext_lazy("算“可能重复”时地点远近占几份。"),
    ),
    "similar_weight_time": Setting(
        1,
        gettext_lazy("相似案卷权重：时间"),
        0,
        100,
        gettext_lazy("算“可能重复”时上报时间远近占几份。"),
    ),
    "similar_weight_text": Setting(
        3,
        gettext_lazy("相似案卷权重：文字"),
        0,
        100,
        gettext_lazy("算“可能重复”时问题描述的相像占几份。"),
    ),
    "similar_weight_category": Setting(
        3,
        gettext_lazy("相似案卷权重：类别"),
        0,
        100,
        gettext_lazy("算“可能重复”时小类、大类相同占几份。"),
    ),
    "similar_score": Setting(
        60,
        gettext_lazy("相似案卷分数线"),
        0,
        100,
        gettext_lazy("分数到这条线的案卷标为“可能重复”；只是提示，不会自动并案。"),
    ),
    "suggestion_version": Setting(
        0,
        gettext_lazy("建议模型版本"),
        0,
        1_000_000,
        gettext_lazy("上报时用哪一版模型给出建议；0 为不用。版本和成绩见“建议模型”。"),
    ),
    "public_similar_radius_m": Setting(
        100,
        gettext_lazy("公众可见相似问题距离（米）"),
        1,
        5000,
        gettext_lazy("公众上报时给他看多远以内的相似问题。"),
    ),
    "day_shift": Setting(
        "08:00-20:00",
        gettext_lazy("白班时间"),
        meaning=gettext_lazy("值班表的白班从几点到几点，其余为夜班；值班电话、在岗监督员都按它。"),
    ),
    "recheck_percent": Setting(
        5,
        gettext_lazy("抽查比例（%）"),
        0,
        100,
        gettext_lazy("核查通过的案卷每天按这个比例抽签，由另一名监督员再看一次；0 为不抽查。"),
    ),
    "recheck_limit": Setting(
        _limit("2", TimeUnit.WORK_DAY),
        gettext_lazy("抽查时限"),
        meaning=gettext_lazy(
            "抽中后多久内应当再看；超过的在抽查页上显示超期，案卷本身的时限不受影响。"
        ),
    ),
    "warning_share": Setting(
        Decimal("0.8"),
        gettext_lazy("预警比例（已用时限）"),
        0,
        1,
        gettext_lazy("时限用去这个比例后提醒承办单位；0.8 即用去八成。"),
    ),
    "squad_link_hours": Setting(
        24,
        gettext_lazy("班组链接有效期（小时）"),
        1,
        168,
        gettext_lazy("给没有账号的班组的一案链接，多久后失效。"),
    ),
    "public_contact": Setting(
        "",
        gettext_lazy("公众联系方式"),
        meaning=gettext_lazy("写在开放接口和公众页面上：电话、邮箱或网址；索取密钥也问这里。"),
    ),
    "timezone": Setting(
        "Asia/Shanghai",
        gettext_lazy("时区"),
        meaning=gettext_lazy("全市按哪个时区计时，例如 Asia/Shanghai。"),
    ),
    # the name of the day table; empty: the city has none, and weekdays alone decide
    "calendar": Setting(
        "cn",
        gettext_lazy("日期表"),
        meaning=gettext_lazy("放假和调休用哪张日期表；留空则只看星期。"),
    ),
    **CALLS,
    **EVALUATION,
    **PATROL,
    **PUBLIC,
    **NOTICES,
    **FIELD,
    **FLAGS,
    **LASTING,
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
    own = policies().get(key)
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


def said(found: Value) -> Value | str:
    """取值的说法: yes and no in the reader's words, the rest as it is."""
    if isinstance(found, bool):
        return _("是") if found else _("否")
    return found


def city_zone() -> ZoneInfo:
    """城市时区, as every room reads it through `kernel.day`."""
    return ZoneInfo(text("timezone"))


def day_watch() -> Hours:
    """白班时间, as every room reads it through `kernel.day`."""
    return read_hours(text("day_shift"))


def parse(key: str, written: str) -> Value:
    """读取取值: by the type of the default; Refused `policy_unreadable` names key, value, range."""
    known = setting(key)
    default = known.default
    if isinstance(default, Limit):
        return parse_limit(written)
    if isinstance(default, str):
        return _TEXTS.get(key, str)(written.strip())
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


def _day_table(name: str) -> str:
    known = sorted(path.stem for path in (CITIES / "calendars").glob("*.csv"))
    if name and name not in known:
        message = _("日期表“%(name)s”不存在：可用 %(known)s，留空则只看星期")
        values = {"name": name, "known": "、".join(known)}
        raise Refused("policy_unreadable", message % values, field="calendar")
    return name


def _watch_hours(written: str) -> str:
    begins, ends = read_hours(written)
    return f"{begins:%H:%M}-{ends:%H:%M}"


_TEXTS = {
    "day_shift": _watch_hours,
    "timezone": _zone_name,
    "calendar": _day_table,
    **NOTICE_TEXTS,
    **KINDS,
    **LASTING_TEXTS,
    **EVALUATION_TEXTS,
}


def _plain(default: Value, written: str) -> Decimal | int | bool | None:
    if isinstance(default, bool):
        written = written.lower()
        return written in _YES if written in _YES | _NO else None
    return int(written) if isinstance(default, int) else Decimal(written)
