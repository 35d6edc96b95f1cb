"""What a sub-category asks besides 附加问题: at the desk's form, and on the case's page."""

import pytest
import time_machine

from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.catalog import questions
from changxiao.catalog.models import Question
from changxiao.ledger.models import Entry
from tests.support.cast import JINPING, at

PAGE = "/cases/report/"
KINDS = {
    "open": ("singlevaluelist", ["yes", "no"], "yes", "是"),
    "count": ("number", [], "3", "3"),
    "seen": ("datetime", [], "2026-03-02T08:30", "2026-03-02T08:30+08:00"),
    "words": ("text", [], "两处", "两处"),
    "marks": ("multivaluelist", ["yes", "no"], ["yes", "no"], "是、否"),
}


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    questions.table.clear()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield
    forget_catalog()


@pytest.fixture
def asked(damaged):
    """Five questions of 道路破损, the first of which must be answered."""
    names = {"yes": "是", "no": "否"}
    for order, (code, (datatype, keys, _given, _words)) in enumerate(KINDS.items()):
        Question.objects.create(
            subcategory=damaged.subcategory,
            code=code,
            label=f"问{code}",
            datatype=datatype,
            required=code == "open",
            order=order,
            choices=[[key, names[key]] for key in keys],
        )
    forget_catalog()


def sent(client, **more):
    told = {"key": key_in(client.get(PAGE)), "channel": "hotline", "subcategory": "e9799"}
    told |= {"description": "路面有坑", "lon": JINPING[0], "lat": JINPING[1], "crs": "wgs84"}
    return client.post(PAGE, told | more)


def test_the_form_asks_keeps_and_shows_each_kind_of_answer(asked):
    chen = signed_in("chen")
    part = chen.get(f"{PAGE}questions?subcategory=e9799").content.decode()
    assert all(f'name="answer_{code}"' in part for code in KINDS) and "required" in part

    given = {f"answer_{code}": value for code, (_t, _k, value, _w) in KINDS.items()}
    assert sent(chen, **given).status_code == 302
    case = Case.everything.get()
    words = {row.code: row.words for row in case.details.all()}
    assert words == {code: told for code, (_t, _k, _v, told) in KINDS.items()}
    assert "details" in case.entries.get().data["sealed"]
    page = chen.get(f"/cases/{case.number}/").content.decode()
    assert all(f"问{code}" in page for code in KINDS)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "请回答“问open”"),
        ({"answer_open": "perhaps"}, "perhaps"),
        ({"answer_open": "yes", "answer_count": "viele"}, "请填数"),
    ],
    ids=["missing", "no choice", "no number"],
)
def test_a_refused_answer_stands_at_its_question_and_nothing_is_lost(asked, more, sentence):
    answer = sent(signed_in("chen"), **more)

    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "路面有坑" in page
    assert not Case.everything.exists() and not Entry.objects.filter(verb="report").exists()


def test_a_kind_without_questions_has_no_fields(damaged):
    part = signed_in("chen").get(f"{PAGE}questions?subcategory=e9799").content.decode()
    assert "answer_" not in part
