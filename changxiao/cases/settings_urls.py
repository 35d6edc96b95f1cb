"""办案设置地址, below /settings/cases/."""

from django.urls import path

from changxiao.cases.finds import settings as finds
from changxiao.cases.views import settings, suggesting, suggesting_version, touched

urlpatterns = [
    path("cameras/", finds.cameras, name="case_cameras"),
    path("cameras/new/", finds.camera_edit, name="case_camera_new"),
    path("cameras/<str:key>/", finds.camera_edit, name="case_camera"),
    path("cameras/<str:key>/drop/", finds.camera_drop, name="case_camera_drop"),
    path("cameras/<str:key>/trust/<slug:verb>/", finds.camera_trust, name="case_camera_trust"),
    path("confirm/", settings.confirm_rules, name="case_confirm_rules"),
    path("confirm/pick/", settings.confirm_pick, name="case_confirm_pick"),
    path("confirm/<slug:channel>/", settings.confirm_edit, name="case_confirm_rule"),
    path("history/<slug:kind>/<path:key>/", settings.history, name="case_settings_history"),
    path("steps/", settings.steps, name="case_steps"),
    path("steps/<slug:verb>/", settings.step_edit, name="case_step"),
    path("suggestions/", suggesting.suggestions, name="case_suggestions"),
    path("suggestions/train/", suggesting.train, name="case_train"),
    path("suggestions/training/", suggesting.training, name="case_training"),
    path("suggestions/<int:version>/", suggesting_version.version, name="case_suggestion"),
    path("touched/", touched.touched, name="cases_touched"),
    path("touched/watch/", touched.watch_touched, name="cases_watch_touched"),
    path("undo/<slug:kind>/<path:key>/", settings.undo, name="case_settings_undo"),
]
