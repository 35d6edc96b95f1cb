"""外部得分项 outside items: what somebody else scores (市对标评比, 第三方测评, 问卷, 材料分, 加分),
with its full marks or its cap. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from changxiao.evaluation.formulas import PERCENT, Named
from changxiao.evaluation.schemes.scales import plain
from changxiao.evaluation.schemes.tables import Reader, wrong
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

SCORE, POINTS = "score", "points"
MOST_MARKS = 10_000
MOST_KEY, MOST_TITLE = 40, 120


@dataclass(frozen=True, slots=True)
class OutsideItem:
    """外部得分项: of a `score` the `most` are full marks, and formulas know it by its key, in per
    cent of them; `points` are added or taken as they are, `most` either way.

    `trials`: on how many questionnaires or checks a score rests; 0, the figure is taken as exact.
    `borrows`: scheme and item of the upper level whose result this one takes over.
    """

    key: str
    title: str
    kind: str
    most: int
    trials: int = 0
    borrows: tuple[str, str] | None = None

    @property
    def scored(self) -> bool:
        """是否按满分计."""
        return self.kind == SCORE

    def told(self) -> str:
        """一句话: what may be given."""
        most = {"most": self.most}
        if self.scored:
            return _("满分 %(most)s 分") % most
        return _("加减分，最多 %(most)s 分") % most


def read_outside(reader: Reader, names: Mapping[str, Named]) -> tuple[OutsideItem, ...]:
    """外部得分项. Refused `name_taken` where an indicator or another item has the key."""
    found: list[OutsideItem] = []
    for table in reader.tables("outside"):
        one = _item(table)
        if one.key in names or one.key in {other.key for other in found}:
            sentence = _("外部得分项的 key“%(name)s”与指标或另一项同名：请换一个名字。")
            raise Refused("name_taken", sentence % {"name": one.key}, field=table.path("key"))
        found.append(one)
    return tuple(found)


def names_of_outside(items: tuple[OutsideItem, ...]) -> dict[str, Named]:
    """公式里可用的名字: each scored item, in per cent of its full marks."""
    return {one.key: Named(PERCENT, "high") for one in items if one.scored}


def _item(reader: Reader) -> OutsideItem:
    key, title = reader.text("key"), reader.text("title")
    if not key.isascii() or not key.isidentifier() or len(key) > MOST_KEY:
        raise wrong(reader.path("key"), key, _('英文代号，如 "benchmark"'))
    if len(title) > MOST_TITLE:
        raise wrong(reader.path("title"), title, _("不超过 %s 个字的名称") % MOST_TITLE)
    kind = reader.one_of("kind", (SCORE, POINTS), default=SCORE)
    most = reader.whole("full" if kind == SCORE else "cap", least=1)
    if most > MOST_MARKS:
        raise wrong(reader.where, most, _("不超过 %s 的满分或上限") % plain(Fraction(MOST_MARKS)))
    trials = reader.whole("trials", 0) if kind == SCORE else 0
    borrows = None
    if (table := reader.table_of("borrow")) is not None:
        borrows = (table.text("scheme"), table.text("item"))
        table.done()
    reader.done()
    return OutsideItem(key, title, kind, most, trials, borrows)
