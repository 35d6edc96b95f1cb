"""疑点地址, all below /flags/."""

from django.urls import path

from changxiao.cases.views import flags

urlpatterns = [
    path("", flags.flags, name="flags"),
    path("export.xlsx", flags.export_xlsx, name="flags_export"),
    path("<int:pk>/", flags.flag, name="flag"),
]
