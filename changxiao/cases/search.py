"""案卷搜索: cases within the viewer's reach that hold every word, the newest first.

The index answers with keys, narrowed by the marks of the viewer's places and units; the scope of
`access.reach` is asked once more for the rows themselves. A phone number or a resident's name finds
nobody, for neither stands in the index: whoever may see a reporter asks for it on the case, with a
reason that is logged (`unmask`).
"""

from __future__ import annotations

from changxiao.cases import access
from changxiao.cases.indexing import INDEX, marked
from changxiao.cases.models import Case
from changxiao.kernel import bigrams, scope
from changxiao.kernel.scope import Viewer
from changxiao.orgs.models import Unit

SHOWN = ("subcategory", "criterion", "unit", "lead_unit")
NUMBER_DIGITS = (12, 16, 19)
_KEYS, _ROUNDS, _MOST_MARKS = 200, 5, 200


def by_number(words: str) -> Case | None:
    """号码直达: the case whose number or code was typed in full, in any width of digits."""
    typed = bigrams.normalised(words).strip()
    if not (typed.isdecimal() and len(typed) in NUMBER_DIGITS):
        return None
    rows = Case.objects.filter(number=typed)[:1] or Case.objects.filter(code=typed)[:1]
    return next(iter(rows), None)


def found(words: str, limit: int) -> list[Case]:
    """找到的案卷, at most `limit`."""
    asked = bigrams.phrases(words)
    if len(asked) == 1 and asked[0].terms[0].isdecimal():
        begun = _beginning_with(asked[0].terms[0], limit)
        if begun:
            return begun
    rows, before, narrow = list[Case](), None, _marks(scope.current())
    for _round in range(_ROUNDS):
        keys = INDEX.find(asked, marks=narrow, before=before, limit=_KEYS)
        seen = Case.objects.filter(pk__in=keys).select_related(*SHOWN).order_by("-pk")
        rows += seen[: limit - len(rows)]
        if len(rows) >= limit or len(keys) < _KEYS:
            break
        before = keys[-1]
    return rows


def _beginning_with(digits: str, limit: int) -> list[Case]:
    """A number or code from its beginning: "202603" is the whole month."""
    if len(digits) < 5:
        return []
    for name in ("number", "code"):
        after = f"{int(digits) + 1:0{len(digits)}}"
        span = {f"{name}__gte": digits, f"{name}__lt": after}
        rows = Case.objects.filter(**span).select_related(*SHOWN).order_by(f"-{name}")
        if len(after) == len(digits) and (some := list(rows[:limit])):
            return some
    return []


def _marks(viewer: Viewer) -> set[str] | None:
    """The marks of what the viewer may read; None where they would not narrow or are too many."""
    found: set[str] = set()
    if viewer.sees_all:
        return None
    for grant in viewer.grants:
        if grant.post in access.BY_PLACE:
            if not marked(grant.area):
                return None
            found.add(f"a{grant.area}")
        elif grant.post in access.BY_UNIT and grant.unit:
            keys = Unit.objects.filter(path__startswith=grant.unit).values_list("pk", flat=True)
            found |= {f"u{key}" for key in keys}
    return found if len(found) <= _MOST_MARKS else None
