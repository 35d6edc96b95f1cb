"""巡查页: who walks now and what was attended, one's own walk, and the missed reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import for_posts
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed
from changxiao.orgs import downloads
from changxiao.orgs.posts import Post
from changxiao.patrols import actions, listing
from changxiao.patrols.access import DECIDES, OPENS, READS
from changxiao.patrols.forms import DECISIONS, DecideForm, FinishForm, StartForm
from changxiao.patrols.models import MissedReport, Patrol

SIZE = 30
State = MissedReport.State
BY_STATE: Mapping[str, tuple[str, ...]] = {
    State.PROPOSED: ("confirm_missed", "dismiss_missed"),
    State.CONFIRMED: ("object_missed",),
    State.OBJECTED: ("uphold_missed", "overturn_missed"),
}


@require_safe
@for_posts(READS)
def patrols(request: HttpRequest) -> HttpResponse:
    """巡查列表: of a day, or those going on."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("state", "day", "q")}
    told: dict[str, Any] = {"asked": asked, "q": asked["q"]}
    try:
        day = listing.day_of(asked["day"], now)
        page = _page(request, listing.patrols(asked, now), ("-started_at", "-id"))
        told |= {"rows": listing.rows_of(page.items, now), "next_cursor": page.next}
        told |= {"day": day, "summary": listing.summary(day, now)}
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "patrols/patrols.html", told, status=400 if "refusal" in told else 200)


@require_safe
@for_posts(READS)
def coverage(request: HttpRequest) -> HttpResponse:
    """到岗覆盖: each duty grid with the minutes attended that day."""
    now, words = timezone.now(), request.GET.get("q", "")
    told: dict[str, Any] = {"q": words, "asked": {"day": request.GET.get("day", "")}}
    try:
        day = listing.day_of(told["asked"]["day"], now)
        page = _page(request, listing.grids(words), ("code", "id"))
        told |= {"rows": listing.coverage(page.items, day, now), "next_cursor": page.next}
        told |= {"day": day, "summary": listing.summary(day, now)}
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "patrols/coverage.html", told, status=400 if "refusal" in told else 200)


def _page(request: HttpRequest, rows: Any, order: tuple[str, ...]) -> paging.Page[Any]:
    return paging.page(rows, order=order, cursor=request.GET.get("cursor", ""), size=SIZE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset({Post.COLLECTOR}))
def mine(request: HttpRequest) -> HttpResponse:
    """我的巡查: start or finish, and one's last walks."""
    viewer = scope.current()
    running = Patrol.objects.filter(collector=viewer.name, finished_at=None).first()
    data = request.POST if request.method == "POST" else None
    ends = running is not None if data is None else data.get("verb") == "finish"
    form = FinishForm(data) if ends else StartForm(viewer, data)
    if data is not None and form.is_valid():
        try:
            return _walked(request, form, running)
        except Refused as no:
            form.refuse(no)
    last = Patrol.objects.filter(collector=viewer.name).order_by("-started_at", "-id")[:10]
    told: dict[str, Any] = {"running": running, "form": form, "missed": _own_missed(viewer.name)}
    told["rows"] = listing.rows_of(list(last), timezone.now())
    return render(request, "patrols/mine.html", told, status=422 if form.errors else 200)


def _walked(
    request: HttpRequest, form: StartForm | FinishForm, running: Patrol | None
) -> HttpResponse:
    told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    act = _act(request, form.cleaned_data["key"], Post.COLLECTOR, "", told)
    try:
        if isinstance(form, StartForm):
            actions.start_patrol(grid=told["grid"], act=act, here=form.here)
            messages.success(request, _("巡查已开始"))
        elif running is None:
            raise Refused("patrol_over", _("现在没有进行中的巡查"))
        else:
            row = actions.finish_patrol(running, act=act, here=form.here)
            words = _("巡查已结束，在岗 %(n)s 分钟") % {"n": row.minutes(timezone.now())}
            messages.success(request, words)
    except Replayed:
        messages.info(request, _("此前已经记录，没有重复"))
    return redirect("patrols_mine")


def _own_missed(name: str) -> list[MissedReport]:
    rows = MissedReport.objects.select_related("case__subcategory", "patrol")
    return list(rows.filter(patrol__collector=name).order_by("-proposed_at")[:10])


def _act(request: HttpRequest, key: str, post: str, note: str, content: Any) -> Act:
    digest = digest_of(request, {name: str(value) for name, value in content.items()})
    return Act(actor=scope.current().name, post=post, key=key, note=note, digest=digest)


