"""研判地址, below /evaluation/: pages over the facts, beside the rankings."""

from django.urls import path

from changxiao.evaluation.later import later

urlpatterns = [
    path("analysis/", later("analysis.page"), name="analysis"),
    path("analysis/pivot.csv", later("analysis.download"), {"kind": "csv"}, "analysis_csv"),
    path(
        "analysis/pivot.parquet",
        later("analysis.download"),
        {"kind": "parquet"},
        "analysis_parquet",
    ),
    path("analysis/cases/", later("analysis.cases"), name="analysis_cases"),
    path("analysis/cases.csv", later("analysis.cases_csv"), name="analysis_cases_csv"),
    path("analysis/hotspots/", later("analysis.hotspots"), name="hotspots"),
    path("analysis/hotspots.geojson", later("analysis.cells"), name="hotspot_cells"),
    path("analysis/forecast/", later("analysis.forecast"), name="forecast"),
    path("analysis/forecast.csv", later("analysis.forecast_csv"), name="forecast_csv"),
    path("lasting/", later("lasting.table"), name="lasting"),
    path("lasting/table.csv", later("lasting.download"), name="lasting_csv"),
    path("lasting/one/", later("lasting.one"), name="lasting_one"),
    path("lasting/one.csv", later("lasting.days"), name="lasting_days"),
]
