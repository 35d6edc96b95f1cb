"""接收照片 receiving: one photo, PDF or clip as the body of a request, named by its hash: sending
it again, after a line that broke, is harmless and answers the same."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from changxiao.kernel.act import NAMESPACE, Act
from changxiao.ledger.media import actions, formats, recording
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.pdf import PDF

_NAMES = {kind: name for name, kind in formats.EXTENSIONS.items()} | {PDF: "pdf"}
_NAMES |= recording.EXTENSIONS


def receive(
    request: HttpRequest,
    sha256: str,
    *,
    actor: str,
    on_behalf: str = "",
    also: frozenset[str] = actions.PAPERS,
) -> Photo:
    """收一件: the body against its hash, then stored. Raises Refused as `actions.store` does.

    A document too: which role it gets in a case is said, and judged, when a verb names it.
    """
    declared = request.content_type or ""
    data = request.read(actions.MAX_BYTES + 1)
    actions.check_digest(data, sha256)
    key = str(uuid.uuid5(NAMESPACE, f"photo/{sha256}"))
    name = f"upload.{_NAMES.get(declared.partition(';')[0].strip().lower(), 'bin')}"
    act = Act(actor=actor, on_behalf=on_behalf, key=key)
    return actions.store(data, declared_type=declared, name=name, act=act, also=also)
