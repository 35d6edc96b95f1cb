"""案卷页: one case as a story, with its clocks, photos and exactly the buttons of the flow.

The same partial is the whole page, the right side of the console, and the answer to an act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import (
    access,
    collectors,
    deadlines,
    hints,
    places,
    public,
    rechecks,
    sketch,
    story,
)
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.recalling import mark_seen
from changxiao.cases.dossier import telling
from changxiao.cases.flow import NEXT, RELEASERS, Stage, Step
from changxiao.cases.forms.fields import Asked
from changxiao.cases.letters import letter_of
from changxiao.cases.models import Case, CasePhoto, CaseRequest, Channel
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing.telling import with_hidden
from changxiao.cases.templatetags import rows
from changxiao.cases.views import evidence
from changxiao.cases.views.queue import rows_of
from changxiao.catalog import questions
from changxiao.catalog.proposals import Proposal
from changxiao.kernel import scope
from changxiao.kernel.act import new_key
from changxiao.kernel.day import today
from changxiao.ledger.media.actions import MAY_OPEN
from changxiao.ledger.references import reference
from changxiao.orgs.access import answers_for

# Decisions stand beside the request they answer; without one they wait under "more".
DECISIONS = {
    CaseRequest.Kind.SEND_BACK: ("take_back", "refuse_request"),
    CaseRequest.Kind.EXTEND: ("extend", "refuse_request"),
    CaseRequest.Kind.SUSPEND: ("suspend", "refuse_request"),
    CaseRequest.Kind.APPEAL: ("endorse_appeal", "grant_appeal", "refuse_appeal"),
}
ALL_DECISIONS = frozenset(verb for verbs in DECISIONS.values() for verb in verbs)
SELDOM = frozenset(
    {
        *("revoke_link", "nudge", "add_photo", "supervise", "unmask", "void", "force_close"),
        *("amend", "ask_amend", "split", "join", "split_off"),
        *("publish", "withdraw", "call_again"),
    }
)
BEFORE = frozenset({CasePhoto.Role.BEFORE, CasePhoto.Role.NEAR, CasePhoto.Role.FAR})
AFTER = frozenset({CasePhoto.Role.AFTER, CasePhoto.Role.VERIFY})
ASKS = frozenset({"send_back", "ask_extend", "ask_suspend", "appeal"})  # each opens a request
SHORT_FORMS = frozenset({"receive", "nudge"})  # pressed once, nothing to fill in
# Whoever takes one of these asks himself whose the case will be.
WHOSE = frozenset({"accept", "file", "dispatch"})
AT_THE_THUMB = 2  # buttons that a phone keeps in reach


@dataclass(frozen=True, slots=True)
class Button:
    """按钮: a step, whether it is the page's first one, and whether it needs its form opened."""

    step: Step
    primary: bool
    opens: bool
    key: str
    letter: str


def found(number: str) -> Case:
    """取案卷 as the current viewer, or the same 404 for foreign and never-existing numbers."""
    try:
        case = access.case_for(number)
    except access.NotFound:
        raise Http404 from None
    return case


def opened(number: str) -> Case:
    """打开案卷: as `found`, and noted where it is the reader's turn (撤回 ends with that)."""
    try:
        return mark_seen(found(number))
    except access.NotFound:  # taken back from the reader's unit in this very moment
        raise Http404 from None


@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """案卷页."""
    return render(request, "cases/case.html", page_context(opened(number)))


@require_safe
def pane(request: HttpRequest, number: str) -> HttpResponse:
    """案卷右栏: the case alone, for the console and for whoever closes a form without acting."""
    return render(request, "cases/_case.html", page_context(opened(number)))


@require_safe
def row(request: HttpRequest, number: str) -> HttpResponse:
    """案卷一行: as the list shows it now, so that one row is drawn anew without the others."""
    now = timezone.now()
    (told,) = rows_of([found(number)], now)
    return HttpResponse(rows.drawn(told, now))


@require_safe
def print_page(request: HttpRequest, number: str) -> HttpResponse:
    """案卷打印页: an A4 派遣单 on which people are a post and a grid: paper goes to the handling
    unit, whoever prints it."""
    case = opened(number)
    told = page_context(case, paper=True)
    told["printed"] = [(row, telling.strip(case, row)) for row in story.photos_of(case)]
    told["proof"] = reference(case.head) if case.head else None
    return render(request, "cases/print.html", told)


@require_safe
def of_component(request: HttpRequest, code: str) -> HttpResponse:
    """部件的案卷: the newest twenty of one component within reach, for the component's page."""
    cases = Case.objects.select_related("unit").filter(component__code=code)
    now = timezone.now()
    told = {"rows": rows_of(list(cases.order_by("-reported_at", "-id")[:20]), now), "now": now}
    return render(request, "cases/_of_component.html", told)


