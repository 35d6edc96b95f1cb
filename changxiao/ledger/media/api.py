"""照片接口: `PUT /api/v1/media/{sha256}`, content-addressed, so sending again is harmless."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.ledger.media import actions, formats

router = Router(tags=["media"])
_NAMES = {kind: name for name, kind in formats.EXTENSIONS.items()}


class PhotoOut(Schema):
    """照片: named by the hash of the original; what is shown is a cleaned rendition."""

    sha256: str
    bytes: int
    type: str
    width: int
    height: int


@router.put("/{sha256}", response=PhotoOut, summary="上传照片")
def upload(request: HttpRequest, sha256: str) -> Any:
    """上传照片: the body is the file itself, its Content-Type JPEG, PNG or WebP; then name its hash
    in a verb's `photos`. The same photo again answers the same."""
    declared = request.content_type or ""
    data = request.read(actions.MAX_BYTES + 1)
    actions.check_digest(data, sha256)
    viewer = scope.current().name
    key = str(uuid.uuid5(NAMESPACE, f"photo/{sha256}"))
    name = f"upload.{_NAMES.get(declared.partition(';')[0].strip().lower(), 'bin')}"
    return actions.store(data, declared_type=declared, name=name, act=Act(actor=viewer, key=key))
