"""受理提示: what stands beside a case that is not dispatched yet: is it known already, what is it
likely to be, and whose. Words with a letter each; a press opens a form or joins, nothing else does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from changxiao.cases import near
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.cases.near import Near
from changxiao.cases.suggesting import city
from changxiao.cases.suggesting.chips import Chip, Chips, chips

# The step that a suggestion helps with where the case stands.
HELPS = {Stage.REPORTED: "accept", Stage.ACCEPTED: "file", Stage.FILED: "dispatch"}
STAGES = frozenset({*HELPS, Stage.CONFIRMING})
VERBS = frozenset({"accept", "file", "dispatch", "amend", "join"})
# On the first three chips, and on the likeliest duplicate; no step of these stages has them.
CHIP_LETTERS = ("1", "2", "3")
JOIN_LETTER = "b"


@dataclass(frozen=True, slots=True)
class Press:
    """可按的建议: its words, whether the case is so already, and the form that a press opens."""

    title: str
    condition: str
    sure: str
    why: str
    held: bool
    url: str
    letter: str
    step: str


@dataclass(frozen=True, slots=True)
class Hints:
    """受理提示 of one case for one reader."""

    near: list[Near]
    may_join: bool
    presses: list[Press]
    unit: Press | None
    told: Chips | None
    letter: str = JOIN_LETTER

    @property
    def likely(self) -> bool:
        """有可能重复."""
        return any(one.likely for one in self.near)


def shown(stage: str, verbs: Collection[str]) -> bool:
    """是否提示: before dispatch, to whoever may do something about it."""
    return stage in STAGES and bool(VERBS & set(verbs))


def of(case: Case, verbs: Collection[str], now: datetime) -> Hints:
    """受理提示; `verbs` are the steps that the reader may take on it now."""
    told = chips(case.description, city.context_in(case))
    helps = HELPS.get(Stage(case.stage), "")
    helps = helps if helps in verbs else ""
    rows = told.rows if told and case.stage != Stage.FILED else []
    made = [_press(case, one, helps, verbs) for one in rows]
    letters = iter(CHIP_LETTERS)
    return Hints(
        near=near.leads(case, now),
        may_join="join" in verbs,
        presses=[_lettered(one, next(letters) if one.url else "") for one in made],
        unit=_unit(case, told, helps) if told and told.unit else None,
        told=told,
    )


def _press(case: Case, chip: Chip, helps: str, verbs: Collection[str]) -> Press:
    kind, criterion = chip.subject.subcategory, chip.subject.criterion
    held = kind.pk == case.subcategory_id
    code = criterion.code if criterion else ""
    step, told = "", {}
    if held and helps in {"accept", "file"}:
        step, told = helps, {"criterion": code}
    elif not held and "amend" in verbs:
        step = "amend"
        note = _("按问题描述，应为“%(kind)s”") % {"kind": kind.label}
        told = {"subcategory": kind.key, "criterion": code, "note": note}
    return Press(
        title=kind.label,
        condition=criterion.condition if criterion else "",
        sure=chip.sure,
        why=chip.why,
        held=held,
        url=_form(case, step, told) if step else "",
        letter="",
        step=step,
    )


def _unit(case: Case, told: Chips, helps: str) -> Press:
    url = _form(case, "dispatch", {"unit": told.unit_code}) if helps == "dispatch" else ""
    letter = CHIP_LETTERS[0] if url else ""
    held = case.unit is not None and case.unit.code == told.unit_code
    return Press(told.unit, "", "", told.unit_why, held, url, letter, "dispatch" if url else "")


def _lettered(one: Press, letter: str) -> Press:
    return replace(one, letter=letter)


def _form(case: Case, verb: str, told: dict[str, str]) -> str:
    known = {name: value for name, value in told.items() if value}
    return f"{reverse('case_do', args=[case.number, verb])}?{urlencode(known)}"
