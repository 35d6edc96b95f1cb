"""TOML 表的读法: each value with its type, each name that nobody asked for refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

_MISSING = object()


class Reader:
    """读表器: one table of a scheme; `where` is its path, as sentences name it."""

    def __init__(self, table: Any, where: str) -> None:
        if not isinstance(table, Mapping):
            raise wrong(where, table, _("一张表"))
        self.table, self.where = table, where
        self.asked: list[str] = []

    def path(self, name: str) -> str:
        """路径: of a value in this table."""
        return f"{self.where}.{name}" if self.where else name

    def text(self, name: str, default: Any = _MISSING) -> str:
        """文字, not empty."""
        found = self._get(name, default)
        if found is default:
            return str(found)
        if not isinstance(found, str) or not found.strip():
            raise wrong(self.path(name), found, _('文字，如 "结案率"'))
        return found.strip()

    def one_of(self, name: str, choices: Iterable[str], default: Any = _MISSING) -> str:
        """其中之一."""
        found = self.text(name, default)
        if found is not default and found not in choices:
            raise wrong(self.path(name), found, _("其中之一：%s") % "、".join(choices))
        return found

    def number(self, name: str, default: Any = _MISSING) -> Any:
        """数: exact."""
        found = self._get(name, default)
        if found is default:
            return found
        fits = isinstance(found, int | Decimal) and not isinstance(found, bool)
        if not fits or not _is_plain(found):
            raise wrong(self.path(name), found, _("数，如 30 或 0.5"))
        return Fraction(found)

    def whole(self, name: str, default: Any = _MISSING, *, least: int = 0) -> int:
        """整数."""
        found = self._get(name, default)
        if not isinstance(found, int) or isinstance(found, bool) or found < least:
            raise wrong(self.path(name), found, _("不小于 %s 的整数") % least)
        return found

    def day(self, name: str, default: Any = _MISSING) -> Any:
        """日期."""
        found = self._get(name, default)
        if found is not default and type(found) is not date:
            raise wrong(self.path(name), found, _("日期，如 2026-01-01，不加引号"))
        return found

    def yes(self, name: str) -> bool:
        """是或否; false where nothing is said."""
        found = self._get(name, False)
        if not isinstance(found, bool):
            raise wrong(self.path(name), found, _("true 或 false"))
        return found

    def tables(self, name: str) -> list[Reader]:
        """一组表; none where nothing is said."""
        found = self._get(name, [])
        if not isinstance(found, list):
            raise wrong(self.path(name), found, _("一组表（[[%s]]）") % name)
        return [Reader(one, f"{self.path(name)}[{n}]") for n, one in enumerate(found, 1)]

    def table_of(self, name: str) -> Reader | None:
        """一张表, or None."""
        found = self._get(name, None)
        return None if found is None else Reader(found, self.path(name))

    def texts(self, name: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        """一组文字."""
        found = self._get(name, list(default))
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise wrong(self.path(name), found, _('一组文字，如 ["month"]'))
        return tuple(found)

    def done(self) -> None:
        """读完: a name that was not asked for is a slip of the pen. Refused `name_unknown`."""
        for name in self.table:
            if name not in self.asked:
                told = {"path": self.path(name), "known": "、".join(self.asked)}
                sentence = _("方案里的 %(path)s 没有这个名字：这里可写 %(known)s。") % told
                raise Refused("name_unknown", sentence, field=self.path(name))

    def _get(self, name: str, default: Any) -> Any:
        self.asked.append(name)
        if name in self.table:
            return self.table[name]
        if default is _MISSING:
            sentence = _("方案缺 %(path)s：请补上。") % {"path": self.path(name)}
            raise Refused("value_missing", sentence, field=self.path(name))
        return default


def _is_plain(number: int | Decimal) -> bool:
    """Up to a trillion, nine decimal places: 1e-999999 would be a fraction of a million digits."""
    if isinstance(number, int):
        return abs(number) < 10**12
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -9 and number.adjusted() < 12


def wrong(where: str, value: Any, wanted: str) -> Refused:
    """类型不对: what stands there and what should."""
    told = {"path": where, "value": str(value)[:40], "wanted": wanted}
    sentence = _("方案里的 %(path)s 写的是“%(value)s”，应为%(wanted)s。") % told
    return Refused("value_wrong", sentence, field=where)
