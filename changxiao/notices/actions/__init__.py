"""消息的动作: the only writers of rules, wishes, robots and webhooks; each edit is an entry."""

from changxiao.notices.actions.consents import agree_notice, agree_wechat, withdraw_notice
from changxiao.notices.actions.hooks import (
    drop_webhook,
    pause_webhook,
    renew_webhook_secret,
    replay_webhook,
    resume_webhook,
    set_webhook,
)
from changxiao.notices.actions.preferences import set_notice_preference
from changxiao.notices.actions.pushing import subscribe_push, unsubscribe_push
from changxiao.notices.actions.resending import resend_notice
from changxiao.notices.actions.robots import drop_robot, set_robot
from changxiao.notices.actions.rules import RuleDraft, drop_notice_rule, set_notice_rule

__all__ = [
    "RuleDraft",
    "agree_notice",
    "agree_wechat",
    "drop_notice_rule",
    "drop_robot",
    "drop_webhook",
    "pause_webhook",
    "renew_webhook_secret",
    "replay_webhook",
    "resend_notice",
    "resume_webhook",
    "set_notice_preference",
    "set_notice_rule",
    "set_robot",
    "set_webhook",
    "subscribe_push",
    "unsubscribe_push",
    "withdraw_notice",
]
