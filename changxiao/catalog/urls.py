"""目录设置地址, below /settings/catalog/."""

from django.urls import path

from changxiao.catalog.views import (
    criteria,
    history,
    policies,
    responsibilities,
    sheets,
    subjects,
    times,
    trials,
)

urlpatterns = [
    path("categories/new/", subjects.category_edit, name="catalog_category_new"),
    path("categories/<slug:key>/", subjects.category_edit, name="catalog_category_edit"),
    path("criteria/", criteria.criteria, name="catalog_criteria"),
    path("criteria/new/", criteria.criterion_new, name="catalog_criterion_new"),
    path("criteria/<str:code>/", criteria.criterion_edit, name="catalog_criterion"),
    path("criteria/<str:code>/end/", criteria.criterion_retire, name="catalog_criterion_retire"),
    path("gaps/", trials.gap_page, name="catalog_gaps"),
    path("grades/", times.grades, name="catalog_grades"),
    path("grades/new/", times.grade_edit, name="catalog_grade_new"),
    path("grades/<str:key>/", times.grade_edit, name="catalog_grade"),
    path("grades/<str:key>/end/", times.grade_end, name="catalog_grade_end"),
    path("history/<slug:kind>/<path:key>/", history.history, name="catalog_history"),
    path("policies/", policies.policies, name="catalog_policies"),
    path("policies/<slug:key>/", policies.policy_edit, name="catalog_policy"),
    path("responsibilities/", responsibilities.responsibilities, name="catalog_responsibilities"),
    path(
        "responsibilities/new/",
        responsibilities.responsibility_new,
        name="catalog_responsibility_new",
    ),
    path(
        "responsibilities/<int:pk>/",
        responsibilities.responsibility_edit,
        name="catalog_responsibility",
    ),
    path(
        "responsibilities/<int:pk>/end/",
        responsibilities.responsibility_end,
        name="catalog_responsibility_end",
    ),
    path("sheets/<slug:kind>/", sheets.upload, name="catalog_sheets"),
    path("sheets/<slug:kind>/export.xlsx", sheets.export, name="catalog_sheet_export"),
    path("sheet/<uuid:pk>/", sheets.sheet, name="catalog_sheet"),
    path("sheet/<uuid:pk>/drop/", sheets.sheet_drop, name="catalog_sheet_drop"),
    path("sheet/<uuid:pk>/marked.xlsx", sheets.sheet_marked, name="catalog_sheet_marked"),
    path("sheet/<uuid:pk>/progress/", sheets.sheet_progress, name="catalog_sheet_progress"),
    path("stages/", times.stages, name="catalog_stages"),
    path("stages/<str:key>/", times.stage_edit, name="catalog_stage"),
    path("subjects/", subjects.subjects, name="catalog_subjects"),
    path("subjects/new/", subjects.subcategory_edit, name="catalog_subcategory_new"),
    path("subjects/<slug:key>/", subjects.subcategory_edit, name="catalog_subcategory"),
    path(
        "subjects/<slug:key>/switch/",
        subjects.subcategory_switch,
        name="catalog_subcategory_switch",
    ),
    path("trial/", trials.trial, name="catalog_trial"),
    path("undo/<slug:kind>/<path:key>/", history.undo, name="catalog_undo"),
]
