"""红黑榜 honor lists: who stands on which, how often in a row, and what is then proposed. Pure.

A list that follows the rank takes the first or last n with all that tie with the n-th (江门). One
that follows the band never lets noise decide: praise goes to every band that begins within the
first n, and only a band that lies wholly within the last n is blamed; where nobody can be told
apart, both stay empty. One that follows the range asks less: of the first n those whose worst open
rank lies in the upper half, of the last n those whose best lies in the lower. Nobody stands on a
black list who also stands on a red one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from changxiao.evaluation.schemes import Honor, Scheme
from changxiao.evaluation.schemes.model import BAND, RANGE, RANK

Appearances = frozenset[tuple[str, str]]  # key of the list, code of the unit


@dataclass(frozen=True, slots=True)
class Standing:
    """名次: what a list needs to know of one ranked unit."""

    code: str
    rank: int
    band: int
    score: Decimal
    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Listed:
    """上榜: on which list, how many periods in a row, and what is proposed."""

    list: str
    code: str
    times: int
    proposal: str


def honors(
    scheme: Scheme, standings: Sequence[Standing], before: Sequence[Appearances]
) -> list[Listed]:
    """红黑榜 of a period; `before` are the appearances in those before it, the newest first."""
    found = []
    for key, codes in _lists(scheme, standings).items():
        honor = next(one for one in scheme.honors if one.key == key)
        for code in codes:
            times = 1
            while times <= len(before) and (key, code) in before[times - 1]:
                times += 1
            found.append(Listed(key, code, times, honor.due(times)))
    return found


def _lists(scheme: Scheme, standings: Sequence[Standing]) -> dict[str, list[str]]:
    red = {h.key: _taken(h, standings) for h in scheme.honors if h.color == "red"}
    praised = {code for codes in red.values() for code in codes}
    black = {
        h.key: [code for code in _taken(h, standings) if code not in praised]
        for h in scheme.honors
        if h.color == "black"
    }
    return red | black


def _taken(honor: Honor, standings: Sequence[Standing]) -> list[str]:
    chosen = {RANK: _by_rank, BAND: _by_band, RANGE: _by_range}[honor.follow]
    return chosen(honor, sorted(standings, key=lambda one: one.rank))


def _by_rank(honor: Honor, standings: Sequence[Standing]) -> list[str]:
    if not standings:
        return []
    nth = (standings[-honor.n :] if honor.last else standings[: honor.n])[0 if honor.last else -1]
    if honor.last:
        return [one.code for one in standings if one.score <= nth.score]
    return [one.code for one in standings if one.score >= nth.score]


def _by_band(honor: Honor, standings: Sequence[Standing]) -> list[str]:
    bands = [one.band for one in standings]
    if len(set(bands)) < 2:
        return []
    if honor.last:
        spared = set(bands[: -honor.n])
        return [one.code for one in standings if one.band not in spared]
    within = set(bands[: honor.n]) - {bands[-1]}
    return [one.code for one in standings if one.band in within]


def _by_range(honor: Honor, standings: Sequence[Standing]) -> list[str]:
    half = len(standings) // 2
    if honor.last:
        return [one.code for one in standings[-honor.n :] if one.best > len(standings) - half]
    return [one.code for one in standings[: honor.n] if one.worst <= half]
