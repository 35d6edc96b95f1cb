"""编码 codes: component 部件 16 digits, event 事件 10 digits, unit grid 单元网格 14 or 15 digits.

GB/T 30428.1 and .2; CJ/T 213-2005 has grids of 14, Yuncheng's of other segments: the lengths of the
segments are data of the city (domain.md §2), never constants of a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class CodeScheme:
    """编码规则: the name people know it by, and its segments in order with their lengths."""

    title: str
    field: str
    segments: tuple[tuple[str, int], ...]

    @property
    def length(self) -> int:
        return sum(size for _name, size in self.segments)

    def parse(self, text: str) -> dict[str, str]:
        """解析: segment by segment. Refused `code_unreadable` names field, value and remedy."""
        code = text.strip()
        if len(code) != self.length or not (code.isascii() and code.isdigit()):
            raise self._refuse(text)
        parts: dict[str, str] = {}
        for name, size in self.segments:
            parts[name], code = code[:size], code[size:]
        return parts

    def format(self, **parts: str | int) -> str:
        """编码: each segment filled with zeros on the left; too long or unknown is refused."""
        told = [str(parts.get(name, "")).zfill(size) for name, size in self.segments]
        code = "".join(told)
        if set(parts) != {name for name, _size in self.segments}:
            raise self._refuse(code)
        self.parse(code)
        for (_name, size), piece in zip(self.segments, told, strict=True):
            if len(piece) != size:
                raise self._refuse(code)
        return code

    def prefix(self, code: str, segment: str) -> str:
        """上级编码: everything up to and with the named segment."""
        self.parse(code)
        end = 0
        for name, size in self.segments:
            end += size
            if name == segment:
                return code.strip()[:end]
        raise KeyError(segment)

    def _refuse(self, value: str) -> Refused:
        shape = " + ".join(str(size) for _name, size in self.segments)
        told = {"title": self.title, "value": value, "length": self.length, "shape": shape}
        sentence = _("%(title)s“%(value)s”读不出：须为 %(length)s 位数字（%(shape)s），请核对。")
        return Refused("code_unreadable", sentence % told, field=self.field)


def component_scheme() -> CodeScheme:
    """部件代码 (GB/T 30428.2): district 6, category 2, subcategory 2, sequence 6."""
    segments = (("district", 6), ("category", 2), ("subcategory", 2), ("sequence", 6))
    return CodeScheme(_("部件代码"), "component", segments)


def event_scheme() -> CodeScheme:
    """事件代码 (GB/T 30428.2): district 6, category 2, subcategory 2."""
    segments = (("district", 6), ("category", 2), ("subcategory", 2))
    return CodeScheme(_("事件代码"), "event", segments)


GRID_SEGMENTS: Mapping[str, int] = {"district": 6, "street": 3, "community": 3, "sequence": 3}


def grid_scheme(lengths: Mapping[str, int] = GRID_SEGMENTS) -> CodeScheme:
    """单元网格代码: lengths as the city's data say; the default is GB/T 30428.1 (6+3+3+3)."""
    segments = tuple((name, lengths[name]) for name in GRID_SEGMENTS)
    return CodeScheme(_("单元网格代码"), "unit_grid", segments)
