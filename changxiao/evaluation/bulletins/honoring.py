"""红黑榜 of a bulletin: what the rules propose, and once it was decided what was, by whom and why.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from changxiao.evaluation.bulletins.layout import Block, Column, Heading, Para, Table
from changxiao.evaluation.bulletins.source import Decided, Row, Source, day_words
from changxiao.kernel.words import gettext as _


def honored(source: Source) -> Iterator[Block]:
    """红黑榜: each list in a sentence, then the decisions with their reasons."""
    if not source.lists:
        return
    yield Heading(1, _("红黑榜"))
    listed = source.told["honors"]
    for key, rule in source.lists.items():
        said = _("；").join(_listed(source, [one for one in listed if one["list"] == key]))
        told = {"title": rule.title, "said": said or _("本期空缺")}
        yield Para(_("%(title)s：%(said)s。") % told)
    decided = [(one, made) for one in listed if (made := decision(source, one))]
    if decided:
        yield _decisions(source, decided)
    if listed and not decided:
        yield Para(_("以上措施为按规则提出的建议，由有权机关决定。"))
    elif len(decided) < len(listed):
        yield Para(_("尚未决定的为按规则提出的建议，由有权机关决定。"))


def decision(source: Source, row: Row) -> Decided | None:
    """对一项的决定, None while there is none."""
    return source.decisions.get((row["list"], row["code"]))


def _listed(source: Source, rows: Sequence[Row]) -> Iterator[str]:
    """上榜的, those together for whom the same was decided or is proposed."""
    alike: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        alike.setdefault((row["times"], _measure(source, row)), []).append(row)
    for (times, measure), those in sorted(alike.items(), key=lambda one: -one[0][0]):
        said = []
        if times > 1:
            said.append(_("连续第 %(times)d 期") % {"times": times})
        if measure:
            said.append(measure)
        names = source.names_of(those, most=len(those))
        told = {"names": names, "said": _("，").join(said)}
        yield _("%(names)s（%(said)s）") % told if said else names


def _measure(source: Source, row: Row) -> str:
    if made := decision(source, row):
        return _("决定%(act)s") % {"act": made.words}
    return _("建议%(act)s") % {"act": row["proposal"]} if row["proposal"] else ""


def _decisions(source: Source, decided: Sequence[tuple[Row, Decided]]) -> Table:
    columns = (
        Column(_("榜单"), 3),
        Column(source.noun, 5),
        Column(_("决定"), 5),
        Column(_("决定人"), 4),
        Column(_("决定日期"), 4, minor=True),
        Column(_("理由"), 8),
    )
    rows = tuple(
        (
            source.lists[row["list"]].title,
            source.name(row["code"]),
            made.words,
            deciders(made),
            day_words(made.date),
            made.reason,
        )
        for row, made in decided
    )
    return Table(_("已作出的奖惩决定"), columns, rows)


def deciders(made: Decided) -> str:
    """决定人, and who looked at it again."""
    if not made.confirmed_by:
        return made.decided_by
    told = {"decided": made.decided_by, "confirmed": made.confirmed_by}
    return _("%(decided)s（%(confirmed)s复核）") % told
