"""补录: the paper that the fast lane of an urgent case left for later."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.cases.actions.base import admitted, record
from changxiao.cases.models import Case
from changxiao.kernel.act import Act


def fill_in(case: Case, *, items: Collection[str], act: Act) -> Case:
    """补录: what was owed is there now, told in the note; the rest stays owed.

    A confirmation filled in says that the problem was real; one that was not is voided, not filled.
    """
    rules.need_text(act.note, field="note", name=_("补录内容"))
    with admitted(case, "fill_in", act) as done:
        row = done.case
        row.owed = rules.filled(row.owed, items)
        changed = ["owed"]
        if rules.Owed.CONFIRMATION in items:
            row.confirmation = "real"
            changed.append("confirmation")
        return record(done, *changed, body={"filled": sorted(items)})
