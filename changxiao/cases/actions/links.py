"""班组链接的动作: lend one step of one case to a squad without accounts, by a link that expires.

The token is 256 random bits, shown once; the row holds its SHA-256. Whoever issued it stays the
actor of what the squad does, and the squad's name stands beside as whom he acts for.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.cases.actions.base import admitted, record
from changxiao.cases.actions.handling import feed_back
from changxiao.cases.actions.photos import Shown
from changxiao.cases.evidence import NOTHING, Given
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import SquadLink
from changxiao.cases.written import plain
from changxiao.catalog import policy
from changxiao.kernel import statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger

TOKEN_BYTES = 32
STEP = "feed_back"


def digest_of(token: str) -> str:
    """令牌校验值: what is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def issue_link(case: Case, *, squad: str, act: Act) -> tuple[SquadLink, str]:
    """交班组办理: a link to this case's 反馈 for one squad, and its token, told this once only."""
    name = rules.need_text(squad, field="squad", name=_("班组名称"))
    if len(name) > 40:
        raise Refused("squad_long", _("班组名称最多 40 字，请精简"), field="squad")
    with admitted(case, "issue_link", act) as done:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        link = SquadLink(
            case=done.case,
            step=STEP,
            squad=name,
            digest=digest_of(token),
            issued_by=act.actor,
            post=act.post,
            issued_at=done.at,
            expires_at=done.at + timedelta(hours=policy.number("squad_link_hours")),
        )
        told = {"code": link.code, "squad": name, "step": STEP, "until": plain(link.expires_at)}
        link.case = record(done, body={"link": told})
        link.save(force_insert=True)
        return link, token


def revoke_link(case: Case, *, link: str, act: Act) -> SquadLink:
    """收回班组链接: by its code; it opens nothing from the next request on."""
    with writing():
        # The link first and then its case, as the squad's own feedback does: no deadlock.
        found = case.squad_links.filter(digest__startswith=link).first() if link else None
        row = statements.locked(SquadLink, found.pk) if found else None
        with admitted(case, "revoke_link", act) as done:
            if row is None or len(link) != len(row.code):
                raise Refused("link_unknown", _("本案没有这个班组链接，请刷新后再办"), field="link")
            check_live(row, done.at)
            row.revoked_at = done.at
            record(done, body={"link": {"code": row.code, "squad": row.squad}})
            row.save(update_fields=["revoked_at"])
            return row


def check_live(link: SquadLink, at: datetime) -> None:
    """链接有效: else Refused link_used, link_revoked or link_expired, each with what to do."""
    message = {
        "used": _("这个链接已用过一次，反馈已收到。还要补充请联系派活给您的单位。"),
        "revoked": _("这个链接已被收回，请联系派活给您的单位。"),
        "expired": _("这个链接已过有效期，请联系派活给您的单位重新发送。"),
    }.get(link.state(at))
    if message:
        raise Refused(f"link_{link.state(at)}", message)


def open_link(link: SquadLink, *, act: Act) -> SquadLink:
    """打开链接: counted and logged, on a stream of the link's own."""
    with writing():
        row = statements.locked(SquadLink, link.pk)
        check_live(row, act.moment())
        row.opened_count += 1
        body = {"case": row.case.number, "opened": row.opened_count}
        row.head = ledger.append(
            stream=row.stream, verb="open_link", act=act, head=row.head, body=body
        )
        row.save(update_fields=["opened_count", "head"])
        return row


def feed_back_by_link(
    link: SquadLink, *, act: Act, photos: Sequence[Shown] = (), given: Given = NOTHING
) -> Case:
    """班组反馈: the one step that the link lends, once; of two phones one is too late."""
    with writing():
        row = statements.locked(SquadLink, link.pk)
        try:
            check_live(row, act.moment())
        except Refused:
            ledger.recall(stream=row.case.stream, verb=row.step, act=act)
            raise
        case = feed_back(row.case, act=act, photos=photos, given=given)
        row.used_at = case.handled_at
        row.save(update_fields=["used_at"])
        return case
