"""政策取值 about calls and work orders: knowing a caller again, ringing back, others' limits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting
from changxiao.kernel.worktime import Limit, TimeUnit

CALLS: Mapping[str, Setting] = {
    "caller_days": Setting(
        30,
        gettext_lazy("来电人的以往来电（天）"),
        1,
        365,
        gettext_lazy("接电话时看同一号码在这么多天内来过几次电；只认号码，不显示号码。"),
    ),
    "callback_limit": Setting(
        Limit(Decimal(1), TimeUnit.WORK_DAY),
        gettext_lazy("回访时限"),
        meaning=gettext_lazy("要求回访的案卷结案后，多久内应当回访。"),
    ),
    "callback_tries": Setting(
        3,
        gettext_lazy("回访次数"),
        1,
        9,
        gettext_lazy("打这么多次仍未接通，回访按“未接通”办结。"),
    ),
    "given_reserve_hours": Setting(
        0,
        gettext_lazy("工单时限的预留（小时）"),
        0,
        240,
        gettext_lazy("处置时限比来源单位的办理时限早这么多小时，留作核查和答复；0 为不预留。"),
    ),
}
