"""Bench `search`: cases found by two Chinese characters, beside LIKE on the same words.

In the home of `CHANGXIAO_HOME`, which needs cases (`changxiao bench load`). The words are pairs of
neighbours taken at random from what its cases say, and pairs put together from two such; half of
the questions are words that less than a page of cases hold, for a common word is found by any
reader of the newest rows. What LIKE finds the index must find too, or the bench ends.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise

import click
from django.db.models import Q

from changxiao.bench.figures import Figure, percentile
from changxiao.cases import search
from changxiao.cases.models import Case
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _

OPTIONS = [
    click.Option(["--words"], type=click.IntRange(min=10), default=60, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
ALONE = True  # it needs a loaded home
LIMIT = 20  # cases that the page shows
SAMPLED = 500  # cases whose texts give the words
_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")
_READ = ("description", "address", "answer", "subcategory__name", "unit__name")


def run(*, words: int = 60, seed: int = 1) -> list[Figure]:
    """搜索: milliseconds of a word, common or rare, with all that a page of hits needs.

    Refused `home_empty` where the home has no cases.
    """
    with viewing(system("bench")):
        total = Case.everything.count()
        if not total:
            raise Refused("home_empty", _("这个目录里没有案卷，请先运行 changxiao bench load。"))
        asked = _sorted(_words(words * 3, random.Random(seed)), words // 2)
        return [_beside(name, some, total) for name, some in asked.items() if some]


def _words(count: int, rng: random.Random) -> list[str]:
    """Different pairs of characters that stand in cases picked at random, and as many again put
    together from two of them, which hardly any case holds."""
    last = Case.everything.order_by("-pk").values_list("pk", flat=True)[0]
    keys = rng.sample(range(1, last + 1), k=min(last, SAMPLED))
    rows = Case.everything.filter(pk__in=keys).order_by("pk").values_list(*_READ)
    pairs = {pair for row in rows for text in row if text for pair in _PAIR.findall(text)}
    held = rng.sample(sorted(pairs), k=min(len(pairs), count))
    mixed = [one[0] + other[1] for one, other in pairwise(held)]
    return list(dict.fromkeys([*held, *mixed]))


def _sorted(words: Iterable[str], each: int) -> dict[str, list[str]]:
    """Rare words are those that do not fill a page."""
    found: dict[str, list[str]] = {"common": [], "rare": []}
    for word in words:
        name = "common" if len(search.found(word, LIMIT)) == LIMIT else "rare"
        if len(found[name]) < each:
            found[name].append(word)
    return found


def _beside(name: str, words: list[str], total: int) -> Figure:
    """The index and LIKE take turns, so that both have the machine as it is."""
    _liked(words[0])  # the words were sorted by the index: it is warm already
    ours, plain = list[float](), list[float]()
    for word in words:
        spent, found = _timed(partial(search.found, word, LIMIT))
        ours.append(spent)
        spent, liked = _timed(partial(_liked, word))
        plain.append(spent)
        if name == "rare" and (lost := {row.pk for row in liked} - {row.pk for row in found}):
            raise AssertionError(f"{word}: LIKE finds {len(lost)} cases that the index does not")
    own, other = percentile(ours, 0.5), percentile(plain, 0.5)
    return Figure(
        path=f"search/{name}-word",
        value=own,
        unit="ms",
        ratio=other / own,
        p99_ms=percentile(ours, 0.99),
        note=f"{len(words)} words, {total:,} cases; LIKE {other:.1f} ms, "
        f"p99 {percentile(plain, 0.99):.1f}",
    )


def _liked(word: str) -> list[Case]:
    """对照: the newest cases of which a column holds the word, without any index of words."""
    holds = Q()
    for name in _READ:
        holds |= Q(**{f"{name}__contains": word})
    rows = Case.objects.filter(holds).select_related(*search.SHOWN)
    return list(rows.order_by("-pk")[:LIMIT])


def _timed(work: Callable[[], list[Case]]) -> tuple[float, list[Case]]:
    begun = time.perf_counter()
    found = work()
    return 1000 * (time.perf_counter() - begun), found
