"""请求与回应: the act that a request asks for, and what every door answers when it is done."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from changxiao.cases import awaiting, inputs, verbs
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of, key_of
from changxiao.ledger.models import Entry
from changxiao.ledger.receipts import receipt


def act_of(request: HttpRequest, body: inputs.Common, *, post: str) -> Act:
    """请求的动作: key, digest and the words that every body has."""
    if body.occurred_at is not None:
        verbs.aware(body.occurred_at, "occurred_at")
    return Act(
        actor=scope.current().name,
        post=post,
        key=key_of(request),
        occurred_at=body.occurred_at,
        on_behalf=body.on_behalf,
        note=body.note,
        base_n=body.base_n,
        digest=digest_of(request, body.content()),
        skew=skew_of(request),
        supersedes=body.supersedes,
    )


def skew_of(request: HttpRequest) -> int | None:
    """钟差: by how many seconds the sender's clock is ahead of ours, by its `X-Sent-At`; it is of
    the attempt and not of the content, so it stands in no body."""
    try:
        sent = datetime.fromisoformat(request.headers.get("X-Sent-At", ""))
    except ValueError:
        return None
    if sent.tzinfo is None:
        return None
    return round((sent - timezone.now()).total_seconds())


def done_of(entry: Entry, body: inputs.Common | None = None) -> dict[str, Any]:
    """办理回应: a function of the entry alone, so a replay answers the same; beside it which of the
    photos that `body` declared have not come yet."""
    number = entry.stream.partition(":")[2]
    declared = any(one.declared for one in getattr(body, "photos", ()))
    return {
        "number": number,
        "stage": json.loads(entry.body)["stage"],
        "receipt": receipt(entry),
        "missing": awaiting.missing(number) if declared else [],
    }
