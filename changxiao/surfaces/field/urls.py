"""外业地址: the phone's pages and what they sync with."""

from django.urls import path

from changxiao.surfaces.field import ground, pages, sync, walking

urlpatterns = [
    path("", pages.shell, name="field"),
    path("worker.js", pages.worker, name="field_worker"),
    path("manifest.webmanifest", pages.manifest, name="field_manifest"),
    path("sync/hello", sync.hello, name="field_hello"),
    path("sync/today", pages.today, name="field_today"),
    path("sync/ground", ground.ground, name="field_ground"),
    path("sync/reports", sync.reports, name="field_reports"),
    path("sync/patrols/start", walking.start, name="field_walk_start"),
    path("sync/patrols/finish", walking.finish, name="field_walk_finish"),
    path("sync/media/<slug:sha256>", sync.media, name="field_media"),
    path("sync/cases/<slug:number>/<slug:verb>", sync.step, name="field_step"),
]
