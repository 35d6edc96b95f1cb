"""设置的动作底座: who may, one transaction, one entry; the stamp tells every process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog import stamp
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import check_unmoved

TITLES: Mapping[str, str | Promise] = {
    "set_notice_rule": gettext_lazy("设定通知规则"),
    "drop_notice_rule": gettext_lazy("恢复默认通知规则"),
    "set_notice_preference": gettext_lazy("设定本人通知"),
    "set_webhook": gettext_lazy("设定出站推送"),
    "drop_webhook": gettext_lazy("删除出站推送"),
    "pause_webhook": gettext_lazy("暂停出站推送"),
    "resume_webhook": gettext_lazy("恢复出站推送"),
    "renew_webhook_secret": gettext_lazy("换出站推送密钥"),
    "replay_webhook": gettext_lazy("重推"),
    "set_robot": gettext_lazy("设定群机器人"),
    "drop_robot": gettext_lazy("删除群机器人"),
    "resend_notice": gettext_lazy("重发消息"),
}


@contextmanager
def editing(act: Act) -> Iterator[datetime]:
    """修改中: the legal moment; Refused `not_yours` for a post that may not."""
    if act.post not in EDITORS and not act.actor.startswith("system:"):
        names = "、".join(str(post.label) for post in sorted(EDITORS))
        raise Refused("not_yours", _("通知设置须由%(posts)s办理") % {"posts": names})
    with writing():
        stamp.hold()
        yield act.moment()


def record(stream: str, verb: str, act: Act, at: datetime, body: Mapping[str, Any]) -> None:
    """记录 the edit, and let every process read the rules anew."""
    check_unmoved(stream, act, who)
    ledger.append(stream=stream, verb=verb, act=act, at=at, body=body)
    stamp.bump()
