"""合并事实库: the folders of several cities become one, so that a province counts from one place.

Files are copied as they are, so that the merged folder says of each city what its own says. A
folder is checked whole before anything is written. No Django.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from changxiao.evaluation.facts import store
from changxiao.evaluation.facts.store import Facts, Source
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Told = Callable[[int], None]


def merge(folders: Sequence[Path], out: Path, *, tell: Told = lambda _n: None) -> Facts:
    """合并 `folders` into `out`; a city that `out` has already is replaced by a newer export of the
    same log, the others stay.

    Refused, with nothing changed: as `store.opened` refuses; `facts_faulty` (names the file),
    `city_twice`, `facts_older`.
    """
    merged = store.opened(out) if (out / store.MANIFEST).exists() else Facts(out)
    came: dict[str, Path] = {}
    taken = [store.opened(folder) for folder in folders]
    for facts in taken:
        _check(facts, merged, came)
    for n, facts in enumerate(taken, 1):
        _take(facts, merged)
        tell(n)
    store.save(merged)
    return merged


def _check(facts: Facts, merged: Facts, came: dict[str, Path]) -> None:
    for code, source in sorted(facts.cities.items()):
        if code in came:
            told = {"city": code, "one": came[code], "two": facts.folder}
            sentence = _("%(one)s 和 %(two)s 都有城市 %(city)s：同一城市只能合并一份。") % told
            raise Refused("city_twice", sentence, field="folders")
        came[code] = facts.folder
        _check_newer(code, source, merged, facts.folder)
    fault = next(store.faults(facts), None) or _astray(facts)
    if fault:
        told = {"dir": facts.folder, "fault": fault}
        raise Refused("facts_faulty", _("%(dir)s：%(fault)s") % told, field="folders")


def _check_newer(code: str, source: Source, merged: Facts, folder: Path) -> None:
    known = merged.cities.get(code)
    if known is None or known.size < source.size or known == source:
        return
    told = {"dir": folder, "city": code, "size": source.size, "known": known.size}
    sentence = _(
        "%(dir)s 里城市 %(city)s 的事实（总账 %(size)d 条）不比已合并的（%(known)d 条）新："
        "请用该市最新的导出，或换一个 --out。"
    )
    raise Refused("facts_older", sentence % told, field="folders")


def _astray(facts: Facts) -> str:
    """A file of a city that the manifest does not vouch for, or of a month given twice."""
    seen: set[tuple[str, str, str]] = set()
    for part in facts.parts:
        place = part.table, part.city, part.month
        if part.city not in facts.cities or place in seen:
            return _("文件 %(file)s 的城市不在清单里，或同一月份出现两次。") % {"file": part.file}
        seen.add(place)
    return ""


def _take(facts: Facts, merged: Facts) -> None:
    merged.parts = [part for part in merged.parts if part.city not in facts.cities]
    for part in facts.parts:
        target = merged.folder / part.file
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        shutil.copyfile(facts.folder / part.file, fresh)
        fresh.replace(target)
        merged.parts.append(part)
    merged.cities |= facts.cities
