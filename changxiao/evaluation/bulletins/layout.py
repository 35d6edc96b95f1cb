"""版式 of a bulletin: what it is made of, whatever it is printed on. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Heading:
    """标题: level 1 一、 or 2 （一）; `text` has its number."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """段落; `code`: mostly figures and letters, not to be spread over the line."""

    kind: ClassVar[str] = "para"
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """一列: `wide` is its share of the width; `minor` columns are left out on a phone."""

    title: str
    wide: int = 2
    figure: bool = False
    minor: bool = False


Ref = tuple[str, str]  # indicator, group


@dataclass(frozen=True, slots=True)
class Table:
    """表: the first `figure`-less column names the row; `refs`, of the same shape as `rows`, say
    which cell of the result a figure is, so that a page can open it."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    refs: tuple[tuple[Ref | None, ...], ...] = ()

    @property
    def named_by(self) -> int:
        """行名所在列."""
        return next((n for n, column in enumerate(self.columns) if not column.figure), 0)

    def lines(self) -> Iterator[list[tuple[Column, bool, list[str], Ref | None]]]:
        """逐行: of each cell its column, whether it names the row, its lines and what it is."""
        for n, row in enumerate(self.rows):
            refs = self.refs[n] if self.refs else (None,) * len(row)
            yield [
                (column, at == self.named_by, text.split("\n"), ref)
                for at, (column, text, ref) in enumerate(zip(self.columns, row, refs, strict=True))
            ]


@dataclass(frozen=True, slots=True)
class Bar:
    """一条."""

    label: str
    value: Decimal

    @property
    def text(self) -> str:
        return f"{self.value:f}"


@dataclass(frozen=True, slots=True)
class Bars:
    """条形图, from zero up to `most`; every bar carries its figure."""

    kind: ClassVar[str] = "bars"
    caption: str
    most: Decimal
    bars: tuple[Bar, ...]

    def shares(self) -> Iterator[tuple[Bar, str]]:
        """逐条: with its length in per cent of the longest possible."""
        for bar in self.bars:
            yield bar, f"{100 * bar.value / self.most:.1f}"


Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """一块: what it says of itself, its rings, its colour (#rrggbb; none for an outline only),
    and what is written `at` its widest."""

    words: str
    rings: tuple[Ring, ...]
    fill: str
    lines: tuple[str, ...]
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Map:
    """地图 on a plane `high` units down, north up; drawn by `map_drawn`."""

    kind: ClassVar[str] = "map"
    caption: str
    high: float
    patches: tuple[Patch, ...]
    legend: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """文字说明 for who does not see it: the table has the figures."""
        return _("地图：%(caption)s，数字是名次，见下表") % {"caption": self.caption}


@dataclass(frozen=True, slots=True)
class Picture:
    """照片 that was released to the public: its word, the hash in its address, its file."""

    words: str
    sha256: str
    path: Path


@dataclass(frozen=True, slots=True)
class Pictures:
    """照片 side by side."""

    kind: ClassVar[str] = "pictures"
    caption: str
    pictures: tuple[Picture, ...]

    def labelled(self) -> Iterator[tuple[Picture, str]]:
        """逐张: with what a screen reader says of it."""
        for one in self.pictures:
            told = {"caption": self.caption, "words": one.words}
            yield one, _("%(caption)s：%(words)s") % told


Block = Heading | Para | Table | Bars | Map | Pictures


@dataclass(frozen=True, slots=True)
class Annex:
    """附件."""

    title: str
    blocks: tuple[Block, ...]

    def lines(self, most: int) -> list[str]:
        """标题 in two lines before its last bracket, when it is wider than `most` characters."""
        head, bracket, tail = self.title.rpartition("（")
        if width(self.title) <= most or not head:
            return [self.title]
        return [head, bracket + tail]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """通报: in the order of GB/T 9704-2012 section 7.3: title, addressee, text, annexes named,
    who signs, the date, then the annexes. `digest` is that of the result."""

    number: str
    heading: tuple[str, ...]
    note: str
    addressee: str
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    signed: str
    dated: str
    digest: str

    @property
    def title(self) -> str:
        """标题, in one line."""
        return "".join(self.heading)

    def title_lines(self, most: int) -> list[str]:
        """标题 broken where its sense allows, when it is wider than `most` characters."""
        if width(self.title) <= most:
            return [self.title]
        return [part.strip() for part in self.heading]

    def annex_lines(self) -> list[str]:
        """附件说明 (7.3.4): the first line says the word, the others stand below its number."""
        titles = [one.title for one in self.annexes]
        if len(titles) < 2:
            return [_("附件：%(title)s") % {"title": title} for title in titles]
        lines = [f"{n}. {title}" for n, title in enumerate(titles, 1)]
        return [_("附件：%(title)s") % {"title": lines[0]}, *lines[1:]]

    def annex_name(self, n: int) -> str:
        """附件标识: without a number where there is one only."""
        return _("附件") if len(self.annexes) == 1 else _("附件%(n)d") % {"n": n}


_DIGITS = "零一二三四五六七八九十"


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """编号: 一、（一） in Chinese, 1. 1.1 in English (GB/T 9704-2012, 7.3.3)."""
    first = second = 0
    found: list[Block] = []
    for block in blocks:
        if not isinstance(block, Heading):
            found.append(block)
        elif block.level == 1:
            first, second = first + 1, 0
            told = {"zh": spelt(first), "n": first, "text": block.text}
            found.append(Heading(1, _("%(zh)s、%(text)s") % told))
        else:
            second += 1
            told = {"zh": spelt(second), "n": first, "m": second, "text": block.text}
            found.append(Heading(2, _("（%(zh)s）%(text)s") % told))
    return tuple(found)


def width(text: str) -> float:
    """字数: a Latin letter or figure is half a character."""
    return sum(0.5 if ord(sign) < 0x2E80 else 1 for sign in text)


def spelt(n: int) -> str:
    """中文数字 up to 99."""
    tens, ones = divmod(n, 10)
    if not tens:
        return _DIGITS[ones]
    head = "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
