"""政策取值 about messages to people and to other systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting
from changxiao.kernel.networks import read_networks
from changxiao.kernel.quiet import read_quiet

NOTICES: Mapping[str, Setting] = {
    "notice_quiet": Setting(
        "22:00-07:00",
        gettext_lazy("通知：免打扰时间"),
        meaning=gettext_lazy(
            "这段时间里除紧急消息外不发短信、推送等，攒到结束时一起发；个人可另设，留空为不设。"
        ),
    ),
    # Beyond one every two minutes a person reads none: our rule
    "notice_per_hour": Setting(
        30,
        gettext_lazy("通知：每人每小时条数"),
        1,
        1000,
        gettext_lazy("一人一小时内超过这么多条时，其余的改为每小时汇总成一条。"),
    ),
    "notice_tries": Setting(
        8,
        gettext_lazy("通知：发送次数上限"),
        1,
        20,
        gettext_lazy("一条消息发了这么多次仍不成功就不再发，列在“投递情况”里，可以重发。"),
    ),
    "notice_keep_days": Setting(
        180,
        gettext_lazy("通知：保存天数"),
        7,
        3650,
        gettext_lazy("消息和投递情况保存这么多天，之后清除；总账不受影响。"),
    ),
    "hook_tries": Setting(
        12,
        gettext_lazy("出站推送：每条尝试次数"),
        1,
        50,
        gettext_lazy("一条记录推了这么多次对方仍不收，就列为未送达，接着推下一条。"),
    ),
    "hook_failures": Setting(
        20,
        gettext_lazy("出站推送：自动暂停前的连续失败"),
        1,
        1000,
        gettext_lazy(
            "一个地址连续失败这么多次就自动暂停，并通知管理员；恢复后从停下的地方接着推。"
        ),
    ),
    "hook_networks": Setting(
        "",
        gettext_lazy("出站推送：放行的内网网段"),
        meaning=gettext_lazy(
            "推送地址只能指向公网；要推到政务内网的，在这里写网段，如 10.20.0.0/16，空格分开。"
        ),
    ),
}


def _quiet(written: str) -> str:
    return str(read_quiet(written)) if written else ""


def _networks(written: str) -> str:
    return " ".join(str(one) for one in read_networks(written))


# How the words of these are read where they are set; what cannot be read is refused there.
NOTICE_TEXTS: Mapping[str, Callable[[str], str]] = {
    "notice_quiet": _quiet,
    "hook_networks": _networks,
}
