"""下载地址, all below /downloads/; each opens for its asker only."""

from django.urls import path

from changxiao.orgs import download_views as views

urlpatterns = [
    path("<int:pk>/", views.download, name="download"),
    path("<int:pk>/file", views.file, name="download_file"),
    path("list/<slug:name>.xlsx", views.take, name="export"),
]
