"""我的任务: where a collector is sent to look: 核实 and 核查 by time left, then 抽查 as drawn."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from changxiao.cases import listing
from changxiao.cases.flow import DEFAULT, TASKS, Stage
from changxiao.cases.models import Case
from changxiao.cases.views.queue import Row, rows_of
from changxiao.kernel import scope
from changxiao.orgs.posts import Post

MOST = 60
GROUPS: tuple[tuple[Stage, str | Promise, tuple[str, ...]], ...] = (
    (Stage.CONFIRMING, pgettext_lazy("tasks", "核实"), ("confirm", "refute")),
    (Stage.HANDLED, pgettext_lazy("tasks", "核查"), ("verify", "rework")),
)
RECHECK = ("recheck", "dispute_check")


@dataclass(frozen=True, slots=True)
class Group:
    """一组任务: its name, its cases, and the two answers that one gives there; `timed` where the
    stage's limit is the collector's own, which for a second look it is not."""

    label: str | Promise
    rows: list[Row]
    answers: list[tuple[str, str | Promise]]
    timed: bool = True


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """我的任务 of the collector who looks; 403 for everybody else."""
    viewer, now = scope.current(), timezone.now()
    if not viewer.holds(Post.COLLECTOR):
        raise PermissionDenied
    mine = Case.objects.select_related(*listing.SHOWN)
    named = mine.filter(checker=viewer.name, stage__in=TASKS)
    given = list(named.order_by(*listing.BY_QUEUE)[:MOST])
    drawn = mine.filter(rechecks__state="open", rechecks__collector=viewer.name)
    groups = [
        Group(label, rows_of([one for one in given if one.stage == stage], now), _answers(verbs))
        for stage, label, verbs in GROUPS
    ]
    again = list(drawn.order_by("rechecks__drawn_at", "id")[:MOST])
    groups.append(Group(_("抽查"), rows_of(again, now), _answers(RECHECK), timed=False))
    told = {"groups": [group for group in groups if group.rows], "now": now}
    return render(request, "cases/tasks.html", told)


def _answers(verbs: tuple[str, ...]) -> list[tuple[str, str | Promise]]:
    return [(verb, DEFAULT.step(verb).title) for verb in verbs]
