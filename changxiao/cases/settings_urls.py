"""办案设置地址, below /settings/cases/."""

from django.urls import path

from changxiao.cases.views import settings, touched

urlpatterns = [
    path("confirm/", settings.confirm_rules, name="case_confirm_rules"),
    path("confirm/pick/", settings.confirm_pick, name="case_confirm_pick"),
    path("confirm/<slug:channel>/", settings.confirm_edit, name="case_confirm_rule"),
    path("history/<slug:kind>/<path:key>/", settings.history, name="case_settings_history"),
    path("steps/", settings.steps, name="case_steps"),
    path("steps/<slug:verb>/", settings.step_edit, name="case_step"),
    path("touched/", touched.touched, name="cases_touched"),
    path("undo/<slug:kind>/<path:key>/", settings.undo, name="case_settings_undo"),
]
