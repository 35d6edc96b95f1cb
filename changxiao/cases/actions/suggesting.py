"""训练建议模型: a new version from the city's closed cases; to use it is an edit of a policy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.cases.models_suggesting import SuggestionModel
from changxiao.cases.suggesting import storing
from changxiao.cases.suggesting.city import HEADS, Lesson, lessons
from changxiao.cases.suggesting.model import Model
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger

LEAST_CASES = 200
STEPS = ("reading", *HEADS, "keeping")
TOLD = ("n", "macro_f1", "accuracy", "top3", "each", "confused")
STREAM = "suggestions"


def train_suggestions(
    *, act: Act, heard: Callable[[str], None] = lambda _step: None
) -> SuggestionModel:
    """训练: learn sub-category, criterion and unit anew. Refused `too_few_cases`, `too_few`.

    Learning takes no lock; only the row and its entry are written under one. `heard` hears of each
    of `STEPS` as it begins, and may raise to end it: nothing is kept before the last.
    """
    heard("reading")
    rows = list(lessons())
    if len(rows) < LEAST_CASES:
        told = {"n": len(rows), "least": LEAST_CASES}
        sentence = _("已结案的案卷只有 %(n)s 件，至少 %(least)s 件才能训练，请以后再试")
        raise Refused("too_few_cases", sentence % told)
    until = Case.objects.filter(stage=Stage.CLOSED).latest("reported_at").reported_at
    models = {}
    for name in HEADS:
        heard(name)
        models[name] = _learnt(rows, name, until)
    heard("keeping")
    return _kept(models, len(rows), until, act)


def _learnt(rows: list[Lesson], name: str, until: datetime) -> Model | None:
    from changxiao.cases.suggesting.fitting import Example, fit  # scikit-learn: where one trains

    examples = [Example(row.text, row.labels[name], row.context) for row in rows]
    about = {"source": "cases", "label": name, "date": local_date(until).isoformat()}
    try:
        return fit(examples, about=about)
    except Refused:
        if name == "subcategory":
            raise
        return None  # a city may have one unit only; the rest is worth having


def _kept(
    models: dict[str, Model | None], cases: int, until: datetime, act: Act
) -> SuggestionModel:
    heads = {name: _told(model) for name, model in models.items() if model is not None}
    files = {name: model and storing.to_bytes(model) for name, model in models.items()}
    with writing():
        last = SuggestionModel.objects.order_by("-version").values_list("version", flat=True)
        version, at = (last.first() or 0) + 1, act.moment()
        body = {"version": version, "cases": cases, "heads": _entered(heads, files)}
        entry = ledger.append(stream=STREAM, verb="train_suggestions", act=act, at=at, body=body)
        return SuggestionModel.objects.create(
            version=version,
            trained_at=at,
            trained_by=act.actor,
            cases=cases,
            until=until,
            heads=heads,
            head=entry,
            **files,
        )


def _entered(heads: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    """What the log keeps: the scores in words, and the digest of each file as it was learnt."""
    return {
        name: {
            "macro_f1": str(told["macro_f1"]),
            "n": told["n"],
            "sha256": hashlib.sha256(files[name]).hexdigest(),
        }
        for name, told in heads.items()
    }


def _told(model: Model) -> dict[str, Any]:
    return {name: model.about[name] for name in TOLD}
