"""日报链接 links: the signed word in an address, and back to the row it stands for.

The signature covers the row's id under a salt of its own; the city's secret key makes it, so it is
written again whenever it is asked for and stored nowhere. Expiry and revocation stand in the row.
"""

from __future__ import annotations

from datetime import datetime

from django.core.signing import BadSignature, Signer

from changxiao.orgs.access import posts_of
from changxiao.orgs.models import ReportLink
from changxiao.orgs.rules import LEADING

_signer = Signer(salt="orgs.report-link", sep=".")


def word_of(link: ReportLink) -> str:
    """链接字: "12.…", for the address."""
    return _signer.sign(str(link.pk))


def link_for(word: str, at: datetime) -> ReportLink | None:
    """有效链接: of a word whose signature holds, neither expired nor revoked, whose person still
    works here in a leading post today; else None, whatever the reason."""
    try:
        number = _signer.unsign(word)
    except BadSignature:
        return None
    row = ReportLink.objects.select_related("staff").filter(pk=number).first()
    if row is None or not row.holds_at(at):
        return None
    held = {post.post for post in posts_of(row.staff, row.date)}
    return row if held & LEADING else None
