"""照片接口: `PUT /api/v1/media/{sha256}`, content-addressed, so sending again is harmless."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from changxiao.kernel import scope
from changxiao.ledger.media import receiving
from changxiao.ledger.media.actions import CLIPS, PAPERS

router = Router(tags=["media"])


class PhotoOut(Schema):
    """照片: named by the hash of the original; what is shown is a cleaned rendition. A PDF has
    no width and height, and pages where it is sure of them; a clip has a length in milliseconds."""

    sha256: str
    bytes: int
    type: str
    width: int | None
    height: int | None
    pages: int | None
    duration_ms: int | None


@router.put("/{sha256}", response=PhotoOut, summary="上传照片")
def upload(request: HttpRequest, sha256: str) -> Any:
    """上传照片: the body is the file itself, its Content-Type JPEG, PNG, WebP, PDF, or a clip of at
    most 15 s (WebM, MP4, Ogg); then name its hash in a verb's `photos` (a PDF as `document`, a clip
    as `recording`). The same file again answers the same."""
    also = PAPERS | CLIPS
    return receiving.receive(request, sha256, actor=scope.current().name, also=also)
