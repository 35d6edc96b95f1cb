"""公开照片的动作: release a photo of a case with some of it covered, withhold, hide, put back.

The public picture is made before the row is locked, in a process of its own; the entry names it by
hash, with its boxes. Whether the case itself may be read, `cases.public` says at each look.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases import access, rules
from changxiao.cases.flow import RELEASERS
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_public import PublicPhoto
from changxiao.catalog import publicity
from changxiao.kernel import scope, statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.media import public as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.models_public import Detection, Redaction
from changxiao.orgs.posts import Post

State = PublicPhoto.State
Boxes = Sequence[Sequence[int]]


def await_look(case: Case) -> int:
    """列入待看: every picture of a public case that nobody was asked about yet; how many."""
    rows, seen = [], set(PublicPhoto.everything.filter(case=case).values_list("photo", flat=True))
    for one in case.photos.select_related("photo").order_by("entry_id", "id"):
        if one.photo_id in seen or not _is_showable(one):
            continue
        seen.add(one.photo_id)
        rows.append(_fresh(case, one))
    PublicPhoto.everything.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _is_showable(one: CasePhoto) -> bool:
    return one.photo.is_picture and one.role != CasePhoto.Role.DOCUMENT


def release_photo(case: Case, photo: Photo, *, boxes: Boxes, act: Act) -> PublicPhoto:
    """公开照片: a person looked; the public may see it with `boxes` covered, while the case is.

    Again with other boxes, to correct it. Refused: not_yours, kind_private, photo_hidden,
    photo_document, box_unreadable, box_many, nothing_changed, photo_busy, photo_destroyed.
    """
    _check_post(case, act)
    row = _row(case, photo)
    places = [list(place) for place in media.fitting(photo, boxes)]
    ledger.recall(stream=row.stream, verb="release_photo", act=act)
    _check_release(row, places)
    made = media.redact(photo, places, act=act)
    with _locked(row) as held:
        _check_release(held, places)
        held.boxes, held.redaction, held.reason = places, made, ""
        return _record(held, "release_photo", State.RELEASED, act)


def pass_photo(row: PublicPhoto, *, act: Act) -> PublicPhoto:
    """自动公开照片: the detector was sure, and the city's rule for this kind lets it decide."""
    found = Detection.objects.get(photo=row.photo_id)
    if not found.sure or publicity.of(row.case.subcategory_id).photos != publicity.Photos.SURE:
        raise Refused("photo_unsure", _("检测没有把握，或这一类须由人看过，照片不能自动公开"))
    places = [[int(n) for n in box[:4]] for box in found.boxes]
    made = media.redact(row.photo, places, act=act)
    with _locked(row) as held:
        if held.state != State.WAITING:
            raise Refused("nothing_changed", _("照片已有人处理"))
        held.boxes, held.redaction = places, made
        return _record(held, "pass_photo", State.RELEASED, act)


def withhold_photo(case: Case, photo: Photo, *, act: Act) -> PublicPhoto:
    """不公开照片: the public does not see it, from the next request on; colleagues do. Refused:
    not_yours, note_missing, photo_hidden, nothing_changed."""
    return _put_away(case, photo, State.WITHHELD, act)


def hide_photo(case: Case, photo: Photo, *, act: Act) -> PublicPhoto:
    """隐去照片: neither the public nor colleagues see it but the centre director; the original
    stays. Refused: not_yours, note_missing, nothing_changed."""
    return _put_away(case, photo, State.HIDDEN, act)


def _put_away(case: Case, photo: Photo, state: str, act: Act) -> PublicPhoto:
    verb = {State.WITHHELD: "withhold_photo", State.HIDDEN: "hide_photo"}[State(state)]
    _check_post(case, act)
    reason = rules.need_text(act.note, field="note", name=_("理由"))
    row = _row(case, photo)
    ledger.recall(stream=row.stream, verb=verb, act=act)
    with _locked(row) as held:
        _check_hidden(held, state)
        held.redaction, held.reason = None, reason
        return _record(held, verb, state, act)


def put_back_photo(case: Case, photo: Photo, *, act: Act) -> PublicPhoto:
    """放回待看: undo a decision; the boxes stay for whoever looks next. Of a hidden photo only by
    the centre director. Refused: not_yours, nothing_changed."""
    _check_post(case, act)
    row = _row(case, photo)
    ledger.recall(stream=row.stream, verb="put_back_photo", act=act)
    if row.state == State.HIDDEN and act.post != access.UNHIDES:
        message = _("已隐去的照片须由%(who)s放回")
        raise Refused("not_yours", message % {"who": Post(access.UNHIDES).label}, field="post")
    with _locked(row) as held:
        if held.state == State.WAITING:
            raise Refused("nothing_changed", _("照片已在待看中"))
        held.redaction, held.reason = None, ""
        return _record(held, "put_back_photo", State.WAITING, act)


def hide_clip(case: Case, clip: Photo, *, act: Act) -> PublicPhoto:
    """隐去录音录像: nobody plays it any more but the centre director; the file stays. Refused:
    not_yours, note_missing, clip_unknown, nothing_changed."""
    return _put_clip(case, clip, "hide_clip", act)


