"""结案证据 evidence: what a criterion asks for, what a case holds, what is lacking (domain.md §4).

Photos show what stays; a reading tells what a photo cannot; a second witness vouches for what is
gone when the collector comes (noise, hawkers). Pure: told what is held, touching no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from changxiao.catalog.models import Need, NeedKind
from changxiao.kernel.refused import Refused

LARGEST = Decimal(10) ** 9


class Outcome(models.TextChoices):
    """处置结果: what was found and done; only 恢复 says that something can be measured again."""

    RESTORED = "restored", pgettext_lazy("outcome", "恢复")
    PERSUADED = "persuaded", pgettext_lazy("outcome", "劝离")
    NOT_FOUND = "not_found", pgettext_lazy("outcome", "现场未发现")
    HANDED_OVER = "handed_over", pgettext_lazy("outcome", "移交")


@dataclass(frozen=True, slots=True)
class Measured:
    """读数: one value that was read, under the name that the criterion gives it."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Vouched:
    """见证人: a member of staff by user name, or somebody else by name and post."""

    account: str = ""
    name: str = ""
    post: str = ""

    def __bool__(self) -> bool:
        return bool(self.account or self.name or self.post)


@dataclass(frozen=True, slots=True)
class Given:
    """所交证据: what comes with one act, beside its photos."""

    readings: Sequence[Measured] = ()
    witness: Vouched = field(default_factory=Vouched)
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """已有证据 of a case since its last rework: photo roles, the last value of each reading."""

    roles: frozenset[str] = frozenset()
    readings: tuple[Measured, ...] = ()
    witnessed: bool = False
    outcome: str = ""


NOTHING = Given()


def asked(needs: Iterable[Need], outcome: str) -> list[Need]:
    """所需证据: where nothing was there to restore, nothing can be measured."""
    measures = outcome in {"", Outcome.RESTORED}
    return [need for need in needs if measures or need.kind != NeedKind.READING]


def missing(needs: Iterable[Need], held: Held) -> list[Need]:
    """缺少: what the criterion asks for and the case lacks, in order; a reading out of its bounds
    is as good as none."""
    values = {one.name: one.value for one in held.readings}
    return [need for need in asked(needs, held.outcome) if not _is_there(need, held, values)]


def _is_there(need: Need, held: Held, values: dict[str, Decimal]) -> bool:
    if need.kind == NeedKind.WITNESS:
        return held.witnessed
    if need.kind == NeedKind.READING:
        return need.name in values and need.holds(values[need.name])
    return need.kind in held.roles


def lacking_words(needs: Iterable[Need]) -> str:
    """缺少的说法: 处置后照片、见证人."""
    return _("、").join(need.words for need in needs)


def check_outcome(needs: Sequence[Need], outcome: str) -> None:
    """处置结果核对: known, and told where only a witness can say what was found; else Refused."""
    if outcome and outcome not in Outcome.values:
        message = _("处置结果“%(outcome)s”不存在，可用：%(known)s")
        values = {"outcome": outcome[:20], "known": "、".join(Outcome.values)}
        raise Refused("outcome_unknown", message % values, field="outcome")
    if not outcome and any(need.kind == NeedKind.WITNESS for need in needs):
        raise Refused("outcome_missing", _("请选择处置结果"), field="outcome")


def check_readings(needs: Iterable[Need], readings: Iterable[Measured], *, fixed: bool) -> None:
    """读数核对: asked for by name, and within its bounds where the act says that it is `fixed`."""
    wanted = {need.name: need for need in needs if need.kind == NeedKind.READING}
    for one in readings:
        need = wanted.get(one.name)
        if need is None:
            message = _("立案标准没有要求读数“%(name)s”，请核对名称")
            raise Refused("reading_unknown", message % {"name": one.name[:20]}, field="readings")
        if fixed and not need.holds(one.value):
            message = _("%(name)s %(value)s %(unit)s 未达到结案标准（%(range)s），请继续处置后再报")
            values = {"value": f"{one.value.normalize():f}", "range": need.range}
            words = message % {"name": need.name, "unit": need.unit, **values}
            raise Refused("reading_out_of_bounds", words, field="readings")


def check_witness(witness: Vouched, *, others: Iterable[str]) -> None:
    """见证人核对: an account or a name and post, none of `others`, who handled; else Refused."""
    if not witness:
        return
    if not witness.account and not (witness.name.strip() and witness.post.strip()):
        message = _("见证人须填写用户名，或同时填写姓名和单位职务")
        raise Refused("witness_unclear", message, field="witness")
    if witness.account and witness.account in set(others):
        message = _("处置人不能为自己作证，请由在场的另一人见证")
        raise Refused("same_person", message, field="witness")


def value_of(written: str) -> Decimal:
    """读取数值; full-width digits too. Refused("reading_unreadable")."""
    try:
        value = Decimal(written.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= LARGEST or value != round(value, 3):
        message = _("读数“%(value)s”不是可用的数，请填写如 54 或 54.5（最多三位小数）")
        raise Refused("reading_unreadable", message % {"value": written[:20]}, field="readings")
    return value
