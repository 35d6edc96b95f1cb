"""What a sub-category asks besides 附加问题: on the phone, from what it was told; taken once."""

import json
from gzip import decompress

import pytest

from changxiao.cases.models import Case
from changxiao.cases.tests.test_questions import KINDS, asked  # noqa: F401 - five questions
from changxiao.catalog import questions
from changxiao.catalog.models import Question
from changxiao.surfaces.field.tests.phones import KEY, report_of, send

pytestmark = pytest.mark.usefixtures("asked")
GIVEN = {code: value for code, (_type, _keys, value, _words) in KINDS.items()}


@pytest.fixture(autouse=True)
def _remembered():
    questions.table.clear()
    yield
    questions.table.clear()


def today(phone, **headers):
    return json.loads(decompress(phone.get("/field/sync/today", **headers).content))["questions"]


def test_the_phone_is_told_each_definition_with_its_catalogue(phone):
    told = today(phone)

    assert list(told) == ["e9799"]
    assert [(q["code"], q["type"], q["required"]) for q in told["e9799"]] == [
        (code, datatype, code == "open") for code, (datatype, _k, _g, _w) in KINDS.items()
    ]
    assert told["e9799"][0]["choices"] == [["yes", "是"], ["no", "否"]]


def test_definitions_come_in_the_readers_language(phone):
    Question.objects.filter(code="open").update(label_en="Is it open?")
    questions.table.clear()
    told = today(phone, HTTP_ACCEPT_LANGUAGE="en")

    assert told["e9799"][0]["words"] == "Is it open?"


def test_answers_come_once_and_stand_on_the_case(phone, damaged):
    body = report_of(damaged, answers=GIVEN | {"seen": "2026-03-02T08:30+08:00"})

    said = [send(phone, body).status_code for _turn in range(3)]

    assert said == [201, 200, 200]
    words = {row.code: row.words for row in Case.everything.get().details.all()}
    assert words == {code: told for code, (_t, _k, _v, told) in KINDS.items()}


@pytest.mark.parametrize(
    ("answers", "code", "field"),
    [
        ({"open": "perhaps"}, "answer_unreadable", "open"),
        ({"open": "yes", "count": "viele"}, "answer_unreadable", "count"),
        ({"gone": "yes"}, "answer_unknown", "gone"),
    ],
)
def test_an_answer_that_cannot_be_taken_names_its_question_and_reports_nothing(
    phone,
    damaged,
    answers,
    code,
    field,
):
    no = send(phone, report_of(damaged, answers=answers))

    assert (no.status_code, no.json()["code"], no.json()["field"]) == (422, code, field)
    assert not Case.everything.exists()


def test_what_the_phone_did_not_know_yet_is_not_asked_of_it_afterwards(phone, damaged):
    assert send(phone, report_of(damaged)).status_code == 201


def test_other_answers_under_a_used_key_are_refused(phone, damaged):
    send(phone, report_of(damaged, answers={"open": "yes"}))

    no = send(phone, report_of(damaged, answers={"open": "no"}), key=KEY)

    assert (no.status_code, no.json()["code"]) == (409, "key_reused")
    assert [row.words for row in Case.everything.get().details.all()] == ["是"]
