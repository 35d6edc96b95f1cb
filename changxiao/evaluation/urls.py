"""评价地址, all below /evaluation/."""

from django.urls import path

from changxiao.evaluation.later import later
from changxiao.evaluation.views import cells, observations, rankings, rewards, schemes, scores

urlpatterns = [
    path("", rankings.evaluations, name="evaluations"),
    path("schemes/", schemes.schemes, name="evaluation_schemes"),
    path("schemes/<slug:key>/", schemes.scheme, name="evaluation_scheme"),
    path("gaps/", later("views.gaps.gaps"), name="gaps"),
    path("gaps/<slug:number>/", later("views.gaps.gap"), name="gap"),
    path("observations/", observations.observations, name="observations"),
    path("observations/import/", observations.import_sheet, name="observations_import"),
    path("observations/template.xlsx", observations.template, name="observations_template"),
    path("observations/<int:pk>/", observations.observation, name="observation"),
    path("scores/", scores.scores, name="scores"),
    path("scores/sheet/<slug:number>/", scores.score_sheet, name="score_sheet"),
    path("scores/<slug:key>/<slug:period>/", scores.scores_of, name="scores_of"),
    path("scores/<slug:key>/<slug:period>/template.xlsx", scores.template, name="scores_template"),
    path("<slug:number>/", rankings.evaluation, name="evaluation"),
    path("<slug:number>/bundle.zip", rankings.download, {"what": "bundle"}, "evaluation_bundle"),
    path("<slug:number>/ranking.csv", rankings.download, {"what": "ranking"}, "evaluation_ranking"),
    path("<slug:number>/cells.csv", rankings.download, {"what": "cells"}, "evaluation_cells"),
    path("<slug:number>/result.json", rankings.download, {"what": "result"}, "evaluation_result"),
    path("<slug:number>/scores.xlsx", scores.counted, name="evaluation_scores"),
    path("<slug:number>/corrections.json", rankings.corrections, name="evaluation_corrections"),
    path("<slug:number>/gaps/", later("views.gaps.gaps_of"), name="gaps_of"),
    path("<slug:number>/bulletin/", later("views.bulletins.page"), name="bulletin"),
    path(
        "<slug:number>/bulletin.docx",
        later("views.bulletins.paper"),
        {"kind": "docx"},
        "bulletin_docx",
    ),
    path(
        "<slug:number>/bulletin.pdf",
        later("views.bulletins.paper"),
        {"kind": "pdf"},
        "bulletin_pdf",
    ),
    path(
        "<slug:number>/bulletin.xlsx",
        later("views.bulletins.paper"),
        {"kind": "xlsx"},
        "bulletin_xlsx",
    ),
    path("<slug:number>/deductions/", later("views.bulletins.deductions"), name="deductions"),
    path(
        "<slug:number>/deductions.docx",
        later("views.bulletins.deductions_paper"),
        {"kind": "docx"},
        "deductions_docx",
    ),
    path(
        "<slug:number>/deductions.pdf",
        later("views.bulletins.deductions_paper"),
        {"kind": "pdf"},
        "deductions_pdf",
    ),
    path("<slug:number>/highlights/", later("views.highlights.page"), name="highlights"),
    path("<slug:number>/objections/<int:n>/", cells.objection, name="evaluation_objection"),
    path("<slug:number>/honors/<str:honor>/<str:group>/", rewards.honor, name="honor"),
    path(
        "<slug:number>/<slug:indicator>/<str:group>/",
        cells.cell,
        name="evaluation_cell",
    ),
]
