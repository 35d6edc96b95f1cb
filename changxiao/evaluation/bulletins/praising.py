"""亮点 in a bulletin: former repeat spots that a person picked, in words and pictures. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from changxiao.evaluation.bulletins.layout import Block, Heading, Para, Pictures
from changxiao.evaluation.bulletins.source import Praised, Source, day_words
from changxiao.kernel.words import gettext as _


def bright(source: Source) -> Iterator[Block]:
    """亮点: those that a person picked; none, and the bulletin does not speak of it."""
    if not source.highlights:
        return
    yield Heading(1, _("亮点"))
    for n, one in enumerate(source.highlights, 1):
        yield Para(f"{n}. {praise(one)}")
        if one.pictures:
            told = {"place": one.place, "category": one.category}
            yield Pictures(_("%(place)s，%(category)s") % told, tuple(one.pictures))


def praise(one: Praised) -> str:
    """亮点，写成句."""
    told = {
        "place": one.place,
        "category": one.category,
        "first": day_words(one.first),
        "closed": day_words(one.closed),
        "times": one.times,
        "days": one.days,
        "visits": one.visits,
    }
    words = _(
        "%(place)s，%(category)s：自%(first)s起在同一处复发 %(times)d 次，%(closed)s最后一次结案，"
        "此后 %(days)d 天没有人再发现，期间有 %(visits)d 天巡查到本社区。"
    )
    return words % told
