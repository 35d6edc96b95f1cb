"""What is mounted where, one line a room."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from changxiao.surfaces.desk.health import readyz
from changxiao.ui import views as ui

urlpatterns: list[URLPattern | URLResolver] = [
    # First, what programs ask by the hundred a second.
    path("api/", include("changxiao.surfaces.protocols.urls")),
    path("open311/", include("changxiao.surfaces.protocols.open311.urls")),
    path("accounts/", include("changxiao.orgs.urls")),
    path("cases/work-orders/", include("changxiao.workorders.urls")),
    path("cases/", include("changxiao.cases.urls")),
    path("cloudevents/", include("changxiao.surfaces.protocols.cloudevents.urls")),
    path("components/", include("changxiao.assets.urls")),
    path("downloads/", include("changxiao.orgs.download_urls")),
    path("evaluation/", include("changxiao.evaluation.analysis.urls")),
    path("field/", include("changxiao.surfaces.field.urls")),
    path("flags/", include("changxiao.cases.flag_urls")),
    path("healthz", ui.healthz, name="healthz"),
    path("map/", include("changxiao.cases.urls_map")),
    path("media/", include("changxiao.ledger.media.urls")),
    path("notices/", include("changxiao.notices.urls")),
    path("p/", include("changxiao.surfaces.portal.urls")),
    path("patrols/", include("changxiao.patrols.urls")),
    path("evaluation/", include("changxiao.evaluation.urls")),
    path("places/", include("changxiao.areas.urls")),
    path("preferences/language", login_not_required(set_language), name="set_language"),
    path("preferences/theme", ui.set_theme, name="set_theme"),
    path("s/", include("changxiao.cases.squad_urls")),
    path("wechat/", include("changxiao.surfaces.protocols.wechat.urls")),
    path("readyz", readyz, name="readyz"),
    path("settings/cases/", include("changxiao.cases.settings_urls")),
    path("settings/work-orders/", include("changxiao.workorders.settings_urls")),
    path("settings/catalog/", include("changxiao.catalog.urls")),
    path("settings/notices/", include("changxiao.notices.settings_urls")),
    # Last, for each of their addresses is tried on whatever nothing above has taken.
    path("", include("changxiao.surfaces.desk.urls")),
    path("", include("changxiao.surfaces.leader.urls")),
    path("", include("changxiao.orgs.pages")),
]

if settings.DEBUG:
    urlpatterns.append(path("dev/", include("changxiao.surfaces.dev.urls")))

handler400 = "changxiao.ui.errors.bad_request"
handler403 = "changxiao.ui.errors.forbidden"
handler404 = "changxiao.ui.errors.not_found"
handler500 = "changxiao.ui.errors.broken"
