"""自处置 on the spot: a small thing that the collector puts right himself, with two photos.

It ends there: nothing is filed, no unit is named, no criterion's limit runs, no rate counts it.
What keeps it small is the city's own (设置 → 政策取值): which sub-categories, and how many a day.
Whoever waits for an answer gets it by the ordinary road.
"""

from __future__ import annotations

from collections.abc import Sequence

from changxiao.cases import on_spot
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, Admitted, admitted, end, record
from changxiao.cases.actions.intake import Problem, next_serial, report
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.models import Case, CasePhoto
from changxiao.catalog import policy
from changxiao.catalog.models import Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.words import gettext as _

Role = CasePhoto.Role
SIDES = (Role.BEFORE, Role.AFTER)
ENDED = ("handled_by", "checker", "ended_at", *TIMED)


def report_on_spot(problem: Problem, *, act: Act) -> Case:
    """上报并自处置: found and put right in one act, as two entries; gives the ended case.

    Raises what `report` and `handle_on_spot` raise, and then nothing was reported either.
    """
    with writing():
        case = report(problem, act=act)
        return handle_on_spot(case, act=act.derive("on_spot"))


def handle_on_spot(case: Case, *, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """自处置: the collector has put it right; a photo from before and another from after show it.

    Raises Refused: the kind is none of the city's, the day's number is used up, a photo is lacking,
    somebody waits for an answer, or it is another's to confirm.
    """
    with admitted(case, "handle_on_spot", act) as done:
        row = done.case
        _must_be_own(row, act)
        _must_be_small(row.subcategory)
        _must_show_both(row, photos)
        _must_be_within(done)
        end(done, row.stage)
        row.handled_by, row.checker = act.actor, ""
        row.ended_at = done.at
        base.due_now(row, None)
        row = record(done, *ENDED, body=listed(photos))
        attach(row, photos, row.head)
        return row


def _must_be_small(subcategory: Subcategory) -> None:
    if subcategory.key not in on_spot.kinds():
        message = _("“%(kind)s”不在可自处置的小类之列，请按常规上报")
        raise Refused("on_spot_kind", message % {"kind": subcategory.name}, field="subcategory")


def _must_be_own(case: Case, act: Act) -> None:
    if not on_spot.is_own(case, act.actor):
        message = _("只能自处置自己上报的问题，或派给自己核实的问题")
        raise Refused("not_yours", message, field="actor")
    if on_spot.is_waited_for(case):
        raise Refused("answer_waited_for", _("有举报人在等答复，不能自处置，请按流程办理"))


def _must_show_both(case: Case, photos: Sequence[Shown]) -> None:
    """A declared photo counts: the case says for which one it waits."""
    here = {(p.role, p.photo.sha256) for p in photos}
    here |= set(case.photos.values_list("role", "photo__sha256"))
    here |= set(case.awaited.exclude(state="given_up").values_list("role", "sha256"))
    sides = [{sha for role, sha in here if role == side} for side in SIDES]
    for side, found in zip(SIDES, sides, strict=True):
        if not found:
            message = _("自处置须有处置前、处置后各一张照片，缺“%(role)s”")
            raise Refused("on_spot_photo", message % {"role": side.label}, field="photos")
    if len(sides[0] | sides[1]) < len(SIDES):
        raise Refused("on_spot_photo", _("处置前、处置后不能是同一张照片"), field="photos")


def _must_be_within(done: Admitted) -> None:
    # The row of the day's number is held until commit: two phones of one person come one by one.
    most = policy.number("on_spot_daily")
    if next_serial(on_spot.serial_name(done.act.actor, done.at)) > most:
        message = _("今天已自处置%(most)d件，达到每人每天的上限，请按常规上报")
        raise Refused("on_spot_daily", message % {"most": most})
