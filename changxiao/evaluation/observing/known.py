"""本市所有的代码, against which a sheet of observations is read; and the sheet itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.areas.models import District, Subdistrict
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.observing.reading import Known
from changxiao.kernel import sheets
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Unit

_CHUNK = 400  # numbers that one statement names


def known() -> Known:
    """本市的单位、区、街道."""
    return Known(
        department=_codes(Unit.objects.order_by("code")),
        district=_codes(District.objects.order_by("code")),
        street=_codes(Subdistrict.objects.order_by("code")),
        zone=city_zone(),
        now=timezone.now(),
    )


def _codes(rows: QuerySet[Any]) -> list[str]:
    return list(rows.values_list("code", flat=True))


def table_of(path: Path) -> list[list[str]]:
    """表: of an xlsx, or a CSV in UTF-8 or GB 18030. Refused `file_missing`, `table_unreadable`,
    `file_long`."""
    try:
        data = path.read_bytes()
    except OSError:
        sentence = _("读不到文件“%(name)s”，请核对路径") % {"name": path.name}
        raise Refused("file_missing", sentence, field="file") from None
    return read_table(path.name, data)


def read_table(name: str, data: bytes) -> list[list[str]]:
    """表 of these bytes, by the ending of their name."""
    if not name.lower().endswith(".csv"):
        return sheets.read(io.BytesIO(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return [list(row) for row in csv.reader(io.StringIO(text))]


def recorded(items: Sequence[str]) -> dict[tuple[str, str], dict[str, str | int]]:
    """现有观测 of these numbers, as the sheets have them."""
    names, found = sorted(set(items)), {}
    for low in range(0, len(names), _CHUNK):
        for one in Observation.everything.filter(item__in=names[low : low + _CHUNK]):
            found[one.item, one.kind] = one.told()
    return found
