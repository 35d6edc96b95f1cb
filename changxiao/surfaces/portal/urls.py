"""市民端地址, all below /p/: for everybody, without signing in."""

from django.urls import path, register_converter

from changxiao.surfaces.portal.views import (
    following,
    helping,
    near,
    pictures,
    reporting,
    telling,
)


class Code:
    """查询码 in an address, with or without its groups; the check is the view's."""

    regex = "[0-9A-Za-z-]{16,19}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "code")

urlpatterns = [
    path("", reporting.report, name="portal"),
    path("r/<code:code>/", following.receipt, name="portal_receipt"),
    path("r/<code:code>/tell", telling.tell, name="portal_tell"),
    path("r/<code:code>/receipt.json", following.receipt_file, name="portal_receipt_file"),
    path("c/", following.look_up, name="portal_look_up"),
    path("c/<code:code>/", following.follow, name="portal_follow"),
    path("c/<code:code>/photo/<sha256:sha256>.jpg", following.photo, name="portal_photo"),
    path("near/", near.near, name="portal_near"),
    path("photo/<sha256:sha256>.jpg", pictures.picture, name="public_photo"),
    path("near/points", near.points, name="portal_points"),
    path("like", helping.like, name="portal_like"),
    path("kinds", helping.kinds_named, name="portal_kinds"),
    path("place", helping.place, name="portal_place"),
    path("work", helping.work_asked, name="portal_work"),
]
