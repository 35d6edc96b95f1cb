"""政策取值 about the outside: what residents and other systems may do, and how often."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting

PUBLIC: Mapping[str, Setting] = {
    # how long 回访 may change the result of a closing: our rule
    "contest_days": Setting(
        15,
        gettext_lazy("不认可结果的期限（天）"),
        0,
        365,
        gettext_lazy("结案后多少天内，举报人可凭查询码说没有解决；0 为不回访。"),
    ),
    # 2¹⁶ hashes: under a second on a phone of 2019, an hour of a machine for 10,000 reports
    "portal_work_bits": Setting(
        16,
        gettext_lazy("公众上报的算力验证（位）"),
        0,
        24,
        gettext_lazy("每份上报要手机先算 2 的多少次方次；每加 1 慢一倍，0 为不验证。"),
    ),
    "portal_kinds": Setting(
        "e0110 e0113 c0123:井盖 c0137 e0409 e0406:占道摆摊 e0201 e0301",
        gettext_lazy("公众常报的小类"),
        meaning=gettext_lazy("市民上报页上一点就选的几类，按顺序写小类代码，空格隔开。"),
    ),
    "open311_open": Setting(
        True,
        gettext_lazy("开放 Open311 接口"),
        meaning=gettext_lazy("填“是”或“否”；否则 /open311/ 下的地址都答没有。"),
    ),
    # what a camera's software says, until a person looks (docs/channels.md); the numbers are ours
    "find_window_minutes": Setting(
        30,
        gettext_lazy("机器发现：同一件的时间（分钟）"),
        1,
        10_080,
        gettext_lazy("同一摄像机同一类，在相似案卷距离内、这么久之内再报，只计次数，不再问人。"),
    ),
    "find_floor_percent": Setting(
        10,
        gettext_lazy("机器发现：真实率下限（%）"),
        0,
        100,
        gettext_lazy("某摄像机某类的保守真实率低于它就静默：照样计数，不再问人；0 为从不静默。"),
    ),
    "find_least": Setting(
        20,
        gettext_lazy("机器发现：起算件数"),
        1,
        10_000,
        gettext_lazy("至少判定过这么多件，才按真实率静默。"),
    ),
    "find_mute_days": Setting(
        30,
        gettext_lazy("机器发现：静默天数"),
        1,
        3650,
        gettext_lazy("静默这么多天后重新问人，真实率从头算；也可随时由人取消。"),
    ),
    "find_photos": Setting(
        2000,
        gettext_lazy("机器发现：每台设备一天的照片"),
        1,
        100_000,
        gettext_lazy("一个设备账号24小时内最多存这么多张新照片。"),
    ),
    # a resident who reports in pieces over WeChat (docs/channels.md)
    "chat_window_minutes": Setting(
        10,
        gettext_lazy("微信上报：等多久（分钟）"),
        1,
        1440,
        gettext_lazy("收齐后这么久没有新消息就自动上报；没有收齐的到时放下。"),
    ),
    "chat_kind": Setting(
        "e0110",
        gettext_lazy("微信上报：认不出类别时"),
        meaning=gettext_lazy("只有照片、文字又没说是哪一类的，先记为这个小类，由受理员更正。"),
    ),
    "chat_welcome": Setting(
        "发照片、一句话和位置（点“+”选“位置”），不分先后，齐了就上报。发“我的”看您报过的，发查询码看进展。",
        gettext_lazy("微信上报：关注和帮助的话"),
        meaning=gettext_lazy("市民关注公众号或发“帮助”时看到；请写明紧急情况打什么电话。"),
    ),
}
