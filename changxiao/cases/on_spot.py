"""可自处置 on the spot: which problems the city leaves to its collectors (设置 → 政策取值)."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2s

from changxiao.cases import subjects
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case, Serial
from changxiao.catalog import policy
from changxiao.kernel.day import local_date
from changxiao.kernel.words import gettext as _


def kinds() -> list[str]:
    """自处置小类: keys of the sub-categories, in the city's order; none where nobody may."""
    return policy.text("on_spot_kinds").split() if policy.number("on_spot_daily") else []


def serial_name(actor: str, at: datetime) -> str:
    """计数名: under which a person's number of one day is counted."""
    who = blake2s(actor.encode(), digest_size=8).hexdigest()
    return f"on_spot:{local_date(at):%Y%m%d}:{who}"


def left(actor: str, at: datetime) -> int:
    """今天还可几件."""
    used = Serial.objects.filter(name=serial_name(actor, at)).values_list("value", flat=True)
    return max(policy.number("on_spot_daily") - (used.first() or 0), 0)


def told() -> str:
    """自处置说明: which kinds and how many a day, in a sentence."""
    rows = [row for row in map(subjects.by_key, kinds()) if row is not None]
    words = _("限 %(kinds)s，每人每天至多 %(most)d 件；处置前后各拍一张，不立案、不派遣。")
    names = _("、").join(row.label for row in rows)
    return words % {"kinds": names, "most": policy.number("on_spot_daily")}


def is_own(case: Case, actor: str) -> bool:
    """本人的: reported by this collector, or for him (or for nobody by name) to confirm."""
    if case.stage == Stage.CONFIRMING:
        return case.checker in {"", actor}
    return case.entries.filter(verb="report", actor=actor).exists()


def is_waited_for(case: Case) -> bool:
    """有人在等: a resident gets an answer by this case, or by one that was joined to it."""
    return case.waits_for_answer or Case.everything.filter(duplicate_of=case).exists()


def offered(case: Case, actor: str) -> bool:
    """可自处置: whether this collector is shown the step."""
    kind = case.subcategory.key in kinds()
    return kind and is_own(case, actor) and not is_waited_for(case)
