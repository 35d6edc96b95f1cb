"""公开与撤下: a person releases one case, in words that hold nobody's name, or takes it back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.cases.actions.base import admitted, record
from changxiao.cases.models import Case
from changxiao.cases.models_public import Publication
from changxiao.catalog import publicity
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger


def publish(case: Case, *, act: Act, text: str = "", address: str = "") -> Case:
    """公开: the public may read this case, in these words; again with others, to correct them.

    Raises Refused: kind_private (the city's rule), text_personal, text_long, nothing_changed.
    """
    text, address = _public(text, "text"), _public(address[:200], "address")
    with admitted(case, "publish", act) as done:
        row = done.case
        if publicity.of(row.subcategory_id).view == publicity.View.NONE:
            message = _("“%(kind)s”按公开规则不公开；确要公开请先改公开规则")
            raise Refused("kind_private", message % {"kind": row.subcategory.name})
        held = Publication.objects.filter(case=row).first()
        if held is not None and (held.text, held.address) == (text, address):
            raise Refused("nothing_changed", _("本案卷已按这样的文字公开"))
        # A word too many may have to be forgotten: the log keeps a commitment to it only.
        sealed = {"public": ledger.seal(f"{address}\n{text}")} if text or address else {}
        row = record(done, body={"sealed": sealed} if sealed else None)
        Publication.objects.update_or_create(
            case=row,
            defaults={
                "text": text,
                "address": address,
                "published_by": act.actor,
                "published_at": done.at,
                "reported_at": row.reported_at,
            },
        )
        return row


def withdraw(case: Case, *, act: Act) -> Case:
    """撤下: the public reads it no longer, from the next request on."""
    with admitted(case, "withdraw", act) as done:
        deleted, _rows = Publication.objects.filter(case=done.case).delete()
        if not deleted:
            raise Refused("not_published", _("本案卷没有公开，不必撤下"))
        return record(done)


def _public(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > rules.MOST_DESCRIPTION:
        rules.need_text(text, field=field, name=_("公开文字"))
    if rules.redacted(text) != text:
        message = _("公开文字里还有电话或证件号码，请删去后再公开")
        raise Refused("text_personal", message, field=field)
    return text
