"""政策取值 about 巡查 and 漏报: what collectors must find, and how long is just before."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting
from changxiao.kernel.worktime import Limit, TimeUnit

PATROL: Mapping[str, Setting] = {
    # GB/T 30428.4 counts missed reports and leaves to the city which and when: ours. What stands
    # where it is for days and is seen by whoever walks past; a person decides on each.
    "missed_kinds": Setting(
        "e0110 e0111 e0113 e0134 e0135 e0136 e0201",
        gettext_lazy("应主动发现的小类"),
        meaning=gettext_lazy(
            "监督员巡查应当自己发现的小类代码，空格隔开；* 为全部；留空则不提出漏报。"
        ),
    ),
    "missed_hours": Setting(
        4,
        gettext_lazy("漏报：巡查结束后多少小时内"),
        0,
        24,
        gettext_lazy("同一班次内，巡查结束后这么多小时内他人发现的，列为待认定的漏报；0 为不提。"),
    ),
    "missed_object": Setting(
        Limit(Decimal(5), TimeUnit.WORK_DAY),
        gettext_lazy("漏报申诉时限"),
        meaning=gettext_lazy("认定漏报后，监督员多久内可以申诉。"),
    ),
}
