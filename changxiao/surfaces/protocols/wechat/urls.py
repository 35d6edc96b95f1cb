"""微信回调地址, below /wechat/."""

from django.urls import path

from changxiao.surfaces.protocols.wechat import views

urlpatterns = [path("<str:name>", views.callback, name="wechat")]
