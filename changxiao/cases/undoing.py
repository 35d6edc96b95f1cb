"""撤回提示: what a page offers for ten seconds after a step: take it back, by the same verb."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from changxiao.cases.flow import RECALLABLE
from changxiao.cases.models import Case
from changxiao.kernel.act import new_key
from changxiao.ui.toasts import Undo


def undo_of(case: Case, *, steps: int = 1) -> Undo | None:
    """撤回提示 of the last `steps` entries, just made by the reader; None where none may be."""
    if case.head is None:
        return None
    if case.head.verb == "join":
        return _apart(case)
    if case.head.verb not in RECALLABLE:
        return None
    fields = {"key": new_key(), "since": str(case.n - steps + 1), "base_n": str(case.n)}
    return Undo(reverse("case_do", args=[case.number, "recall"]), _("撤回"), fields)


def _apart(case: Case) -> Undo:
    """A joining has an undoing of its own, with a reason; a press at once needs no other."""
    note = _("误并，随即撤销")
    fields = {"key": new_key(), "note": note, "base_n": str(case.n)}
    return Undo(reverse("case_do", args=[case.number, "split_off"]), _("撤销并案"), fields)
