"""案卷接口: several steps as one act, one step on many cases, a correction tried beforehand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import ValidationError

from changxiao.cases import access, chaining, chains, inputs, many, previewing, verbs
from changxiao.cases.actions.chained import entries_of, take_steps
from changxiao.cases.answers import act_of, done_of
from changxiao.cases.api import DoneOut
from changxiao.kernel.refused import Refused
from changxiao.ledger.receipts import receipt
from changxiao.ledger.refusals import Replayed

router = Router(tags=["cases"])


class StepsIn(inputs.Common):
    """连办: each step as `{"verb": …}` with that verb's input; `fast` leaves paper for later."""

    steps: list[dict[str, Any]] = Field(min_length=2, max_length=5)
    fast: bool = False


class StepsOut(Schema):
    number: str
    stage: str
    receipts: list[dict[str, Any]]


@router.post("/{number}/steps", response=StepsOut, summary="连办 take_steps")
def steps(request: HttpRequest, number: str, body: StepsIn, response: HttpResponse) -> Any:
    """连办: adjoining steps as one act: each its own entry, all of them or none."""
    case = access.case_for(number)
    names = [str(one.get("verb", "")) for one in body.steps]
    chain = chains.of_verbs(names, fast=body.fast)
    told = [
        _input(i, name, one) for i, (name, one) in enumerate(zip(names, body.steps, strict=True))
    ]
    parts = chaining.parts_of(case, chain, told, wish=body.post)
    act = act_of(request, body, post=parts[0].post)
    try:
        entries = take_steps(case, parts, act=act)
    except Replayed:
        response["Idempotent-Replayed"] = "true"
        entries = entries_of(act, len(parts))
    return {
        "number": number,
        "stage": entries[-1].data["stage"],
        "receipts": [receipt(entry) for entry in entries],
    }


def _input(place: int, name: str, told: dict[str, Any]) -> inputs.Common:
    own = {key: value for key, value in told.items() if key != "verb"}
    try:
        return verbs.VERBS[name].takes.model_validate(own)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(["steps", str(place), *map(str, first["loc"])])
        message = _("字段“%(field)s”不可用：%(why)s") % {"field": field, "why": first["msg"]}
        raise Refused("input_unreadable", message, field=field) from None


class ManyIn(inputs.Common):
    """成批办理: `unit` empty dispatches each case to the unit proposed for it."""

    verb: str
    numbers: list[str]
    criterion: str = ""
    unit: str = ""
    answer: str = ""


class RefusalOut(Schema):
    number: str
    code: str
    detail: str


class ManyOut(Schema):
    done: list[DoneOut]
    refused: list[RefusalOut]


@router.post("/many", response=ManyOut, summary="成批办理 many")
def take_many(request: HttpRequest, body: ManyIn) -> dict[str, Any]:
    """成批办理: accept, dispatch or close up to 200 cases; each is asked and answered by itself."""
    batch = many.Batch(many.check_verb(body.verb), many.numbers_of(body.numbers))
    act = act_of(request, body, post="")
    many.run(batch, many.body_of(batch.verb, body.model_dump()), act, now=timezone.now())
    return {
        "done": [done_of(row.entry) for row in batch.rows if row.entry is not None],
        "refused": [
            {"number": row.number, "code": row.refusal.code, "detail": row.refusal.sentence}
            for row in batch.refused
            if row.refusal is not None
        ],
    }


class PreviewIn(inputs.Amended):
    """更正预览: the same input as `amend`."""


class DifferenceOut(Schema):
    name: str
    before: str
    after: str


@router.post("/{number}/amend/preview", response=list[DifferenceOut], summary="更正预览")
def preview(request: HttpRequest, number: str, body: PreviewIn) -> list[dict[str, str]]:
    """更正预览: what would change, new due times included; nothing is recorded."""
    case = access.case_for(number)
    found = previewing.differences(case, verbs.change(body).against(case), timezone.now())
    return [{"name": one.title, "before": one.before, "after": one.after} for one in found]
