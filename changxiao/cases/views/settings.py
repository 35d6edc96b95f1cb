"""办案设置页: who may take a step, and which reports are confirmed first; channels are ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import flow, subjects
from changxiao.cases.actions import set_step_rule
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.steps import ordered, stream_of
from changxiao.cases.finds.settings import CAMERA_KIND
from changxiao.cases.finds.settings import TITLES as CAMERA_TITLES
from changxiao.cases.models import Channel
from changxiao.catalog import known, timetable
from changxiao.catalog.actions import drop_confirm_rule, set_confirm_rule
from changxiao.catalog.actions.base import EDITORS, VERBS, who
from changxiao.catalog.models import ConfirmRule, Subcategory
from changxiao.catalog.said import CONFIRM
from changxiao.kernel.act import Act
from changxiao.ledger import edits
from changxiao.ledger.edits import EditForm, Kind, Page, answer, for_posts
from changxiao.ledger.history import Field, State
from changxiao.orgs.posts import ADMINISTRATORS, Post

METHODS = ["GET", "HEAD", "POST"]
TITLES = {verb: title for verb, (title, _posts) in VERBS.items()} | {
    "set_step_rule": gettext_lazy("设定步骤岗位"),
    **CAMERA_TITLES,
}
for_editors = for_posts(EDITORS)


def posts_in_words(posts: Any) -> str:
    """岗位名称."""
    return "、".join(str(Post(post).label) for post in posts if post in Post.values)


STEP = (Field("posts", gettext_lazy("可办岗位"), posts_in_words),)


class StepForm(EditForm):
    """步骤岗位表单: the posts that may take the step."""

    posts = forms.MultipleChoiceField(
        label=gettext_lazy("可办岗位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("posts", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(value, label) for value, label in Post.choices if value not in ADMINISTRATORS]
        self.fields["posts"].choices = choices  # type: ignore[attr-defined]


@require_safe
@for_editors
def steps(request: HttpRequest) -> HttpResponse:
    """步骤岗位: every step with who may take it; where the city differs from the table it says."""
    now = flow_in_force()
    rows = [
        {
            "step": step,
            "posts": posts_in_words(ordered(now.step(step.verb).posts)),
            "usual": posts_in_words(ordered(step.posts)),
            "own": now.step(step.verb).posts != step.posts,
        }
        for step in flow.STEPS
        if step.posts
    ]
    return render(request, "cases/settings/steps.html", {"rows": rows})


@require_http_methods(METHODS)
@for_editors
def step_edit(request: HttpRequest, verb: str) -> HttpResponse:
    """修改步骤岗位."""
    shown = step_page(verb)
    told = {"posts": ordered(flow_in_force().step(verb).posts)}
    return answer(request, StepForm(request.POST or None, initial=told, stream=shown.stream), shown)


def step_page(verb: str) -> Page:
    """某步骤的页面."""
    step = next((one for one in flow.STEPS if one.verb == verb and one.posts), None)
    if step is None:
        raise Http404
    return Page(
        title=_("谁可以办“%(step)s”") % {"step": step.title},
        back=reverse("case_steps"),
        stream=stream_of(verb),
        fields=STEP,
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: set_step_rule(verb, posts=form.cleaned_data["posts"], act=act),
        effects=lambda _old, _new: [
            _("确认后立即生效，各岗位的按钮随之增减"),
            _("已经办过的步骤不受影响"),
        ],
        **_urls("step", verb),
    )


def _put_step(verb: str, state: State | None, act: Act) -> object:
    posts = state["posts"] if state else ordered(flow.DEFAULT.step(verb).posts)
    return set_step_rule(verb, posts=posts, act=act)


class ConfirmForm(EditForm):
    """核实规则表单; the sub-category only where a rule is added."""

    needed = forms.ChoiceField(
        label=gettext_lazy("立案前核实"),
        choices=[
            ("1", gettext_lazy("要核实")),
            ("0", gettext_lazy("不必核实")),
            ("", gettext_lazy("不单独规定（按上一级）")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("needed", "note")


@require_safe
@for_editors
def confirm_rules(request: HttpRequest) -> HttpResponse:
    """核实规则: what holds for each channel, and the sub-categories that differ."""
    own: dict[str, list[ConfirmRule]] = {}
    for row in ConfirmRule.objects.select_related("subcategory").order_by("subcategory__code"):
        own.setdefault(row.channel, []).append(row)
    rows = [
        {
            "channel": channel,
            "title": title,
            "needed": timetable.needs_confirmation(channel),
            "own": any(row.subcategory is None for row in own.get(channel, [])),
            "others": [row for row in own.get(channel, []) if row.subcategory is not None],
        }
        for channel, title in Channel.choices
    ]
    told = {"rows": rows, "subjects": subjects.choices()}
    return render(request, "cases/settings/confirm_rules.html", told)


@require_safe
@for_editors
def confirm_pick(request: HttpRequest) -> HttpResponse:
    """选来源与小类, on to the page of that rule."""
    channel, subject = request.GET.get("channel", ""), request.GET.get("subcategory", "")
    confirm_page(f"{channel}:{subject}")
    return redirect(f"{reverse('case_confirm_rule', args=[channel])}?subcategory={subject}")


@require_http_methods(METHODS)
@for_editors
def confirm_edit(request: HttpRequest, channel: str) -> HttpResponse:
    """修改核实规则: of a channel, or with `?subcategory=` of a sub-category within it."""
    key = f"{channel}:{request.GET.get('subcategory', '')}"
    shown, row = confirm_page(key), _rule(key)
    told = {"needed": str(int(row.needed)) if row else ""}
    form = ConfirmForm(request.POST or None, initial=told, stream=shown.stream)
    return answer(request, form, shown)


def confirm_page(key: str) -> Page:
    """某条核实规则的页面; the key is "hotline:" or "hotline:e0110"."""
    channel, _colon, subject_key = key.partition(":")
    subject = known.by_key(subject_key) if subject_key else None
    if channel not in Channel.values or (subject_key and subject is None):
        raise Http404
    title = str(Channel(channel).label) + (f" · {subject.label}" if subject else "")
    return Page(
        title=_("%(what)s：立案前是否核实") % {"what": title},
        back=reverse("case_confirm_rules"),
        stream=f"confirm_rule:{key}",
        fields=CONFIRM,
        ends=frozenset({"drop_confirm_rule"}),
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: _set(channel, subject, form.cleaned_data["needed"], act),
        effects=lambda _old, _new: [
            _("确认后受理的上报按新规则；已经受理的不变"),
        ],
        **_urls("confirm", key),
    )


def _set(channel: str, subject: Subcategory | None, told: str, act: Act) -> object:
    if told:
        return set_confirm_rule(channel, needed=told == "1", act=act, subcategory=subject)
    for row in ConfirmRule.objects.filter(channel=channel, subcategory=subject):
        drop_confirm_rule(row, act=act)
    return None


def _rule(key: str) -> ConfirmRule | None:
    channel, _colon, subject = key.partition(":")
    row = known.by_key(subject) if subject else None
    return ConfirmRule.objects.filter(channel=channel, subcategory=row).first()


def _put_confirm(key: str, state: State | None, act: Act) -> object:
    channel, _colon, subject = key.partition(":")
    told = "" if state is None else str(int(state["needed"]))
    return _set(channel, known.by_key(subject) if subject else None, told, act)


def _urls(kind: str, key: str) -> dict[str, Any]:
    return {
        "history": reverse("case_settings_history", args=[kind, key]),
        "undo": reverse("case_settings_undo", args=[kind, key]),
        "titles": TITLES,
    }


KINDS: Mapping[str, Kind] = {
    "step": Kind(step_page, _put_step),
    "confirm": Kind(confirm_page, _put_confirm),
    "camera": CAMERA_KIND,
}


history, undo = edits.past(KINDS, for_editors)
