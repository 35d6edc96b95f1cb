"""重发: a message that was given up is tried again from the beginning."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.notices.editing import editing, record
from changxiao.notices.models import Delivery

State = Delivery.State


def resend_notice(row: Delivery, *, act: Act) -> Delivery:
    """重发消息. Refused `delivery_not_failed` for one that waits or was taken."""
    with editing(act) as at:
        row = Delivery.objects.select_for_update().get(pk=row.pk)
        if row.state != State.FAILED:
            raise Refused("delivery_not_failed", _("只有未送达的可以重发"))
        row.state, row.send_at, row.tries, row.ended_at = State.WAITING, at, 0, None
        row.save(update_fields=["state", "send_at", "tries", "ended_at"])
        stream = f"delivery:{row.pk}"
        record(stream, "resend_notice", act, at, {"channel": row.channel})
    return row
