"""对照表的键 keys: one TOML table, asked key by key; whatever was not asked for is a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused


class Keys:
    """键表: every question names the type it wants; Refused `mapping_key` tells key and remedy."""

    def __init__(self, told: dict[str, Any], mapping: str, path: str = "") -> None:
        self._told, self._mapping, self._path = told, mapping, path
        self._asked: set[str] = set()

    def has(self, name: str) -> bool:
        """是否写有."""
        return name in self._told

    def names(self) -> list[str]:
        """全部键, each of which is asked for by that."""
        self._asked.update(self._told)
        return list(self._told)

    def _get(self, name: str) -> Any:
        self._asked.add(name)
        return self._told.get(name)

    def text(self, name: str, default: str, *, most: int = 200) -> str:
        """文字."""
        found = self._get(name)
        if found is None:
            return default
        if not isinstance(found, str) or len(found) > most:
            raise self.refuse(name, found, _("应为不超过%(most)d字的文字") % {"most": most})
        return found.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """文字或文字列表."""
        found = self._get(name)
        rows = [found] if isinstance(found, str) else found if found is not None else []
        if not isinstance(rows, list) or not all(isinstance(row, str) and row for row in rows):
            raise self.refuse(name, found, _("应为文字或文字列表"))
        return tuple(rows)

    def one_of(self, name: str, known: Iterable[str], default: str) -> str:
        """选项."""
        found = self._get(name) if name in self._told else default
        if found not in known:
            raise self.refuse(name, found, _("可用：%(known)s") % {"known": "、".join(known)})
        return str(found)

    def flag(self, name: str) -> bool | None:
        """真假; None where it is not written."""
        found = self._get(name)
        if found is not None and not isinstance(found, bool):
            raise self.refuse(name, found, _("应为 true 或 false"))
        return found

    def span(self, name: str, default: tuple[time, time]) -> tuple[time, time]:
        """时段: two times of day, the earlier first."""
        if name not in self._told:
            return default
        texts = self.texts(name)
        try:
            start, end = map(time.fromisoformat, texts)
        except ValueError:
            start, end = time.max, time.min
        if start >= end:
            raise self.refuse(name, list(texts), _('应为先后两个时刻，如 ["08:00", "12:00"]'))
        return start, end

    def table(self, name: str) -> Keys:
        """子表; empty where it is not written."""
        found = self._get(name)
        path = f"{self._path}{name}."
        if found is not None and not isinstance(found, dict):
            raise self.refuse(name, found, _("应为一个表（[%(path)s]）") % {"path": path[:-1]})
        return Keys(found or {}, self._mapping, path)

    def done(self) -> None:
        """问毕: a key that nobody asked for is misspelt and would be silently without effect."""
        for name in self._told:
            if name not in self._asked:
                known = "、".join(sorted(self._asked))
                raise self.refuse(
                    name, self._told[name], _("没有这个键，可用：%(k)s") % {"k": known}
                )

    def refuse(self, name: str, value: object, remedy: str) -> Refused:
        """拒绝: which key of which mapping, what stands there, what should."""
        message = _("对照表“%(mapping)s”的键“%(key)s”不可用（值：%(value)s）：%(remedy)s")
        key = f"{self._path}{name}"
        told = {"mapping": self._mapping, "key": key, "value": str(value)[:80], "remedy": remedy}
        return Refused("mapping_key", message % told, field=key)
