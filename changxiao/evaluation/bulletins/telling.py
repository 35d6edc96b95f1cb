"""通报来料 out of an evaluation: its result with the names of today, its scheme's lists, what was
objected, and the period before."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from changxiao.areas.home import home_city
from changxiao.catalog import policy
from changxiao.evaluation import naming
from changxiao.evaluation.bulletins.source import (
    Decided,
    HonorRule,
    Measure,
    Objected,
    Source,
)
from changxiao.evaluation.flow import State
from changxiao.evaluation.highlights.telling import picked
from changxiao.evaluation.indicators.base import Indicator
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation, Objection
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rewards.rules import HonorState
from changxiao.evaluation.schemes import read_scheme
from changxiao.evaluation.scoring.listing import people
from changxiao.kernel.day import city_zone, local_date
from changxiao.orgs.models import Unit


def source_of(row: Evaluation) -> Source:
    """来料 of an evaluation that is computed."""
    told, before = row.result, _before(row)
    scheme = read_scheme(row.scheme.text, LIBRARY)
    objections = list(Objection.everything.filter(evaluation=row).order_by("n"))
    tables = [one["rows"] for one in (told, before) if one]
    codes = {one["code"] for rows in tables for one in rows}
    names = naming.names_of(told["scheme"]["group"], sorted(codes))
    return Source(
        told=told,
        digest=row.digest,
        names=names,
        measures={key: _measure(one) for key, one in LIBRARY.items()},
        lists={one.key: HonorRule(one.title, one.color) for one in scheme.honors},
        points={one.key: one.title for one in scheme.adjustments}
        | {one.key: one.title for one in scheme.outside},
        number=row.number,
        revision=row.revision,
        state=row.state,
        signed=_signed(),
        dated=local_date(made_at(row)),
        objections=[_objected(one) for one in objections if one.state == one.State.UPHELD],
        objections_all=len(objections),
        decisions=_decisions(row),
        before=before,
        gap=Decimal(str(policy.value("shortcoming_gap"))),
        highlights=[one.praised for one in picked(row)],
        outlines=_outlines(told),
    )


def made_at(row: Evaluation) -> datetime:
    """成文时间: when it was sealed, published or computed; never when somebody prints it."""
    at = row.sealed_at or row.published_at or row.computed_at
    assert at is not None  # it is computed
    return at


def _before(row: Evaluation) -> dict[str, Any] | None:
    """上期 as it was published: the last revision."""
    label = read_period(row.period, city_zone()).before().label
    shown = Evaluation.everything.filter(state__in=[State.PUBLISHED, State.SEALED])
    last = shown.filter(key=row.key, period=label).order_by("-revision").first()
    return last.result if last else None


def _outlines(told: dict[str, Any]) -> dict[str, Any]:
    """边界 of what is ranked, where it is an area."""
    places = naming.AREAS.get(told["scheme"]["group"])
    if places is None:
        return {}
    rows = places._default_manager.filter(code__in=[one["code"] for one in told["rows"]])
    return {code: json.loads(outline) for code, outline in rows.values_list("code", "outline")}


def _measure(one: Indicator) -> Measure:
    chinese = (get_language() or "zh").startswith("zh")
    how = one.formula if chinese else one.meaning.partition(": ")[2]
    return Measure(one.zh if chinese else one.en, one.kind, one.better, how)


def _signed() -> str:
    """发文机关: the supervision center, which evaluates (GB/T 30428.1); else the city."""
    centers = Unit.objects.filter(kind=Unit.Kind.SUPERVISION_CENTER, until_date__isnull=True)
    return centers.order_by("path").values_list("name", flat=True).first() or home_city().name


def _decisions(row: Evaluation) -> dict[tuple[str, str], Decided]:
    """奖惩决定 that stand; those that wait for a second person are proposals yet."""
    if row.state != State.SEALED:
        return {}
    made = HonorDecision.everything.filter(evaluation=row, state=HonorState.DECIDED)
    found = list(made)
    names = people(name for one in found for name in (one.decided_by, one.confirmed_by))
    return {
        (one.honor, one.group): Decided(
            words=one.words,
            reason=one.reason,
            date=local_date(one.confirmed_at or one.decided_at),
            decided_by=names[one.decided_by],
            confirmed_by=names.get(one.confirmed_by, ""),
        )
        for one in found
    }


def _objected(one: Objection) -> Objected:
    return Objected(
        n=one.n,
        group=one.group,
        indicator=one.indicator,
        numerator=one.numerator,
        denominator=one.denominator,
        before=one.before,
        after=one.after,
        opinion=one.opinion,
    )
