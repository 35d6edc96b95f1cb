"""研判地址, below /evaluation/: pages over the facts, beside the rankings."""

from django.urls import path

from changxiao.evaluation.later import later

urlpatterns = [
    path("analysis/", later("analysis.views.page"), name="analysis"),
    path("analysis/pivot.csv", later("analysis.views.download"), {"kind": "csv"}, "analysis_csv"),
    path(
        "analysis/pivot.parquet",
        later("analysis.views.download"),
        {"kind": "parquet"},
        "analysis_parquet",
    ),
    path("analysis/cases/", later("analysis.views.cases"), name="analysis_cases"),
    path("analysis/cases.csv", later("analysis.views.cases_csv"), name="analysis_cases_csv"),
    path("analysis/hotspots/", later("analysis.views.hotspots"), name="hotspots"),
    path("analysis/hotspots.geojson", later("analysis.views.cells"), name="hotspot_cells"),
    path("analysis/forecast/", later("analysis.views.forecast"), name="forecast"),
    path("analysis/forecast.csv", later("analysis.views.forecast_csv"), name="forecast_csv"),
    path("lasting/", later("analysis.views_lasting.table"), name="lasting"),
    path("lasting/table.csv", later("analysis.views_lasting.download"), name="lasting_csv"),
    path("lasting/one/", later("analysis.views_lasting.one"), name="lasting_one"),
    path("lasting/one.csv", later("analysis.views_lasting.days"), name="lasting_days"),
]
