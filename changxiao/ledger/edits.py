"""修改 edits: what every page shares that edits a row of the city's configuration.

A form is filled in; its verb is rehearsed (done and taken back in one transaction, so the preview
is what will happen and every refusal comes before the confirmation) and shown as before → after;
then it is confirmed and done. Of two administrators at once the slower reads who was faster, and
keeps his text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger.history import Change, Edit, Field, State, differences, edits, put_back
from changxiao.ledger.keyed import KeyedForm
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed

_OURS = frozenset({"key", "base_n", "note", "confirm", "seen"})


class EditForm(KeyedForm):
    """修改表单: carries the act's key and the last entry its reader had seen (`base_n`)."""

    use_required_attribute = False
    base_n = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, stream: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["base_n"].initial = last_n(stream)
        self.fields["note"] = forms.CharField(
            label=_("修改理由"),
            required=False,
            max_length=400,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("记入总账，以后查得到为什么改。"),
        )

    @property
    def words(self) -> list[forms.BoundField]:
        """可见字段, the reason last."""
        return [one for one in self if not one.is_hidden]

    def draft(self) -> dict[str, Any]:
        """内容: what was filled in, without key and reason."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _OURS}

    def act(self, request: HttpRequest, post: str) -> Act:
        """办理动作 of this form; its digest tells a second sending from another content."""
        told = self.cleaned_data
        return Act(
            actor=scope.current().name,
            post=post,
            key=told["key"],
            note=told["note"],
            base_n=told["base_n"],
            digest=digest_of(request, [self.draft(), told["note"]]),
        )

    def refuse(self, no: Refused, stream: str = "") -> None:
        """写上拒绝. What was faster has been read by then, so the next confirmation is made
        knowing it."""
        if no.code == MOVED:
            self.sent(base_n=str(last_n(stream)))
        super().refuse(no)


MOVED = "edited_meanwhile"


def last_n(stream: str) -> int:
    """最近序号: of the last entry of a stream, 0 where there is none."""
    if not stream:
        return 0
    last = Entry.objects.filter(stream=stream).order_by("-n").values_list("n", flat=True).first()
    return last or 0


def check_unmoved(stream: str, act: Act, name_of: Callable[[str], str] = str) -> None:
    """有无他人先改: call under the lock; Refused `edited_meanwhile` says who was faster and when.

    An act without `base_n` (the API, an import, a sweep) has seen nothing and is not asked.
    """
    if act.base_n is None:
        return
    last = Entry.objects.filter(stream=stream).order_by("-n").first()
    if last is None or last.n <= act.base_n or last.act_key == act.key:
        return
    values = {
        "who": name_of(last.actor),
        "when": f"{local_time(last.at):%m-%d %H:%M}",
    }
    message = _("%(who)s 已于 %(when)s 先改了这一条。您填写的内容还在，请对照新的内容再确认。")
    raise Refused(MOVED, message % values)


class _Taken(Exception):  # noqa: N818 - not a fault: how a rehearsal leaves its transaction
    def __init__(self, entries: list[Entry]) -> None:
        super().__init__()
        self.entries = entries


def rehearse(act: Act, do: Callable[[Act], object]) -> list[Entry]:
    """预演: the entries that the verb would leave, none where nothing changes; all is taken back.

    Refused passes through as the verb raises it; an act that is in the log already is Replayed.
    """
    stored = Entry.objects.filter(act_key=act.key).first()
    if stored is not None:
        same = (stored.actor, stored.act.get("digest", "")) == (act.actor, act.digest)
        raise Replayed(stored) if same else KeyReused(stored)
    try:
        with writing():
            do(act)
            raise _Taken(list(Entry.objects.filter(act_key=act.key)))
    except _Taken as taken:
        return taken.entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """修改页: one row of one kind, as the pages of a room describe it.

    `effects` says in sentences from when the change holds and what it leaves alone; `touched_url`
    is a fragment of a higher room that counts what is concerned; `titles` are the verbs in words.
    """

    title: str
    back: str
    stream: str
    fields: Sequence[Field]
    do: Callable[[Any, Act], object]
    posts: frozenset[str]
    ends: frozenset[str] = frozenset()
    effects: Callable[[State | None, State | None], list[str]] = lambda _old, _new: []
    name_of: Callable[[str], str] = str
    touched_url: str = ""
    history: str = ""
    undo: str = ""
    titles: Mapping[str, Any] = field(default_factory=dict)
    template: str = "ledger/edit.html"
    more: dict[str, Any] = field(default_factory=dict)

    def doing(self, do: Callable[[Any, Act], object]) -> Page:
        """换一个动作: the same row under another verb, an end for instance."""
        return replace(self, do=do)


@dataclass(frozen=True, slots=True)
class Preview:
    """预览: the changes in words, what they leave alone, and the mark of what was previewed."""

    changes: list[Change]
    effects: list[str]
    seen: str


def answer(request: HttpRequest, form: EditForm, page: Page) -> HttpResponse:
    """修改页的回应: the form; its preview; or done, with one sentence, back to `page.back`."""
    post = acting(request, page.posts)
    if request.method != "POST":
        return _drawn(request, form, page)
    if not form.is_valid():
        return _drawn(request, form, page, status=422)
    try:
        return _taken(request, form, page, form.act(request, post))
    except Replayed:
        messages.info(request, _("这次修改此前已经记录，没有重复"))
    except Refused as no:
        form.refuse(no, page.stream)
        return _drawn(request, form, page, status=422)
    return redirect(page.back)


def confirming(request: HttpRequest, page: Page, done: Callable[[Act], object]) -> HttpResponse:
    """只须确认的修改: an end, a switch: nothing to fill in but the reason."""
    shown = page.doing(lambda _form, act: done(act))
    return answer(request, EditForm(request.POST or None, stream=page.stream), shown)


def _taken(request: HttpRequest, form: EditForm, page: Page, act: Act) -> HttpResponse:
    seen = digest_of(request, form.draft())
    entries = rehearse(act, lambda one: page.do(form, one))
    if not entries:
        messages.info(request, _("内容没有变化，没有记入总账"))
    elif request.POST.get("seen") != seen:  # never confirm what was not previewed
        return _drawn(request, form, page, _preview(page, entries[-1], seen))
    else:
        page.do(form, act)
        messages.success(request, _("%(title)s：已修改并记入总账") % {"title": page.title})
    return redirect(page.back)


def answer_undo(
    request: HttpRequest, n: int, page: Page, put: Callable[[State | None, Act], object]
) -> HttpResponse:
    """撤销页的回应: what edit `n` found is set again by a new edit, previewed as any other.

    `put` sets a state of the row, or takes the row away (None); what it or the plan refuses is said
    where the story stands.
    """
    post, form = acting(request, page.posts), EditForm(request.POST or None, stream=page.stream)
    try:
        state = put_back(story(page.fields, page.stream, ends=page.ends), n)
        again = replace(page, do=lambda _form, act: put(state, replace(act, undoes=n)))
        if request.method == "POST":
            return answer(request, form, again)
        act = Act(actor=scope.current().name, post=post, key=new_key(), undoes=n)
        entries = rehearse(act, lambda one: put(state, one))
    except Refused as no:
        messages.error(request, _("不能撤销：%(why)s") % {"why": no.sentence})
        return redirect(page.history or page.back)
    if not entries:
        messages.info(request, _("现在的内容已与修改前相同，不必撤销"))
        return redirect(page.history or page.back)
    return _drawn(request, form, again, _preview(again, entries[-1], digest_of(request, {})))


def _preview(page: Page, entry: Entry, seen: str) -> Preview:
    standing = list(Entry.objects.filter(stream=entry.stream).order_by("n"))
    told = edits(page.fields, [*standing, entry], ends=page.ends)[-1]
    changes = differences(page.fields, told.before, told.after)
    return Preview(changes, page.effects(told.before, told.after), seen)


def _drawn(
    request: HttpRequest,
    form: EditForm,
    page: Page,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    told = {"form": form, "page": page, "preview": preview, **page.more}
    return render(request, page.template, told, status=status)


def acting(request: HttpRequest, posts: frozenset[str]) -> str:
    """办理岗位: the post chosen at the top where it may edit here, else one held that may.

    Raises PermissionDenied (403) for somebody who holds none.
    """
    held: list[str] = request.posts  # type: ignore[attr-defined]
    chosen: str = request.acting_post  # type: ignore[attr-defined]
    fitting = [post for post in [chosen, *held] if post in posts]
    if not fitting:
        raise PermissionDenied
    return fitting[0]


View = Callable[..., HttpResponse]
Answer = TypeVar("Answer", bound=HttpResponseBase)


def for_posts(
    posts: frozenset[str],
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """限岗位: 403 for somebody who holds none of the posts."""

    def limited(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **named: Any) -> Answer:
            acting(request, posts)
            return view(request, *args, **named)

        return asked

    return limited


def story(
    fields: Sequence[Field], stream: str, *, ends: frozenset[str] = frozenset()
) -> list[Edit]:
    """沿革: all edits of a stream, the oldest first."""
    return edits(fields, Entry.objects.filter(stream=stream).order_by("n"), ends=ends)


@dataclass(frozen=True, slots=True)
class Told:
    """沿革一行, as a page shows it: who, what was done, before → after; `undo` where it can."""

    edit: Edit
    who: str
    title: str
    changes: list[Change]
    undo: bool


def told(page: Page, titles: Mapping[str, Any], *, may_undo: bool) -> list[Told]:
    """沿革各行, the newest first; `titles` are the verbs in words."""
    rows = story(page.fields, page.stream, ends=page.ends)
    return [
        Told(
            edit=one,
            who=page.name_of(one.actor),
            title=str(titles.get(one.verb, one.verb)),
            changes=differences(page.fields, one.before, one.after),
            undo=may_undo and one is rows[-1] and not one.blind,
        )
        for one in reversed(rows)
    ]


@dataclass(frozen=True, slots=True)
class Kind:
    """可改的一类: `page` of a row by its key (404 without one), and `put`, which sets a state of
    the row again, or takes the row away (None), by the room's own verbs."""

    page: Callable[[str], Page]
    put: Callable[[str, State | None, Act], object]


