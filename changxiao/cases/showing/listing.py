"""待看照片清单: photos of public cases by their state, with counts, search and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from changxiao.cases.models import CasePhoto
from changxiao.cases.models_public import PublicPhoto
from changxiao.kernel import bigrams
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.models_public import Detection

State = PublicPhoto.State
WITH = ("case__subcategory", "case__publication", "photo__detection")


@dataclass(frozen=True, slots=True)
class Tally:
    """一个计数 and the filter that opens the rows behind it."""

    value: str
    label: str
    count: int


def wanted(told: Mapping[str, str]) -> dict[str, str]:
    """筛选: state (waiting unless told), words; Refused("parameter_unreadable")."""
    state = told.get("state", State.WAITING.value)
    if state not in State.values:
        message = _("筛选条件state的值“%(value)s”不存在，请重新选择")
        raise Refused("parameter_unreadable", message % {"value": state[:40]}, field="state")
    return {"state": state, "q": told.get("q", "").strip()[:80]}


def filtered(asked: Mapping[str, str]) -> QuerySet[PublicPhoto]:
    """照片 within the viewer's reach that match, with what a card shows."""
    rows = _worded(asked["q"]).filter(state=asked["state"])
    return rows.select_related(*WITH)


def order(asked: Mapping[str, str]) -> tuple[str, ...]:
    """次序: who waits longest is looked at first; of the decided ones the newest."""
    return ("asked_at", "id") if asked["state"] == State.WAITING else ("-asked_at", "-id")


def counts(asked: Mapping[str, str]) -> list[Tally]:
    """计数 by state; one statement."""
    rows = _worded(asked["q"]).order_by().values_list("state").annotate(n=Count("pk"))
    held = dict(rows)
    return [Tally(s.value, str(s.label), held.get(s.value, 0)) for s in State]


def waiting() -> int:
    """待看数, for 待办."""
    return _worded("").filter(state=State.WAITING).count()


def _worded(words: str) -> QuerySet[PublicPhoto]:
    # A case that was withdrawn waits for nobody; what was decided of it is still found.
    rows = PublicPhoto.objects.exclude(state=State.WAITING, case__publication=None)
    rows = rows.exclude(role=CasePhoto.Role.RECORDING)  # a clip that was hidden; it has no picture
    typed = bigrams.normalised(words).strip()
    if not typed:
        return rows
    number = Q(case__number__startswith=typed) | Q(case__code__startswith=typed)
    return rows.filter(number if typed.isdecimal() else Q(case__address__contains=words))


def found_words(found: Detection | None, *, searched: bool) -> str:
    """检测所得 in words, for a card and a page."""
    if found is None:
        return _("没有检测") if searched else _("正在检测")
    if found.fault:
        return _("检测不了，请逐处查看")
    faces = sum(box[5] == "face" for box in found.boxes)
    plates = len(found.boxes) - faces
    parts = []
    if found.detector:
        parts.append(ngettext("人脸 %(n)d 处", "人脸 %(n)d 处", faces) % {"n": faces})
    else:
        parts.append(_("没有装人脸检测，请逐处查看"))
    if plates:
        parts.append(ngettext("疑似车牌 %(n)d 处", "疑似车牌 %(n)d 处", plates) % {"n": plates})
    return " · ".join(parts)


def next_of(case_id: int, *, after: Sequence[int]) -> PublicPhoto | None:
    """下一张: of the same case what waits, else of the queue; not those just seen."""
    rows = _worded("").filter(state=State.WAITING).exclude(photo__in=after)
    same = rows.filter(case=case_id).order_by("id").select_related("case").first()
    return same or rows.order_by("asked_at", "id").select_related("case").first()