def show_clip(case: Case, clip: Photo, *, act: Act) -> PublicPhoto:
    """恢复录音录像: the undo, with a reason too; whoever could play it can again. Only by the
    centre director. Refused: not_yours, note_missing, clip_unknown, nothing_changed."""
    return _put_clip(case, clip, "show_clip", act)


def _put_clip(case: Case, clip: Photo, verb: str, act: Act) -> PublicPhoto:
    hides = verb == "hide_clip"
    _check_post(case, act)
    if not hides and act.post != access.UNHIDES:
        message = _("已隐去的录音录像须由%(who)s恢复")
        raise Refused("not_yours", message % {"who": Post(access.UNHIDES).label}, field="post")
    reason = rules.need_text(act.note, field="note", name=_("理由"))
    row = _clip_row(case, clip)
    ledger.recall(stream=row.stream, verb=verb, act=act)
    with _locked(row) as held:
        if hides == (held.state == State.HIDDEN):
            no = _("录音录像此前已经隐去") if hides else _("录音录像没有隐去")
            raise Refused("nothing_changed", no)
        held.reason = reason
        return _record(held, verb, State.HIDDEN if hides else State.WITHHELD, act)


def _clip_row(case: Case, clip: Photo) -> PublicPhoto:
    """What was decided on this clip of this case; it is never public, so none waits for a look."""
    row = PublicPhoto.everything.filter(case=case, photo=clip).first()
    if row is None:
        one = case.photos.filter(photo=clip).first()
        if one is None or not clip.is_recording:
            raise Refused("clip_unknown", _("本案卷没有这段录音录像"))
        row = _fresh(case, one)
        row.searched = True
    row.case, row.photo = case, clip
    return row


def _check_post(case: Case, act: Act) -> None:
    if act.post not in RELEASERS:
        who = "、".join(str(Post(post).label) for post in sorted(RELEASERS))
        raise Refused("not_yours", _("公开照片须由%(who)s办理") % {"who": who}, field="post")
    access.check_holds(scope.current(), case, act.post)


def _check_release(row: PublicPhoto, places: list[list[int]]) -> None:
    if publicity.of(row.case.subcategory_id).photos == publicity.Photos.NONE:
        message = _("“%(kind)s”按公开规则不公开照片；确要公开请先改公开规则")
        raise Refused("kind_private", message % {"kind": row.case.subcategory.name})
    _check_hidden(row, State.RELEASED)
    if row.state == State.RELEASED and row.boxes == places:
        raise Refused("nothing_changed", _("照片已按这样的遮挡公开"))


def _check_hidden(row: PublicPhoto, state: str) -> None:
    if row.state == state and state != State.RELEASED:
        message = _("照片已是“%(state)s”") % {"state": row.get_state_display()}
        raise Refused("nothing_changed", message)
    if row.state == State.HIDDEN:
        raise Refused("photo_hidden", _("照片已隐去，请先由监督中心主任放回待看"))


def _row(case: Case, photo: Photo) -> PublicPhoto:
    """The decision on this photo of this case; begun here for a case that is not public yet."""
    if not photo.is_picture:
        raise Refused("photo_document", _("材料和录音录像不是照片，不能公开"))
    row = PublicPhoto.everything.filter(case=case, photo=photo).first()
    if row is None:
        one = case.photos.filter(photo=photo).exclude(role=CasePhoto.Role.DOCUMENT).first()
        if one is None:
            raise Refused("photo_document", _("材料和录音录像不是照片，不能公开"))
        row = _fresh(case, one)
    row.case, row.photo = case, photo
    return row


def _fresh(case: Case, one: CasePhoto) -> PublicPhoto:
    return PublicPhoto(case=case, photo=one.photo, role=one.role, asked_at=timezone.now())


@contextmanager
def _locked(row: PublicPhoto) -> Any:
    with writing():
        if row.pk is None:
            PublicPhoto.everything.bulk_create([row], ignore_conflicts=True)
            row.pk = PublicPhoto.everything.get(case=row.case_id, photo=row.photo_id).pk
        held = statements.locked(PublicPhoto, row.pk)
        held.case, held.photo = row.case, row.photo
        yield held


def _record(row: PublicPhoto, verb: str, state: str, act: Act) -> PublicPhoto:
    body: dict[str, Any] = {
        "case": row.case.number,
        "photo": row.photo.sha256,
        "state": str(state),
    }
    if row.redaction is not None:
        detector = Detection.objects.filter(photo=row.photo_id).values_list("detector", flat=True)
        told: Redaction = row.redaction
        body |= {"boxes": row.boxes, "public": told.sha256, "detector": detector.first() or ""}
    row.head = ledger.append(stream=row.stream, verb=verb, act=act, body=body, head=row.head)
    row.state, row.decided_by, row.decided_at = state, act.actor, row.head.at
    columns = ["state", "boxes", "redaction", "reason", "decided_by", "decided_at", "head"]
    row.save(update_fields=columns)
    return row
