"""机构与人员的地址: units and people, mounted at the root; sign-in stands in `urls`."""

from django.urls import URLPattern, URLResolver, path

from changxiao.orgs.views import appointments, history, people, roster, sections, unit_edits, units
from changxiao.orgs.views import importing as imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("units/", units.units, name="units"),
    path("units/new/", unit_edits.create, name="unit_create"),
    path("units/<str:code>/", units.unit, name="unit"),
    path("units/<str:code>/edit/", unit_edits.edit, name="unit_edit"),
    path("units/<str:code>/merge/", unit_edits.merge, name="unit_merge"),
    path("units/<str:code>/end/", unit_edits.end, name="unit_end"),
    path("units/<str:code>/line/", unit_edits.line, name="unit_line"),
    path("units/<str:code>/roster/", roster.roster, name="unit_roster"),
    path("units/<str:code>/roster/read/", roster.roster_read, name="unit_roster_read"),
    path("units/<str:code>/roster/xlsx/", roster.roster_xlsx, name="unit_roster_xlsx"),
    path("units/<str:code>/section/", sections.sign, name="section_sign"),
    path("sections/<path:key>/edit/", sections.edit, name="section_edit"),
    path("sections/<path:key>/end/", sections.end, name="section_end"),
    path("roles/<path:key>/end", unit_edits.role_end, name="unit_role_end"),
    path("roles/<path:key>", unit_edits.role, name="unit_role"),
    path("people/", people.people, name="people"),
    path("people/new/", people.hire, name="hire"),
    path("people/import/", imports.people_import, name="people_import"),
    path("people/import/template/", imports.template, name="people_template"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/edit/", people.edit, name="person_edit"),
    path("people/<str:username>/appoint/", appointments.appoint, name="person_appoint"),
    path("people/<str:username>/dismiss/<int:pk>/", appointments.dismiss, name="person_dismiss"),
    path("people/<str:username>/password/", people.password, name="person_password"),
    path("people/<str:username>/<slug:verb>/", people.simple, name="person_simple"),
    path("settings/orgs/history/<slug:kind>/<path:key>/", history.history, name="orgs_history"),
    path("settings/orgs/undo/<slug:kind>/<path:key>/", history.undo, name="orgs_undo"),
]