def history(request: HttpRequest, kinds: Mapping[str, Kind], kind: str, key: str) -> HttpResponse:
    """沿革页: who changed this row when, before → after, the newest first."""
    page = _known(kinds, kind).page(key)
    acting(request, page.posts)
    rows = told(page, page.titles, may_undo=bool(page.undo))
    context = {"page": page, "rows": rows, "undo_url": page.undo}
    return render(request, "ledger/history.html", context)


def undo(request: HttpRequest, kinds: Mapping[str, Kind], kind: str, key: str) -> HttpResponse:
    """撤销页: `?n=` names the edit, which must be the newest; previewed and confirmed as any."""
    found, number = _known(kinds, kind), request.GET.get("n", "")
    page = found.page(key)
    acting(request, page.posts)
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise Http404
    return answer_undo(request, int(number), page, lambda state, act: found.put(key, state, act))


def past(kinds: Mapping[str, Kind], only: Callable[[View], View]) -> tuple[View, View]:
    """沿革页与撤销页 of a room's rows, for whom `only` lets in."""

    @require_safe
    @only
    def shown(request: HttpRequest, kind: str, key: str) -> HttpResponse:
        return history(request, kinds, kind, key)

    @require_http_methods(["GET", "HEAD", "POST"])
    @only
    def taken_back(request: HttpRequest, kind: str, key: str) -> HttpResponse:
        return undo(request, kinds, kind, key)

    return shown, taken_back


def _known(kinds: Mapping[str, Kind], name: str) -> Kind:
    if name not in kinds:
        raise Http404
    return kinds[name]
