"""提示 a result told in the corner of the page that htmx keeps open (ui/static/ui/toast.js)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.http import HttpResponse
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event


@dataclass(frozen=True, slots=True)
class Undo:
    """撤销: offered for ten seconds; the fields are posted to `url` as a form would."""

    url: str
    label: str
    fields: Mapping[str, str] = field(default_factory=dict)


def toast(
    response: HttpResponse,
    words: str | Promise,
    *,
    state: str = "on-track",
    undo: Undo | None = None,
) -> HttpResponse:
    """提示: adds the sentence to an answer for htmx; `state` is one of ui.deadline.State."""
    told = {"words": str(words), "state": state, "undo": asdict(undo) if undo else None}
    return trigger_client_event(response, "toast", told)
