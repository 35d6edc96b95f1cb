"""待传照片的动作: one arrives (the system's own step), or a person says that it will not."""

from __future__ import annotations

from changxiao.cases import rules
from changxiao.cases.actions.base import admitted, record
from changxiao.cases.actions.photos import listed, shown_of
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger.media.models import Photo

State = AwaitedPhoto.State


def complete_photo(awaited: AwaitedPhoto, *, photo: Photo, act: Act) -> Case:
    """照片补到: the declared photo takes its place in the case, whatever stage that has reached.

    Raises Refused("photo_settled") when it has arrived or was given up meanwhile.
    """
    with admitted(awaited.case, "complete_photo", act) as done:
        shown = shown_of(_waiting(awaited), photo)
        case = record(done, body=listed([shown]))
        assert case.head is not None
        CasePhoto.objects.get_or_create(
            case=case,
            role=awaited.role,
            photo=photo,
            defaults={
                "entry": case.head,
                "lon": awaited.lon,
                "lat": awaited.lat,
                "accuracy": awaited.accuracy,
            },
        )
        _settle(awaited, State.ARRIVED)
        return case


def give_up_photo(case: Case, *, sha256: str = "", act: Act) -> Case:
    """不再等待照片: the phone is lost or its picture cannot be read; a note says why. Without a
    hash it is said of all that the case still waits for."""
    rules.need_text(act.note, field="note", name=_("不再等待的原因"))
    with admitted(case, "give_up_photo", act) as done:
        rows = case.awaited.filter(state=State.WAITING).order_by("id")
        given_up = [row for row in rows if sha256 in {"", row.sha256}]
        if not given_up:
            raise Refused("photo_settled", _("本案卷没有在等的照片：已补到，或已不再等待"))
        for row in given_up:
            _settle(row, State.GIVEN_UP)
        return record(done, body={"given_up": [row.sha256 for row in given_up]})


def _waiting(awaited: AwaitedPhoto) -> AwaitedPhoto:
    # Under the case's lock: two phones of one person may bring the same photo at once.
    row = AwaitedPhoto.objects.get(pk=awaited.pk)
    if row.state != State.WAITING:
        raise Refused("photo_settled", _("这张照片已补到或已不再等待"), field="sha256")
    return row


def _settle(row: AwaitedPhoto, state: str) -> None:
    row.state, row.why = state, ""
    row.save(update_fields=["state", "why"])
