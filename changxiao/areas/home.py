"""本市 home: which city this installation was set up for, written once."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from changxiao.areas.models import HomeCity
from changxiao.kernel.city import City, city
from changxiao.kernel.refused import Refused

# By database: a home's city is written once and never changes, so it is read once too.
_read: dict[str, str] = {}


def home_city() -> City:
    """本市. Refused `home_empty` before `changxiao init`."""
    name = str(connection.settings_dict["NAME"])
    if name in _read:
        return city(_read[name])
    row = HomeCity.objects.first()
    if row is None:
        raise Refused("home_empty", _("尚未设置城市：请先运行 changxiao init --city 代码。"))
    if not connection.in_atomic_block:  # what a transaction wrote may yet be taken back
        _read[name] = row.code
    return city(row.code)


@transaction.atomic
def settle(place: City) -> HomeCity:
    """设市: the home's city from now on. Refused `home_taken` where it is another already."""
    row, _made = HomeCity.objects.get_or_create(
        id=1, defaults={"code": place.code, "name": place.name}
    )
    if row.code != place.code:
        told = {"there": row.name, "asked": place.name}
        sentence = _(
            "此处已设为%(there)s，不能再设为%(asked)s：请另用一个空目录（CHANGXIAO_HOME）和数据库。"
        )
        raise Refused("home_taken", sentence % told, field="city")
    return row
