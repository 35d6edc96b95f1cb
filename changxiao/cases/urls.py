"""案卷地址, all below /cases/."""

from django.urls import include, path, register_converter

from changxiao.cases.dossier import views as dossier
from changxiao.cases.handover import views as handover
from changxiao.cases.views import (
    act,
    callbacks,
    calling,
    case,
    chain,
    guided,
    hints,
    live,
    many,
    mine,
    queue,
    rechecks,
    report,
    squad,
    tasks,
)


class Number:
    """受理号: digits only, so that the pages beside it keep their names."""

    regex = "[0-9]{8,16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Number, "number")

urlpatterns = [
    path("", queue.queue, name="cases"),
    path("counts", queue.counts, name="cases_counts"),
    path("filters", queue.filter_fields, name="cases_filters"),
    path("export.xlsx", queue.export_xlsx, name="cases_export"),
    path("saved/", include("changxiao.cases.saved.urls")),
    path("finds/", include("changxiao.cases.finds.urls")),
    path("handover/", handover.handover, name="handover"),
    path("handover/hand", handover.hand, name="handover_hand"),
    path("handover/<int:pk>/", handover.signed, name="handover_signed"),
    path("handover/<int:pk>/take", handover.take, name="handover_take"),
    path("live/ticket", live.ticket, name="live_ticket"),
    path("", include("changxiao.cases.showing.urls")),
    path("report/", report.report, name="case_report"),
    path("report/caller", calling.caller, name="case_caller"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("report/places", report.places, name="case_places"),
    path("report/subjects", report.subjects_found, name="case_subjects"),
    path("report/here", report.here, name="case_here"),
    path("report/questions", report.questions, name="case_questions"),
    path("report/criteria", report.criteria, name="case_criteria"),
    path("many/", many.take, name="cases_many"),
    path("component/<slug:code>", case.of_component, name="component_cases"),
    path("<number:number>/", case.case_page, name="case"),
    path("<number:number>/dossier.pdf", dossier.dossier, name="case_dossier"),
    path("<number:number>/proof.svg", dossier.proof, name="case_proof"),
    path("<number:number>/reported/", report.reported, name="case_reported"),
    path("<number:number>/hints/", hints.hints_of, name="case_hints"),
    path("<number:number>/pane/", case.pane, name="case_pane"),
    path("<number:number>/row/", case.row, name="case_row"),
    path("<number:number>/print/", case.print_page, name="case_print"),
    path("mine/", mine.mine, name="mine"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("rechecks/", rechecks.rechecks, name="rechecks"),
    path("<number:number>/feedback/", guided.feedback, name="case_feedback"),
    path("<number:number>/squad/", squad.links, name="case_squad"),
    path("<number:number>/do/<slug:verb>/", act.do, name="case_do"),
    path("<number:number>/steps/<slug:name>/", chain.take, name="case_chain"),
]
