"""What a sub-category asks besides 附加问题, by the API; and keys from before that was asked."""

import pytest

from changxiao.cases import reporting
from changxiao.cases.models import Case
from changxiao.catalog import questions
from changxiao.catalog.models import Question
from changxiao.kernel.api import keyed_digest
from changxiao.ledger.models import Entry
from changxiao.surfaces.protocols.tests.test_cases_api import CASES, ask, body, people

__all__ = ["ask", "body", "people"]


@pytest.fixture(autouse=True)
def _asked_anew():
    questions.table.clear()
    yield
    questions.table.clear()


@pytest.fixture
def asked(damaged):
    """One question that must be answered, and one that may."""
    choices = [["yes", "是"], ["no", "否"]]
    kinds = {"open": ("singlevaluelist", True), "marks": ("multivaluelist", False)}
    for code, (datatype, must) in kinds.items():
        row = {"code": code, "label": f"问{code}", "datatype": datatype, "choices": choices}
        Question.objects.create(subcategory=damaged.subcategory, required=must, **row)
    questions.table.clear()


def test_answers_are_taken_and_what_must_be_told_is_refused(asked, ask, body):
    missing = ask("wang", "POST", CASES, body)
    assert missing.status_code == 422 and missing.json()["code"] == "answer_missing"
    assert "请回答" in missing.json()["detail"]
    unknown = ask("wang", "POST", CASES, body | {"answers": {"open": "yes", "colour": "red"}})
    assert unknown.json()["code"] == "answer_unknown"
    assert not Case.everything.exists() and not Entry.objects.filter(verb="report").exists()

    given = {"open": "yes", "marks": ["no"]}
    assert ask("wang", "POST", CASES, body | {"answers": given}).status_code == 201
    kept = {row.code: row.values for row in Case.everything.get().details.all()}
    assert kept == {"open": ["yes"], "marks": ["no"]}


def test_a_key_of_before_still_answers_as_the_replay_it_is(ask, body):
    """The digest of a release that knew none of `LATER` was over the body without those fields."""
    key = {"Idempotency-Key": "key-from-long-ago"}
    assert ask("wang", "POST", CASES, body, **key).status_code == 201
    told = reporting.ReportIn.model_validate(body).model_dump(mode="json")
    before = {name: value for name, value in told.items() if name not in reporting.ReportIn.LATER}
    entry = Entry.objects.get(verb="report")
    assert entry.act["digest"] == keyed_digest(CASES, before)

    again = ask("wang", "POST", CASES, body, **key)
    assert again.status_code == 200 and again["Idempotent-Replayed"] == "true"
    other = ask("wang", "POST", CASES, body | {"description": "别的"}, **key)
    assert other.status_code == 409 and Case.everything.count() == 1
