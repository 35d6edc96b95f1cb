"""政策取值 about the collectors' own work: what they may put right, and what they may record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting
from changxiao.kernel.refused import Refused

ALL = "*"

FIELD: Mapping[str, Setting] = {
    # Small things that two hands remove: our choice, a city replaces it.
    "on_spot_kinds": Setting(
        "e0107 e0110 e0114 e0118 e0119 e0201 e0207",
        gettext_lazy("可自处置的小类"),
        meaning=gettext_lazy(
            "监督员可当场处置、拍前后两张照片即办结的小类；按顺序写小类代码，空格隔开。"
        ),
    ),
    "on_spot_daily": Setting(
        10,
        gettext_lazy("每人每天自处置上限（件）"),
        0,
        200,
        gettext_lazy("自处置不立案、不计入任何单位的指标；0 为不许自处置。"),
    ),
}


def kind_keys(name: str, *, every: bool = False) -> Callable[[str], str]:
    """小类代码若干 of the policy `name`, each once; `every`: or "*", all of them. What it gives
    raises Refused("policy_unreadable") for the first that is none; whether there is such a
    sub-category the verb asks, since a row outlives it."""

    def read(written: str) -> str:
        keys = dict.fromkeys(written.split())
        if every and ALL in keys:
            return ALL
        for key in keys:
            if not re.fullmatch(r"[ce]\d{4}", key):
                message = _("“%(key)s”不是小类代码：请写成 e0110 或 c0101，几个之间用空格隔开")
                raise Refused("policy_unreadable", message % {"key": key[:20]}, field=name)
        return " ".join(keys)

    return read


# Policies that name sub-categories, and how each is read.
KINDS: Mapping[str, Callable[[str], str]] = {
    "on_spot_kinds": kind_keys("on_spot_kinds"),
    "missed_kinds": kind_keys("missed_kinds", every=True),
}
