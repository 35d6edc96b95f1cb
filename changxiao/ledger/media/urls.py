"""照片地址: /media/<hash of the rendition>.jpg, with ?size=thumb for the small one; a paper
and a clip, which have no rendition, under their own hash."""

from django.urls import path, register_converter

from changxiao.ledger.media import views
from changxiao.ledger.media.workbook import XLSX


class Sha256:
    """校验值: 64 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")

urlpatterns = [
    path("<sha256:sha256>.jpg", views.photo, name="photo"),
    path("<sha256:sha256>.pdf", views.document, name="document"),
    path("<sha256:sha256>.xlsx", views.document, {"kind": XLSX}, name="workbook"),
    path("<sha256:sha256>.clip", views.clip, name="recording"),
    path("<sha256:sha256>", views.upload, name="photo_upload"),
]
