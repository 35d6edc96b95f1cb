"""亮点: a person picks among the candidates what the bulletin shows, and may take it down again,
until the evaluation is sealed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.evaluation.actions.base import Admitted, admitted
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.models_highlights import Highlight
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused


def pick_highlight(evaluation: Evaluation, *, spot: str, act: Act) -> Highlight:
    """列为亮点: a candidate, with what is true of it now.

    Refused `highlight_unknown`, `highlight_picked`, `facts_missing`.
    """
    from changxiao.evaluation.highlights.candidates import candidates  # engines: see `later`

    found = next((one for one in candidates(evaluation) if one.spot == spot), None)
    with admitted(evaluation, "pick_highlight", act) as done:
        if found is None:
            sentence = _("点位 %(spot)s 现在不是亮点候选，请刷新") % {"spot": spot[:40]}
            raise Refused("highlight_unknown", sentence, field="spot")
        row = Highlight.everything.filter(evaluation=done.row, spot=spot).first()
        if row is not None and row.dropped_at is None:
            raise Refused("highlight_picked", _("这个点位已列为亮点"), field="spot")
        row = row or Highlight(evaluation=done.row, spot=spot)
        row.category, row.community = found.category, found.community
        row.numbers = list(found.numbers)
        row.times, row.days, row.visits = found.times, found.days, found.visits
        row.first_date, row.closed_date = found.first_date, found.closed_date
        row.picked_by, row.picked_at, row.dropped_at = act.actor, done.at, None
        _recorded(done, row)
        return row


def drop_highlight(evaluation: Evaluation, *, spot: str, act: Act) -> Highlight:
    """撤下亮点. Refused `highlight_unknown`."""
    with admitted(evaluation, "drop_highlight", act) as done:
        shown = Highlight.everything.filter(evaluation=done.row, dropped_at=None)
        row = shown.filter(spot=spot).first()
        if row is None:
            raise Refused("highlight_unknown", _("这个点位没有列为亮点"), field="spot")
        row.dropped_at = done.at
        _recorded(done, row)
        return row


def _recorded(done: Admitted, row: Highlight) -> None:
    row.save()
    told = {"spot": row.spot, "category": row.category, "community": row.community}
    days = {"first": f"{row.first_date}", "closed": f"{row.closed_date}", "days": row.days}
    done.record({**told, **days, "times": row.times, "visits": row.visits, "numbers": row.numbers})
