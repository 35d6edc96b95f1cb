"""公示、封存: the ranked read it and object within some days; then it is sealed for good."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.cases import clock
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.evaluation.actions.base import admitted
from changxiao.evaluation.models import Evaluation, Objection
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused

OPEN = (Objection.State.RAISED, Objection.State.PROPOSED)


def publish(evaluation: Evaluation, *, act: Act) -> Evaluation:
    """公示: to everybody who is ranked, until the city's limit for objections has passed."""
    with admitted(evaluation, "publish", act) as done:
        row = done.row
        calendar = timetable.calendar_for("office")
        limit = policy.limit("evaluation_object")
        row.published_at = done.at
        row.object_until = until = clock.start(calendar, limit, done.at).due
        done.record({"digest": row.digest, "object_until": plain(until)})
        return row


def seal(evaluation: Evaluation, *, act: Act) -> Evaluation:
    """封存: inputs, rules, calendar, code and result as one digest in the ledger.

    Refused `too_early` before the limit for objections has passed, `objections_open`,
    `still_computing`.
    """
    with admitted(evaluation, "seal", act) as done:
        row = done.row
        if row.object_until is not None and done.at < row.object_until:
            told = {"until": f"{local_time(row.object_until):%Y-%m-%d %H:%M}"}
            raise Refused("too_early", _("申诉期到 %(until)s，之后才能封存") % told)
        count = Objection.everything.filter(evaluation=row, state__in=OPEN).count()
        if count:
            sentence = _("还有 %(count)d 件申诉没有办完，办完再封存") % {"count": count}
            raise Refused("objections_open", sentence)
        if row.changed:
            raise Refused("still_computing", _("成立的申诉正在计入，算好后再封存"))
        row.sealed_at = done.at
        told_all = {"digest": row.digest, "size": row.size, "root": row.root}
        done.record({**told_all, "scheme": row.key, "version": row.scheme.version})
        return row


def drop(evaluation: Evaluation, *, act: Act) -> Evaluation:
    """作废草稿: nobody has seen it; the period may be computed again."""
    with admitted(evaluation, "drop", act) as done:
        done.record({"digest": done.row.digest})
        return done.row