def page_context(case: Case, *, paper: bool = False) -> dict[str, Any]:
    """案卷页内容: everything but an opened form; on paper as somebody without any post reads it."""
    now, viewer = timezone.now(), scope.current()
    if paper:
        viewer = scope.Viewer("staff", viewer.name)
    lines = story.story(case, viewer)
    # What was asked, drawn or shown left its verb in the story; nothing else is looked for.
    verbs = {line.verb for line in lines}
    asked = case.requests.select_related("unit").order_by("asked_at")
    requests = list(asked) if verbs & ASKS else []
    assists = case.assists.select_related("unit").order_by("asked_at")
    orders = case.orders.order_by("ordered_at") if case.order_count else []
    media = story.media_of(case) if any(line.media for line in lines) else []
    return (
        {
            "case": case,
            "now": now,
            "standing": deadlines.of_case(case, now),
            "place": places.of_case(case),
            "sketch": sketch.sketch(case),
            "chart": sketch.chart(story.clocks_of(case), now, _unit_names(case)),
            "story": with_hidden(case, viewer, lines, media),
            "requests": story.readable(requests, viewer, "reason", "opinion"),
            "assists": story.readable(assists, viewer, "task", "note"),
            "orders": story.readable(orders, viewer, "note", "answer"),
            "photos": _grouped(media),
            "media": media,
            "hears": access.may_hear(viewer, case),
            "showing": _showing(case, media),
            "awaited": case.awaiting,
            "task": collectors.task_of(case, viewer),
            "recheck": rechecks.of_case(case, viewer) if "draw_recheck" in verbs else None,
            "evidence": evidence.of_case(case, media),
            "flags": evidence.flags_of(case, viewer),
        }
        | story.texts(case, viewer)
        | {"answerable": None if paper or not case.unit else answers_for(case.unit, today())}
        | _outside(case, viewer)
        | _buttons(case, requests)
    )


def _showing(case: Case, media: Sequence[CasePhoto]) -> dict[str, Any]:
    """公开照片、调阅原图: what this reader may do besides looking at the photos."""
    posts = set(access.acting_posts(scope.current(), case)) if media else set()
    may = bool(posts & RELEASERS)
    told: dict[str, Any] = {
        "may": may,
        "opens": bool(posts & MAY_OPEN),
        "unhides": access.UNHIDES in posts,
    }
    if may and hasattr(case, "publication"):
        told["waiting"] = PublicPhoto.everything.filter(
            case=case, state=PublicPhoto.State.WAITING
        ).count()
    return told


def _outside(case: Case, viewer: scope.Viewer) -> dict[str, Any]:
    """对外: what was asked besides where the channel could ask, what the public reads of it."""
    row = getattr(case, "publication", None)
    # Nobody is asked anything where the city has no question; then nothing is looked for.
    asked = case.channel == Channel.OPEN311 or bool(questions.table())
    return {
        "details": story.readable(case.details.all(), viewer, "words") if asked else [],
        "publication": row,
        "publication_shows": row is not None and public.shows(case),
    }


def _buttons(case: Case, requests: list[CaseRequest]) -> dict[str, Any]:
    """The steps that `access.buttons` opens, each exactly once: in reach, beside, and seldom."""
    steps = access.buttons(flow_in_force(), scope.current(), case)
    waiting = [r for r in requests if r.state in {"pending", "endorsed"}]
    deciding = {verb for row in waiting for verb in DECISIONS[CaseRequest.Kind(row.kind)]}
    deciding |= {"agree_amend", "refuse_amend"}
    aside = (SELDOM | ALL_DECISIONS | {"answer_order"}) - deciding
    ready = [step for step in steps if step.verb not in aside]
    first = _first(case, ready, deciding)
    ready.sort(key=lambda step: (step.verb != first, step.verb not in deciding))
    buttons = [_button(case, step, primary=step.verb == first) for step in ready]
    more = [_button(case, step, primary=False) for step in steps if step.verb in aside]
    return {
        "buttons": buttons[:AT_THE_THUMB],
        "beside": buttons[AT_THE_THUMB:],
        "more": more,
        "waiting": waiting,
        "proposals": _proposals(case, steps),
        "hinted": hints.shown(case.stage, [step.verb for step in steps]),
    }


def _first(case: Case, ready: list[Step], deciding: set[str]) -> str:
    """The one primary button: the answer that somebody waits for, else the road's next step."""
    asked = next((step.verb for step in ready if step.verb in deciding), "")
    return asked or next((v for v in NEXT.get(Stage(case.stage), ()) if _fresh(case, ready, v)), "")


def _fresh(case: Case, steps: list[Step], verb: str) -> bool:
    held = any(step.verb == verb for step in steps)
    return held and not (verb == "receive" and case.received_at is not None)


def _button(case: Case, step: Step, *, primary: bool) -> Button:
    opens = step.verb not in SHORT_FORMS
    return Button(step, primary, opens, "" if opens else new_key(), letter_of(step.verb))


def _proposals(case: Case, steps: list[Step]) -> list[Proposal]:
    """派遣建议 for whoever must decide whose it is, before any form is opened."""
    step = next((step for step in steps if step.verb in WHOSE), None)
    return Asked(case, step, today()).proposals if step else []


def _grouped(media: Sequence[story.ShownPhoto]) -> dict[str, list[Any]]:
    """Pictures by what they show; documents, which show nothing here, by the name we give them."""
    photos, papers, clips = story.parted(media)
    hidden = story.hidden_in(media)
    groups: dict[str, list[Any]] = {"before": [], "after": [], "other": []}
    for row in photos:
        if row.pk in hidden:
            groups["other"].append(row)
            continue
        side = "before" if row.role in BEFORE else "after" if row.role in AFTER else "other"
        groups[side].append(row)
    return groups | {"documents": story.named(papers), "recordings": story.clips_named(clips)}


def _unit_names(case: Case) -> dict[str, str]:
    return {unit.code: unit.name for unit in (case.unit, case.lead_unit) if unit}
