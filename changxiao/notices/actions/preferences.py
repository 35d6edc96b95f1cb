"""设定本人通知: each person for himself, for whatever post he holds."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.quiet import NEVER, read_quiet
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.notices.models import NoticePreference
from changxiao.notices.preferring import NONE
from changxiao.notices.timing import Digest
from changxiao.orgs.models import Staff


def set_notice_preference(
    staff: Staff, *, muted: Collection[str], quiet: str, digest: str, act: Act
) -> NoticePreference:
    """设定本人通知: which channels are off for which kind, quiet hours, how gathered.

    Refused `not_yours`, `quiet_unreadable`, `digest_unknown`.
    """
    if act.actor != staff.username:
        raise Refused("not_yours", _("只能设定本人的通知"), field="staff")
    if digest not in Digest.values:
        message = _("汇总方式“%(value)s”不存在") % {"value": digest[:20]}
        raise Refused("digest_unknown", message, field="digest")
    hours = "" if quiet == "" else NONE if quiet == NONE else str(read_quiet(quiet))
    if hours == str(NEVER):
        hours = NONE
    with writing():
        row = NoticePreference.objects.select_for_update().filter(staff=staff).first()
        was = body_of(row) if row else None
        row = row or NoticePreference(staff=staff)
        row.muted, row.quiet, row.digest = sorted(set(muted)), hours, digest
        if was == body_of(row):
            return row
        row.save()
        ledger.append(
            stream=row.stream,
            verb="set_notice_preference",
            act=act,
            at=act.moment(),
            body={**body_of(row), "was": was},
        )
    return row


def body_of(row: NoticePreference) -> dict[str, Any]:
    """偏好内容, as an entry holds it."""
    return {"muted": list(row.muted), "quiet": row.quiet, "digest": row.digest}
