"""两版对照: a version beside another in words, and its labels and mistakes by name. Pure, but for
the names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import subjects
from changxiao.catalog.models import FilingCriterion
from changxiao.orgs.models import Unit

ALIKE = 0.005  # of a score: less is told as the same
MOVED = 0.05  # of one label's score: more is worth a word


@dataclass(frozen=True, slots=True)
class Label:
    """一种标签: by name, on how many cases it was tried, and how well; `was` is the other's."""

    key: str
    name: str
    n: int
    f1: float
    was: float | None

    @property
    def better(self) -> bool:
        """比对照的一版好."""
        return self.was is not None and self.f1 - self.was >= MOVED

    @property
    def worse(self) -> bool:
        """比对照的一版差."""
        return self.was is not None and self.was - self.f1 >= MOVED


def labels(head: Mapping[str, Any], names: Mapping[str, str], other: Any = None) -> list[Label]:
    """各种标签, the weakest first."""
    was = {one["label"]: one["f1"] for one in (other or {}).get("each", ())}
    found = [
        Label(one["label"], names.get(one["label"], ""), one["n"], one["f1"], was.get(one["label"]))
        for one in head["each"]
    ]
    return sorted(found, key=lambda one: (one.f1, -one.n, one.key))


def verdict(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """对照, as sentences: overall, then how many labels moved, came and went.

    The two were tried on other cases, so a small difference says nothing.
    """
    gain = new["macro_f1"] - old["macro_f1"]
    scores = {"new": f"{new['macro_f1']:.3f}", "old": f"{old['macro_f1']:.3f}"}
    if abs(gain) < ALIKE:
        told = [_("总成绩相当：%(new)s，原来 %(old)s。") % scores]
    elif gain > 0:
        told = [_("总成绩更好：%(new)s，原来 %(old)s。") % scores]
    else:
        told = [_("总成绩更差：%(new)s，原来 %(old)s。") % scores]
    rows = labels(new, {}, old)
    better, worse = sum(one.better for one in rows), sum(one.worse for one in rows)
    counts = {"better": better, "worse": worse}
    told.append(_("%(better)s 种认得更准，%(worse)s 种认得更差（相差 0.05 以上）。") % counts)
    mine, theirs = ({one["label"] for one in head["each"]} for head in (new, old))
    if mine - theirs or theirs - mine:
        moved = {"come": len(mine - theirs), "gone": len(theirs - mine)}
        told.append(_("新学会 %(come)s 种，不再认得 %(gone)s 种。") % moved)
    if new["n"] != old["n"]:
        told.append(_("学了 %(new)s 件，原来 %(old)s 件。") % {"new": new["n"], "old": old["n"]})
    return told


def names_of(head: str, keys: set[str]) -> dict[str, str]:
    """标签的名称; what is off by now keeps its key."""
    if head == "subcategory":
        rows = ((key, subjects.by_key(key)) for key in keys)
        return {key: row.label for key, row in rows if row}
    if head == "criterion":
        found = FilingCriterion.objects.current().filter(code__in=keys)
        return dict(found.values_list("code", "condition"))
    return dict(Unit.objects.filter(code__in=keys).values_list("code", "name"))
