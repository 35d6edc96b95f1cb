"""对市民 in force: the template of an answer, and the control area that stops a report.

Templates hold blanks that a case fills: `{类别}`, `{地点}`, `{单位}`, `{受理号}`. Read together
once a stamp; the rest is pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from changxiao.catalog.models import AnswerTemplate, ControlArea, Subcategory
from changxiao.catalog.stamp import Remembered

BLANKS = ("类别", "地点", "单位", "受理号")
_BLANK = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Table:
    templates: Mapping[tuple[str, str], str]
    controls: tuple[ControlArea, ...]


def _read() -> _Table:
    templates = {(row.subject, row.result): row.text for row in AnswerTemplate.objects.all()}
    return _Table(templates, tuple(ControlArea.objects.all()))


table = Remembered(_read)


def template(subject: Subcategory, result: str) -> str:
    """答复模板 for a kind and a result, with its blanks; "" where the city has none."""
    held = table().templates
    for key in (subject.key, subject.key[:3], "*"):
        if found := held.get((key, result)):
            return found
    return ""


def blanks(text: str) -> list[str]:
    """空格 that a template names and no case can fill."""
    return [name for name in _BLANK.findall(text) if name not in BLANKS]


def filled(text: str, words: Mapping[str, str]) -> str:
    """填写: every blank by the case's own words; what they say is never read as a blank again."""
    return _BLANK.sub(lambda hit: words.get(hit[1], hit[0]), text)


def control(subject: Subcategory, community_code: str, day: date) -> ControlArea | None:
    """管控区 in force for a kind at a place on a day of the city."""
    for row in table().controls:
        running = row.from_date <= day and (row.to_date is None or day <= row.to_date)
        meant = not row.keys or subject.key in row.keys or subject.key[:3] in row.keys
        if running and meant and community_code.startswith(row.area_code):
            return row
    return None
