"""通知规则页: who hears of what, by which channels, in which words; defaults and the city's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog.actions.base import who
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import Field, State
from changxiao.ledger.models import Entry
from changxiao.notices import filling, standing
from changxiao.notices.access import SETTERS
from changxiao.notices.actions import RuleDraft, drop_notice_rule, set_notice_rule
from changxiao.notices.actions.rules import blanks
from changxiao.notices.channels import CHANNELS
from changxiao.notices.defaults import DEFAULTS, Rule
from changxiao.notices.models import NoticeRule
from changxiao.notices.views.base import for_setters, urls
from changxiao.notices.whats import WHATS, audience_title, audiences
from changxiao.notices.whats import Kind as NoticeKind

METHODS = ["GET", "HEAD", "POST"]


def channels_said(value: Any) -> str:
    """渠道的名称."""
    return "、".join(str(CHANNELS[key].title) if key in CHANNELS else str(key) for key in value)


FIELDS = (
    Field("channels", gettext_lazy("渠道"), channels_said),
    Field("text", gettext_lazy("文字")),
    Field("urgent", gettext_lazy("紧急")),
    Field("enabled", gettext_lazy("启用")),
)


class RuleForm(EditForm):
    """通知规则表单."""

    what = forms.ChoiceField(label=gettext_lazy("事由"))
    audience = forms.ChoiceField(label=gettext_lazy("收件人"))
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("渠道"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=gettext_lazy("文字"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    urgent = forms.BooleanField(
        label=gettext_lazy("紧急"),
        required=False,
        help_text=gettext_lazy("紧急消息不受免打扰和汇总限制。"),
    )
    enabled = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
    field_order = ("what", "audience", "channels", "text", "urgent", "enabled", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        told: dict[str, Any] = self.fields
        told["what"].choices = [
            (kind.label, [(w.key, w.title) for w in WHATS.values() if w.kind == kind])
            for kind in NoticeKind
        ]
        told["audience"].choices = audiences()
        told["channels"].choices = [(key, one.title) for key, one in CHANNELS.items()]
        what = (self.initial or {}).get("what", "")
        names = " ".join(f"{{{name}}}" for name in blanks(what))
        told["text"].help_text = _("可以写这些空格，发送时填上：%(blanks)s") % {"blanks": names}


@dataclass(frozen=True, slots=True)
class Row:
    """规则一行."""

    rule: Rule
    title: str
    audience: str
    channels: str
    own: bool


@require_safe
@for_setters
def rules(request: HttpRequest) -> HttpResponse:
    """通知规则: by kind and occasion."""
    own = set(NoticeRule.objects.values_list("key", flat=True))
    known = standing.rules().values()
    groups = [
        (kind.label, [_row(r, own) for w in WHATS.values() if w.kind == kind for r in _of(w.key)])
        for kind in NoticeKind
    ]
    off = [(one.title, why) for one in CHANNELS.values() if (why := one.off())]
    told = {"groups": groups, "count": len(known), "off": off}
    return render(request, "notices/rules.html", told)


def _of(what: str) -> list[Rule]:
    return [rule for rule in standing.rules().values() if rule.what == what]


def _row(rule: Rule, own: set[str]) -> Row:
    title, audience = str(WHATS[rule.what].title), audience_title(rule.audience)
    return Row(rule, title, audience, channels_said(rule.channels), rule.key in own)


@require_http_methods(METHODS)
@for_setters
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定通知规则: one, or a new one."""
    shown = page(key)
    rule = standing.rules().get(key)
    told = _told(rule) if rule else {"channels": ["in_app"], "enabled": True}
    form = RuleForm(request.POST or None, initial=told, stream=shown.stream)
    if rule is not None:
        form.fields["what"].disabled = form.fields["audience"].disabled = True
    return answer(request, form, shown)


def _told(rule: Rule) -> dict[str, Any]:
    return {
        "what": rule.what,
        "audience": rule.audience,
        "channels": list(rule.channels),
        "text": rule.text,
        "urgent": rule.urgent,
        "enabled": rule.enabled,
    }


