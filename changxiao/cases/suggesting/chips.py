"""建议条: a suggestion as the report form shows it: what a press chooses, how sure, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from changxiao.cases import subjects
from changxiao.cases.subjects import Subject
from changxiao.cases.suggesting import city
from changxiao.cases.suggesting.model import Guess
from changxiao.cases.suggesting.offering import Offered, packed
from changxiao.cases.suggesting.prior import Context
from changxiao.catalog.models import FilingCriterion
from changxiao.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Chip:
    """一条: the sub-category with the likeliest of its criteria, and words for both."""

    subject: Subject
    sure: str
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class Chips:
    """建议: which version speaks, up to three chips, and the unit that handled most of the like."""

    version: int
    rows: list[Chip]
    unit: str = ""
    unit_code: str = ""
    unit_why: str = ""

    @property
    def token(self) -> str:
        """随表单带出的建议, as `offering` reads it back."""
        first = {row.subject.subcategory.key: round(100 * row.score) for row in self.rows}
        codes = [(row.subject.criterion, row.score) for row in self.rows]
        criteria = {one.code: round(100 * score) for one, score in codes if one}
        heads = {"subcategory": tuple(first.items()), "criterion": tuple(criteria.items())}
        return packed(Offered(self.version, heads)) if self.rows else ""


def chips(text: str, context: Context) -> Chips | None:
    """建议条; None where there is nothing to suggest."""
    said = city.said(text, context)
    if said is None:
        return None
    rows = [chip for guess in said.subcategories if (chip := _chip(guess, said.criteria))]
    unit = said.units[0] if said.units else None
    name = list(Unit.objects.filter(code=unit.label).values_list("name", flat=True)) if unit else []
    return Chips(
        version=city.in_force(),
        rows=rows,
        unit=next(iter(name), ""),
        unit_code=unit.label if unit and name else "",
        unit_why=f"{sure(unit.score)} · {why(unit)}" if unit else "",
    )


def _chip(guess: Guess, criteria: list[Guess]) -> Chip | None:
    row = subjects.by_key(guess.label)
    if row is None:  # switched off since
        return None
    rows = {one.code: one for one in FilingCriterion.objects.of(row)}
    liked = (rows[one.label] for one in criteria if one.label in rows)
    return Chip(Subject(row, next(liked, None)), sure(guess.score), why(guess), guess.score)


def sure(score: float) -> str:
    """把握, in words: a percentage would promise more than it knows."""
    if score >= city.SURE:
        return _("很像")
    return _("可能") if score >= city.LIKELY else _("也许")


def why(guess: Guess) -> str:
    """理由: the words that speak for it, and whether it is usual here or at this hour."""
    told = []
    if guess.grams:
        told.append(_("因为：%(words)s") % {"words": "、".join(guess.grams)})
    if guess.place:
        here = guess.place.startswith("grid:")
        told.append(_("本网格常见") if here else _("本社区常见"))
    if guess.moment:
        told.append(_("这个时节常见"))
    return " · ".join(told)