@require_safe
@for_posts(OPENS)
def waiting(request: HttpRequest) -> HttpResponse:
    """待办的漏报: for the first page, which fetches it: to decide, to judge, to answer to."""
    viewer = scope.current()
    told: dict[str, Any] = {"states": [], "mine": 0}
    if viewer.holds(*DECIDES):
        told["states"] = [row for row in listing.counts() if row[0] in listing.WAITING and row[2]]
    if viewer.holds(Post.COLLECTOR):
        own = MissedReport.objects.filter(patrol__collector=viewer.name, state=State.CONFIRMED)
        told["mine"] = own.filter(object_until__gte=timezone.now()).count()
    return render(request, "patrols/_waiting.html", told)


@require_safe
@for_posts(READS)
def missed(request: HttpRequest) -> HttpResponse:
    """漏报列表."""
    asked = {name: request.GET.get(name, "") for name in ("state", "q")}
    told: dict[str, Any] = {"asked": asked, "q": asked["q"], "all": listing.ALL}
    try:
        page = _page(request, listing.missed(asked), ("-proposed_at", "-id"))
        names = listing.names_of({one.patrol.collector for one in page.items})
        told |= {"rows": [(one, names.get(one.patrol.collector, "")) for one in page.items]}
        told |= {"next_cursor": page.next, "states": listing.counts()}
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "patrols/missed.html", told, status=400 if "refusal" in told else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(OPENS)
def one_missed(request: HttpRequest, number: str) -> HttpResponse:
    """一件漏报: the find, the walk before it, what was said, and what may be done now."""
    rows = MissedReport.objects.select_related("case__subcategory", "patrol", "head")
    row = rows.filter(case__number=number).first()
    if row is None:
        raise Http404
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, row, form)
        except KeyReused:
            form.add_error(None, _("这张表单已经提交过，之后内容有改动；请重新打开后再办"))
        except Refused as no:
            form.refuse(no)
            row.refresh_from_db()
    told = {"row": row, "form": form, "verbs": _open_to(row), "entries": _history(row)}
    told |= {"who": listing.names_of({row.patrol.collector}).get(row.patrol.collector, "")}
    return render(request, "patrols/one.html", told, status=422 if form.errors else 200)


def _open_to(row: MissedReport) -> list[tuple[str, Any]]:
    """可办的: by the state, the post, and who was it that decided."""
    viewer = scope.current()
    if row.state == State.CONFIRMED:
        late = row.object_until is not None and row.object_until < timezone.now()
        mine = row.patrol.collector == viewer.name and viewer.holds(Post.COLLECTOR)
        able = mine and not late
    else:
        able = viewer.holds(*DECIDES) and row.decided_by != viewer.name
    verbs = BY_STATE.get(row.state, ()) if able else ()
    return [(verb, DECISIONS[verb][0]) for verb in verbs]


def _decided(request: HttpRequest, row: MissedReport, form: DecideForm) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in DECISIONS:
        raise Http404
    held = scope.current().posts()
    wish = str(getattr(request, "acting_post", ""))
    fitting = {Post.COLLECTOR} if verb == "object_missed" else DECIDES
    able = sorted(held & fitting)
    if not able:
        raise PermissionDenied
    post, note = (wish if wish in able else able[0]), form.cleaned_data["note"]
    act = _act(request, form.cleaned_data["key"], post, note, {"verb": verb, "note": note})
    try:
        getattr(actions, verb)(row, act=act)
        messages.success(request, _("%(step)s已记录") % {"step": DECISIONS[verb][0]})
    except Replayed:
        messages.info(request, _("此前已经记录，没有重复"))
    return redirect("patrols_missed_one", row.case.number)


def _history(row: MissedReport) -> list[dict[str, Any]]:
    entries = list(Entry.objects.filter(stream=f"missed:{row.case.number}").order_by("n"))
    names = listing.names_of({entry.actor for entry in entries})
    return [
        {
            "title": DECISIONS[entry.verb][0] if entry.verb in DECISIONS else _("提出漏报"),
            "who": names.get(entry.actor, _("系统")),
            "at": entry.at,
            "note": entry.act.get("note", ""),
        }
        for entry in entries
    ]


@require_safe
@for_posts(READS)
def export(request: HttpRequest, what: str) -> HttpResponseBase:
    """导出 the list as filtered."""
    wanted = {k: str(v) for k, v in request.GET.items() if k in {"state", "day", "q"} and v}
    try:
        return downloads.answer(request, what, wanted)
    except Refused as no:
        raise Http404(no.sentence) from None
