"""A sub-category that asks besides: one choice that must be answered, a number, a moment, marks."""

from changxiao.catalog.actions import drop_question, set_question
from changxiao.catalog.actions.questions import QuestionDraft
from changxiao.catalog.models import FilingCriterion, Question
from changxiao.kernel.act import Act

KINDS = (
    ("open", "井盖是否缺失", "singlevaluelist", True, [["yes", "是"], ["no", "否"]]),
    ("count", "几处", "number", False, []),
    ("seen", "何时看到", "datetime", False, []),
    ("marks", "有哪些警示", "multivaluelist", False, [["cone", "锥桶"], ["tape", "警戒带"]]),
)


def ask():
    """Four questions of the walk's one sub-category."""
    kind = FilingCriterion.objects.get().subcategory
    for order, (code, label, datatype, required, choices) in enumerate(KINDS):
        told = {"label": label, "datatype": datatype, "required": required, "order": order}
        set_question(kind, code, QuestionDraft(**told, choices=choices), act=Act.system("test"))


def ask_no_longer():
    """The city takes its questions back."""
    for row in Question.objects.all():
        drop_question(row, act=Act.system("test"))


def answered(case):
    """In words, by code."""
    return {row.code: row.words for row in case.details.all()}
