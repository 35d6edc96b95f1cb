"""外部得分 marks: what came from outside for each group, checked against the scheme. Pure.

A line gives a score, or takes points off with the reason. Of a scored item a group has either one
score, or deductions from full marks, or both where they agree. Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction

from changxiao.evaluation.schemes import OutsideItem, Scheme
from changxiao.evaluation.schemes.scales import plain
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Marks = Mapping[str, Mapping[str, tuple[Fraction, int, int]]]  # group: item: points, most, 0

CONTRACTOR = "contractor"  # the kind of group whose lines may name a contract


@dataclass(frozen=True, slots=True)
class Line:
    """外部得分的一行: `score` and `minus` as decimal text, "" where there is none; exactly one.
    Of a contractor, `contract` and `section` may say under which of its contracts."""

    item: str
    group: str
    score: str
    minus: str
    reason: str
    evidence: str
    author: str
    contract: str = ""
    section: str = ""

    def told(self) -> dict[str, str]:
        """写入记录的样子: a contract only where one is named."""
        return {
            name: text
            for name, text in asdict(self).items()
            if text or name not in {"contract", "section"}
        }

    @property
    def contract_words(self) -> str:
        """合同和标段，写成字."""
        return f"{self.contract} {self.section}".strip()


@dataclass(frozen=True, slots=True)
class Outside:
    """计入的一行: with the sheet it came in by, who handed it in, and who confirmed it."""

    line: Line
    sheet: str
    submitted_by: str
    confirmed_by: str

    def told(self) -> dict[str, str]:
        """写入结果的样子."""
        return {**self.line.told(), **{name: getattr(self, name) for name in _OF_SHEET}}

    @classmethod
    def read(cls, told: Mapping[str, str]) -> Outside:
        """读回, as `told` wrote it. KeyError, TypeError where it is something else."""
        line = {name: text for name, text in told.items() if name not in _OF_SHEET}
        return cls(Line(**line), *(told[name] for name in _OF_SHEET))


_OF_SHEET = ("sheet", "submitted_by", "confirmed_by")


def marks(scheme: Scheme, lines: Sequence[Line]) -> Marks:
    """得分 of each group, item by item. Refused as `faults` finds the first."""
    for n, _part, sentence in faults(scheme, lines):
        raise Refused("outside_wrong", f"{lines[n].group}：{sentence}", field="outside")
    items = {one.key: one for one in scheme.outside}
    found: dict[str, dict[str, tuple[Fraction, int, int]]] = {}
    for (item, group), own in _grouped(lines).items():
        points = _points(items[item], [lines[n] for n in own])
        most = items[item].most if items[item].scored else 0
        found.setdefault(group, {})[item] = (points, most, 0)
    return found


def lost(item: OutsideItem, lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """失分: each line that took points, with how many; a score alone loses what full marks lack."""
    taken = [one for one in lines if one.minus and Fraction(one.minus)]
    if taken:
        yield from ((one, one.minus) for one in taken)
        return
    for one in lines:
        if item.scored and one.score and Fraction(one.score) < item.most:
            yield one, f"{Decimal(item.most) - Decimal(one.score):f}"


def faults(scheme: Scheme, lines: Sequence[Line]) -> Iterator[tuple[int, str, str]]:
    """错处: the line's place, which part of it, and the sentence."""
    items = {one.key: one for one in scheme.outside if one.borrows is None}
    borrowed = {one.key: one for one in scheme.outside if one.borrows is not None}
    for n, line in enumerate(lines):
        if line.item not in items and line.item not in borrowed:
            known = "、".join(one.title for one in items.values()) or "—"
            yield (
                n,
                "item",
                _("方案没有外部得分项“%(item)s”：有 %(known)s")
                % {
                    "item": line.item,
                    "known": known,
                },
            )
        elif bool(line.score) == bool(line.minus):
            yield n, "score", _("得分和扣分要写且只写一个")
        elif line.minus and not line.reason:
            yield n, "reason", _("扣分要写明原因")
        yield from ((n, part, sentence) for part, sentence in _contract_faults(scheme, line))
    every = items | borrowed
    for (key, _group), own in _grouped(lines).items():
        if key in every:
            yield from _group_faults(every[key], own, [lines[n] for n in own])


def _contract_faults(scheme: Scheme, line: Line) -> Iterator[tuple[str, str]]:
    if scheme.group != CONTRACTOR and (line.contract or line.section):
        part = "contract" if line.contract else "section"
        yield part, _("只有评价管养单位的方案才写合同，请清空合同编号和标段")
    elif line.section and not line.contract:
        yield "section", _("写了标段就要写合同编号")


def _grouped(lines: Sequence[Line]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for n, line in enumerate(lines):
        found.setdefault((line.item, line.group), []).append(n)
    return found


def _group_faults(
    item: OutsideItem, places: Sequence[int], lines: Sequence[Line]
) -> Iterator[tuple[int, str, str]]:
    if not item.scored:
        if abs(found := _points(item, lines)) > item.most:
            told = {"title": item.title, "sum": plain(found), "most": item.most}
            sentence = _("“%(title)s”合计 %(sum)s 分，超过上限 %(most)s 分") % told
            yield places[-1], "score", sentence
        return
    scores = [n for n, line in zip(places, lines, strict=True) if line.score]
    if len(scores) > 1:
        yield scores[1], "score", _("同一对象的“%(title)s”有两个得分") % {"title": item.title}
        return
    given = _sum(line.score for line in lines)
    taken = _sum(line.minus for line in lines)
    told = {"title": item.title, "most": item.most, "score": plain(given), "sum": plain(taken)}
    if given > item.most:
        yield scores[0], "score", _("“%(title)s”满分 %(most)s 分，不能得 %(score)s 分") % told
    elif taken > item.most:
        yield places[-1], "minus", _("“%(title)s”满分 %(most)s 分，不能扣 %(sum)s 分") % told
    elif scores and len(lines) > 1 and given + taken != item.most:
        sentence = _("“%(title)s”满分 %(most)s 分，得分 %(score)s 与扣分合计 %(sum)s 不合")
        yield scores[0], "score", sentence % told


def _points(item: OutsideItem, lines: Sequence[Line]) -> Fraction:
    given, taken = _sum(line.score for line in lines), _sum(line.minus for line in lines)
    if not item.scored:
        return given - taken
    return given if any(line.score for line in lines) else item.most - taken


def _sum(texts: Iterator[str]) -> Fraction:
    return sum((Fraction(text) for text in texts if text), Fraction(0))
