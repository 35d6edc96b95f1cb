"""照片接口: `PUT /api/v1/media/{sha256}`, content-addressed, so sending again is harmless."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from changxiao.kernel import scope
from changxiao.ledger.media import receiving

router = Router(tags=["media"])


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
    return receiving.receive(request, sha256, actor=scope.current().name)
