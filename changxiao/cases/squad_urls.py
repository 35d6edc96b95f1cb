"""班组链接地址, all below /s/: whoever has the token, and nobody else."""

from django.urls import path, register_converter

from changxiao.cases.views import squad


class Token:
    """令牌: 256 bits in the alphabet of URLs."""

    regex = "[A-Za-z0-9_-]{43}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Token, "token")

urlpatterns = [
    path("<token:token>/", squad.page, name="squad"),
    path("<token:token>/photo/<sha256:sha256>", squad.upload, name="squad_upload"),
    path("<token:token>/photo/<sha256:sha256>.jpg", squad.photo, name="squad_photo"),
]
