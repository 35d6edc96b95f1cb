"""设定通知规则: who hears of an occasion, by which channels, in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.notices import filling
from changxiao.notices.channels import CHANNELS
from changxiao.notices.channels.base import Side
from changxiao.notices.defaults import DEFAULTS, Rule
from changxiao.notices.editing import editing, record
from changxiao.notices.models import NoticeRule
from changxiao.notices.standing import rule_of
from changxiao.notices.whats import HOOK, POST, RECEIVED, WHATS, Audience, Kind, audiences

OUTSIDE_ONLY = frozenset({RECEIVED})  # nobody of the house waits for it


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """规则草案: everything but occasion and audience."""

    channels: Sequence[str]
    text: str
    urgent: bool = False
    enabled: bool = True


def set_notice_rule(what: str, audience: str, draft: RuleDraft, *, act: Act) -> NoticeRule:
    """设定通知规则: from now on; what was sent is not called back.

    Refused `what_unknown`, `audience_unknown`, `audience_unfit`, `channel_unknown`,
    `channels_missing`, `channel_unfit`, `text_missing`, `text_long`, `blank_unknown`.
    """
    with editing(act) as at:
        rule = _checked(what, audience, draft)
        row = NoticeRule.objects.filter(key=rule.key).first()
        before = rule_of(row) if row else DEFAULTS.get(rule.key)
        if before == rule:
            return row or NoticeRule(key=rule.key, **_columns(rule))
        row, _made = NoticeRule.objects.update_or_create(key=rule.key, defaults=_columns(rule))
        body = {**body_of(rule), "was": body_of(before) if before else None}
        record(row.stream, "set_notice_rule", act, at, body)
    return row


def drop_notice_rule(row: NoticeRule, *, act: Act) -> None:
    """恢复默认通知规则: the city's own row goes; what came with the software holds again, and where
    nothing did nobody hears of it."""
    with editing(act) as at:
        if NoticeRule.objects.filter(pk=row.pk).delete()[0]:
            default = DEFAULTS.get(row.key)
            body = {**(body_of(default) if default else {}), "was": body_of(rule_of(row))}
            record(row.stream, "drop_notice_rule", act, at, body)


def body_of(rule: Rule) -> dict[str, Any]:
    """规则内容, as an entry holds it."""
    return {
        "channels": list(rule.channels),
        "text": rule.text,
        "urgent": rule.urgent,
        "enabled": rule.enabled,
    }


def _columns(rule: Rule) -> dict[str, Any]:
    return {"what": rule.what, "audience": rule.audience, **body_of(rule)}


def _checked(what: str, audience: str, draft: RuleDraft) -> Rule:
    _known("what", _("事由"), what, list(WHATS))
    _known("audience", _("收件人"), audience, [key for key, _title in audiences()])
    resident = audience == Audience.REPORTER
    if not _suits(what, audience):
        message = _("“%(what)s”不能发给“%(audience)s”，请另选收件人")
        words = {"what": WHATS[what].title, "audience": dict(audiences())[audience]}
        raise Refused("audience_unfit", message % words, field="audience")
    channels = tuple(key for key in CHANNELS if key in draft.channels)
    _check_channels(draft.channels, channels, resident)
    text = " ".join(draft.text.split())
    _check_text(text, blanks(what, resident=resident))
    return Rule(what, audience, channels, text, draft.urgent, draft.enabled)


def _suits(what: str, audience: str) -> bool:
    resident, answerer = audience == Audience.REPORTER, audience == Audience.ANSWERER
    if WHATS[what].page:
        return answerer or audience.startswith(POST)
    if what in OUTSIDE_ONLY:
        return resident
    return not answerer and not (resident and WHATS[what].kind == Kind.SYSTEM)


def blanks(what: str, *, resident: bool = False) -> tuple[str, ...]:
    """可用的空格 of an occasion's text."""
    if what == HOOK:
        return filling.SYSTEM
    if what in WHATS and WHATS[what].page:
        return filling.OWED
    return filling.OUTSIDE if resident else tuple(b for b in filling.BLANKS if b != filling.LINK)


def _check_channels(asked: Sequence[str], channels: tuple[str, ...], resident: bool) -> None:
    for key in asked:
        _known("channels", _("渠道"), key, list(CHANNELS))
    if not channels:
        raise Refused("channels_missing", _("请至少选择一个渠道"), field="channels")
    unfit = [str(CHANNELS[key].title) for key in channels if not _fits(key, resident)]
    if unfit:
        message = (
            _("%(channels)s不能发给举报人，请改选短信或微信")
            if resident
            else _("%(channels)s只用于举报人，请改选其他渠道")
        )
        raise Refused("channel_unfit", message % {"channels": "、".join(unfit)}, field="channels")


def _fits(channel: str, resident: bool) -> bool:
    serves = CHANNELS[channel].serves
    return Side.RESIDENT in serves if resident else bool(serves - {Side.RESIDENT})


def _check_text(text: str, known: tuple[str, ...]) -> None:
    if not text:
        raise Refused("text_missing", _("请填写消息文字"), field="text")
    if len(text) > filling.MOST_TEXT:
        message = _("消息文字共%(n)d字，最多%(most)d字，请精简")
        values = {"n": len(text), "most": filling.MOST_TEXT}
        raise Refused("text_long", message % values, field="text")
    if unknown := filling.unknown(text, known):
        message = _("空格“{%(name)s}”没有可填的内容，可用：%(known)s")
        words = "、".join(f"{{{name}}}" for name in known)
        raise Refused("blank_unknown", message % {"name": unknown[0], "known": words}, field="text")


def _known(field: str, title: str, value: str, known: list[str]) -> None:
    if value not in known:
        message = _("%(title)s“%(value)s”不存在，可用：%(known)s")
        values = {"title": title, "value": value[:20], "known": "、".join(known)}
        raise Refused(f"{field}_unknown", message % values, field=field)
