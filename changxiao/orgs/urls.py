"""登录与岗位: sign-in by allauth and the choice of a post, all below /accounts/."""

from django.urls import URLPattern, URLResolver, include, path

from changxiao.orgs.views import post

urlpatterns: list[URLPattern | URLResolver] = [
    path("post/", post.choose_post, name="orgs_choose_post"),
    path("", include("allauth.urls")),
]
