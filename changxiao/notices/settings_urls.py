"""通知设置地址, below /settings/notices/."""

from django.urls import path

from changxiao.notices.views import history, hooks, robots, rules

urlpatterns = [
    path("", rules.rules, name="notice_rules"),
    path("history/<slug:kind>/<path:key>/", history.history, name="notice_history"),
    path("hooks/", hooks.hooks, name="notice_hooks"),
    path("hooks/new/", hooks.edit, name="notice_hook_new"),
    path("hooks/<slug:code>/", hooks.one, name="notice_hook"),
    path("hooks/<slug:code>/drop/", hooks.drop, name="notice_hook_drop"),
    path("hooks/<slug:code>/edit/", hooks.edit, name="notice_hook_edit"),
    path("hooks/<slug:code>/renew", hooks.renew, name="notice_hook_renew"),
    path("hooks/<slug:code>/replay", hooks.replay, name="notice_hook_replay"),
    path("hooks/<slug:code>/switch", hooks.switch, name="notice_hook_switch"),
    path("hooks/<slug:code>/test", hooks.test, name="notice_hook_test"),
    path("new/", rules.edit, name="notice_rule_new"),
    path("robots/", robots.robots, name="notice_robots"),
    path("robots/new/", robots.edit, name="notice_robot_new"),
    path("robots/<slug:name>/", robots.edit, name="notice_robot"),
    path("robots/<slug:name>/drop/", robots.drop, name="notice_robot_drop"),
    path("rule/<str:key>/", rules.edit, name="notice_rule"),
    path("rule/<str:key>/drop/", rules.drop, name="notice_rule_drop"),
    path("undo/<slug:kind>/<path:key>/", history.undo, name="notice_undo"),
]
