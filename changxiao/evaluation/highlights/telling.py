"""亮点怎么说: candidates and picked ones with names and released pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from changxiao.areas import names
from changxiao.cases.models import Case
from changxiao.cases.showing import public
from changxiao.evaluation.bulletins.layout import Picture
from changxiao.evaluation.bulletins.source import Praised
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.models_highlights import Highlight
from changxiao.evaluation.naming import names_of


class Found(Protocol):
    """点位: a candidate, or one that was picked."""

    @property
    def spot(self) -> str: ...
    @property
    def numbers(self) -> Sequence[str]: ...
    @property
    def category(self) -> str: ...
    @property
    def community(self) -> str: ...
    @property
    def times(self) -> int: ...
    @property
    def first_date(self) -> date: ...
    @property
    def closed_date(self) -> date: ...
    @property
    def days(self) -> int: ...
    @property
    def visits(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Told:
    """亮点一条."""

    found: Found
    praised: Praised

    @property
    def numbers(self) -> str:
        """案卷 as the list of cases is asked for them: the last fifty."""
        return ",".join(self.found.numbers[-50:])


def picked(row: Evaluation) -> list[Told]:
    """已列为亮点的."""
    return told(list(Highlight.everything.filter(evaluation=row, dropped_at=None)))


def places(rows: Sequence[Told]) -> dict[str, tuple[float, float]]:
    """在哪里: longitude and latitude of each picked spot, where its first case was."""
    spots = [one.found.spot for one in rows]
    known = Case.everything.filter(number__in=spots) if spots else ()
    return {case.number: (case.lon, case.lat) for case in known}


def picked_elsewhere(row: Evaluation) -> frozenset[str]:
    """别的通报已用过的点位."""
    rows = Highlight.everything.filter(dropped_at=None).exclude(evaluation=row)
    return frozenset(rows.values_list("spot", flat=True))


def told(rows: Sequence[Found]) -> list[Told]:
    """逐条, with the pictures of the last case that has one before and one after."""
    kinds = names_of("category", [one.category for one in rows])
    pictures = public.before_after({number for one in rows for number in one.numbers})
    return [
        Told(
            one,
            Praised(
                place=names.words(one.community),
                category=kinds[one.category],
                times=one.times,
                first=one.first_date,
                closed=one.closed_date,
                days=one.days,
                visits=one.visits,
                pictures=_pictures(one, pictures),
            ),
        )
        for one in rows
    ]


def _pictures(one: Found, known: dict[str, tuple[str, str]]) -> tuple[Picture, ...]:
    pair = next((known[number] for number in reversed(one.numbers) if number in known), ())
    words = (_("处置前"), _("处置后"))
    files = zip(words, pair, map(public.file_of, pair), strict=False)
    return tuple(Picture(word, sha256, path) for word, sha256, path in files if path)