@require_http_methods(METHODS)
@for_setters
def drop(request: HttpRequest, key: str) -> HttpResponse:
    """恢复默认."""
    row = NoticeRule.objects.filter(key=key).first()
    if row is None:
        raise Http404
    return confirming(request, page(key), lambda act: drop_notice_rule(row, act=act))


def page(key: str) -> Page:
    """一条规则的页面; "" for a new one."""
    if key and key not in standing.rules() and not _was(key):
        raise Http404
    return Page(
        title=title_of(key) if key else _("新增通知规则"),
        back=reverse("notice_rules"),
        stream=f"notice_rule:{key}" if key else "",
        fields=FIELDS,
        ends=frozenset() if key in DEFAULTS else frozenset({"drop_notice_rule"}),
        posts=SETTERS,
        name_of=who,
        do=_set,
        effects=lambda _old, new: _effects(new),
        **(urls("rule", key) if key else {}),
    )


def title_of(key: str) -> str:
    """规则的名称, as a reader knows it."""
    what, _colon, audience = key.partition(":")
    return f"{WHATS[what].title if what in WHATS else what} → {audience_title(audience)}"


def _was(key: str) -> bool:
    # The story of a rule that was dropped can still be read, and undone.
    what, _colon, audience = key.partition(":")
    known = what in WHATS and audience in dict(audiences())
    return known and Entry.objects.filter(stream=f"notice_rule:{key}").exists()


def _set(form: RuleForm, act: Act) -> NoticeRule:
    told = form.cleaned_data
    key = f"{told['what']}:{told['audience']}"
    if not form.fields["what"].disabled and key in standing.rules():
        message = _("“%(what)s”发给“%(audience)s”的规则已有，请去修改那一条")
        words = {
            "what": WHATS[told["what"]].title,
            "audience": audience_title(told["audience"]),
        }
        raise Refused("rule_taken", message % words, field="audience")
    draft = RuleDraft(
        channels=told["channels"],
        text=told["text"],
        urgent=told["urgent"],
        enabled=told["enabled"],
    )
    return set_notice_rule(told["what"], told["audience"], draft, act=act)


def _effects(new: State | None) -> list[str]:
    if new is None:
        return [_("以后没有人收到这条消息；已发出的不收回")]
    words = {
        "受理号": "202603020001",
        "类别": _("道路破损"),
        "地点": _("金砂东路12号"),
        "单位": _("市政道路处"),
        "环节": _("待处置"),
        "应处置时间": "03-02 18:00",
        "剩余": _("剩 2 小时"),
        "事项": _("同意延期"),
        "说明": _("请于今日完成"),
        "答复": _("已修补完毕，感谢您的反映。"),
        "编号": "benchmark-2026-03-1",
        "扣分": "1.5",
        "期限": "03-16 18:00",
        "查询链接": "https://…/p/c/7K2M-9QXR-04TD-HB3W/",
    }
    sample = _("例如：%(text)s") % {"text": filling.filled(new["text"], words)}
    return [sample, _("确认后立即生效；已发出的不收回")]


def _put(key: str, state: State | None, act: Act) -> object:
    what, _colon, audience = key.partition(":")
    if state is None or (key in DEFAULTS and _is_default(key, state)):
        if row := NoticeRule.objects.filter(key=key).first():
            drop_notice_rule(row, act=act)
        return None
    draft = RuleDraft(
        channels=state["channels"],
        text=state["text"],
        urgent=state["urgent"],
        enabled=state["enabled"],
    )
    return set_notice_rule(what, audience, draft, act=act)


def _is_default(key: str, state: State) -> bool:
    default = DEFAULTS[key]
    return (list(default.channels), default.text, default.urgent, default.enabled) == (
        list(state["channels"]),
        state["text"],
        state["urgent"],
        state["enabled"],
    )


RULE_KIND = Kind(page, _put)
