"""所给的依据: what objections changed and what earlier periods came to, read from the files that
the page of an evaluation offers, for whoever counts from bare facts. No Django.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from changxiao.evaluation.evaluating import Correction, Result
from changxiao.evaluation.periods import Period
from changxiao.evaluation.schemes import Scheme
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

_WHOLE, _TEXT = ("numerator", "denominator"), ("indicator", "group", "objection", "reason")


def read_corrections(path: Path) -> list[Correction]:
    """读更正, in the order of the file. Refused `corrections_unreadable`, and `corrections_wrong`
    with entry, field and value."""
    told = _json(path)
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        sentence = _(
            "%(file)s 不是更正文件：请用评价页下载的更正，或证据包里的 corrections.json。"
        ) % {"file": path.name}
        raise Refused("corrections_unreadable", sentence, field="corrections")
    found: dict[str, Correction] = {}
    for n, one in enumerate(told, 1):
        correction = _correction(path, n, one)
        if correction.objection in found:
            why = _("同一件申诉写了两次，请删去一条")
            raise _wrong(path, n, "objection", correction.objection, why)
        found[correction.objection] = correction
    return list(found.values())


def _correction(path: Path, n: int, told: Mapping[str, Any]) -> Correction:
    for name in _WHOLE:
        if type(told.get(name)) is not int:
            raise _wrong(path, n, name, told.get(name), _("请写整数，如 -1"))
    for name in _TEXT:
        if not isinstance(told.get(name), str) or not told[name]:
            raise _wrong(path, n, name, told.get(name), _("请写文字，不能为空"))
    return Correction(**{name: told[name] for name in (*_WHOLE, *_TEXT)})


def _wrong(path: Path, n: int, name: str, value: object, remedy: str) -> Refused:
    told = {"file": path.name, "n": n, "name": name, "value": value, "remedy": remedy}
    told["value"] = "" if value is None else str(value)[:40]
    sentence = _("更正文件 %(file)s 第 %(n)s 条的 %(name)s 是“%(value)s”：%(remedy)s。") % told
    return Refused("corrections_wrong", sentence, field="corrections")


def read_before(paths: Sequence[Path], scheme: Scheme, period: Period, city: str) -> list[Result]:
    """读前期结果, newest first. Refused `before_unreadable`, `before_of_another`."""
    found = [_result(path, scheme, period, city) for path in paths]
    return sorted(found, key=lambda one: str(one.told["period"]["start"]), reverse=True)


def _result(path: Path, scheme: Scheme, period: Period, city: str) -> Result:
    found = Result(_json(path))
    try:
        found.past()
        told = {"key": found.told["scheme"]["key"], "label": found.told["period"]["label"]}
        told |= {"city": found.told["city"], "file": path.name, "period": period.label}
        ours = (told["key"], told["city"]) == (scheme.key, city)
        earlier = str(found.told["period"]["start"]) < period.start.isoformat()
    except (KeyError, TypeError, ValueError, AttributeError):
        sentence = _("%(file)s 不是评价结果：请用前期评价的 result.json。") % {"file": path.name}
        raise Refused("before_unreadable", sentence, field="before") from None
    if not (ours and earlier):
        sentence = _(
            "%(file)s 是 %(city)s 的 %(key)s %(label)s：请给同城、同一方案、%(period)s 以前的结果。"
        )
        raise Refused("before_of_another", sentence % told, field="before")
    return found


def _json(path: Path) -> Any:
    """The JSON of a file; None where it is none."""
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None
