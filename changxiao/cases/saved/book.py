"""常用筛选本: a person's saved filters are kept, renamed, moved, dropped and put back.

Each write first locks the person's own row, so that two windows take turns; the constraints hold
what is promised even so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases import listing
from changxiao.cases.forms import filters
from changxiao.cases.saved.models import SavedFilter
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.orgs.models import Staff

MOST = 12
MOST_NAME = SavedFilter._meta.get_field("name").max_length or 0
MOST_ADDRESS = SavedFilter._meta.get_field("address").max_length or 0


def canonical(asked: QueryDict) -> str:
    """筛选条件 as a query string: the same filters give the same text, whatever else is asked."""
    found = QueryDict(mutable=True)
    for name in ("q", *listing.FILTERS):
        value = ",".join(one.strip() for one in asked.getlist(name) if one.strip())
        if value:
            found[name] = value
    return found.urlencode(safe=",")


def of(staff: Staff) -> QuerySet[SavedFilter]:
    """本人的常用筛选, in the order its owner gave them."""
    return SavedFilter.objects.filter(staff=staff)


def default(staff: Staff, post: str) -> SavedFilter | None:
    """默认筛选 of the post, else None."""
    return of(staff).filter(default_for=post).first() if post else None


def keep(staff: Staff, name: str, asked: QueryDict) -> SavedFilter:
    """保存: the filter of this address under this name, behind the others.

    Raises Refused: name_missing, name_long, name_taken, filter_empty, filter_long, filters_full
    and what the list itself refuses.
    """
    address = _address(asked)
    with _turn(staff):
        rows = list(of(staff))
        if len(rows) >= MOST:
            message = _("常用筛选最多保存 %(most)s 个，请先删除一个不用的")
            raise Refused("filters_full", message % {"most": MOST})
        place = max((row.place for row in rows), default=0) + 1
        return SavedFilter.objects.create(
            staff=staff, name=_name(name, rows), address=address, place=place
        )


def rename(row: SavedFilter, name: str) -> SavedFilter:
    """改名."""
    with _turn(row.staff):
        others = list(of(row.staff).exclude(pk=row.pk))
        row.name = _name(name, others)
        row.save(update_fields=["name"])
    return row


def move(row: SavedFilter, step: int) -> None:
    """移动: one place up (-1) or down (1); at the end it stays."""
    with _turn(row.staff):
        rows = list(of(row.staff))
        at = [one.pk for one in rows].index(row.pk)
        to = min(max(at + step, 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        for place, one in enumerate(rows, 1):
            one.place = place
        SavedFilter.objects.bulk_update(rows, ["place"])


def make_default(row: SavedFilter, post: str) -> None:
    """设为默认 of a post, in place of the one before; "" takes it away."""
    with _turn(row.staff):
        if post:
            of(row.staff).filter(default_for=post).update(default_for="")
        row.default_for = post
        row.save(update_fields=["default_for"])


def drop(row: SavedFilter) -> None:
    """删除."""
    with _turn(row.staff):
        row.delete()


def put_back(staff: Staff, name: str, asked: QueryDict, *, place: int, post: str) -> SavedFilter:
    """恢复 what was dropped: at its place, and as default where no other became it meanwhile."""
    with _turn(staff):
        row = keep(staff, name, asked)
        of(staff).exclude(pk=row.pk).filter(place__gte=place).update(place=F("place") + 1)
        row.place = place
        row.default_for = "" if default(staff, post) else post
        row.save(update_fields=["place", "default_for"])
    return row


@contextmanager
def _turn(staff: Staff) -> Iterator[None]:
    with writing():
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
        yield


def _name(name: str, others: list[SavedFilter]) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("name_missing", _("请给这组条件起个名字"), field="name")
    if len(name) > MOST_NAME:
        message = _("名称“%(name)s”超过 %(most)s 个字，请写短一些")
        values = {"name": name[:MOST_NAME] + "…", "most": MOST_NAME}
        raise Refused("name_long", message % values, field="name")
    if any(row.name == name for row in others):
        message = _("您已有名为“%(name)s”的常用筛选，请换一个名字")
        raise Refused("name_taken", message % {"name": name}, field="name")
    return name


def _address(asked: QueryDict) -> str:
    address = canonical(asked)
    if not address:
        raise Refused("filter_empty", _("还没有设任何条件，请先筛选再保存"))
    if len(address) > MOST_ADDRESS:
        raise Refused("filter_long", _("条件太多，存不下，请少选几项再保存"))
    # What the list refuses today would be refused each time.
    listing.filtered(filters.wanted(QueryDict(address)), at=timezone.now())
    return address
