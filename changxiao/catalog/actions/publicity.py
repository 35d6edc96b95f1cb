"""设定公开规则: what the public may read of a kind of case, for a row of the catalogue or all."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import Category, PublicRule, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

Subject = Subcategory | Category | None
Photos = PublicRule.Photos


def set_public_rule(
    subject: Subject, *, view: str, place: str, photos: str = Photos.LOOKED, act: Act
) -> PublicRule:
    """设定公开规则: of a sub-category, a category, or (None) of whatever has no rule of its own.

    Holds at once, for what was published before as well. Refused `view_unknown`, `place_unknown`,
    `photos_unknown`, `photos_unnamed`.
    """
    with doing("set_public_rule", act) as now:
        _check("view", view, PublicRule.View.values)
        _check("place", place, PublicRule.Place.values)
        _check("photos", photos, Photos.values)
        if subject is None and photos == Photos.SURE:
            message = _("“%(rule)s”只能给指明的大类或小类，不能作为全市默认")
            values = {"rule": Photos(photos).label}
            raise Refused("photos_unnamed", message % values, field="photos")
        row = held(subject)
        was = body_of(row) if row else None
        row = row or PublicRule(**_columns(subject))
        row.view, row.place, row.photos = view, place, photos
        if was == body_of(row):
            return row
        row.save()
        now.record(row.stream, **body_of(row), was=was)
    return row


def drop_public_rule(row: PublicRule, *, act: Act) -> None:
    """删除公开规则: the category's or the city's decides again."""
    with doing("drop_public_rule", act) as now:
        found = PublicRule.objects.filter(pk=row.pk).first()
        if found is None:
            return
        found.delete()
        now.record(row.stream, was=body_of(row))


def held(subject: Subject) -> PublicRule | None:
    """本身的规则 of a subject, None where a higher one decides."""
    return PublicRule.objects.filter(**_columns(subject)).first()


def body_of(row: PublicRule) -> dict[str, str]:
    """规则内容, as an entry holds it."""
    return {"view": row.view, "place": row.place, "photos": row.photos}


def _columns(subject: Subject) -> dict[str, Subject]:
    return {
        "subcategory": subject if isinstance(subject, Subcategory) else None,
        "category": subject if isinstance(subject, Category) else None,
    }


def _check(field: str, value: str, known: list[str]) -> None:
    if value not in known:
        message = _("公开规则的取值“%(value)s”不存在，可用：%(known)s")
        values = {"value": value[:20], "known": "、".join(known)}
        raise Refused(f"{field}_unknown", message % values, field=field)
