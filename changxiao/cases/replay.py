"""回放: the log alone rebuilds every case (promise P7; `changxiao ledger verify --state`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.models import Case
from changxiao.cases.written import folded, plain
from changxiao.ledger.replaying import paired, unpaired

ROWS = (
    *("subcategory", "criterion", "component", "unit", "lead_unit", "section"),
    *("duplicate_of", "split_from"),
)


def check() -> Iterator[str]:
    """逐案核对: one sentence for each case whose row is not what its entries say."""
    rows = Case.everything.select_related(*ROWS).order_by("number").iterator(chunk_size=500)
    for stream, case, bodies in paired(rows, "case:"):
        if sentence := unpaired(stream, case, bodies):
            yield sentence
        elif case is not None:
            yield from differences(case, folded(bodies))


def differences(case: Case, state: dict[str, Any]) -> Iterator[str]:
    """差异: the columns in which a row and its replayed state disagree."""
    for name, told in state.items():
        held = plain(getattr(case, name))
        if str(held) != str(told) and held != told:
            message = _("案卷%(number)s的%(name)s应为%(told)s，实为%(held)s")
            yield message % {"number": case.number, "name": name, "told": told, "held": held}
