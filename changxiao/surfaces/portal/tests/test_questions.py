"""What a sub-category asks besides 附加问题: of the resident who chose it, and of nobody else."""

import json
import re

import pytest

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.cases.tests.test_questions import KINDS, asked  # noqa: F401 - five questions
from changxiao.catalog import questions
from changxiao.ledger.models import Entry
from changxiao.surfaces.portal.tests.conftest import filled, released, send, to_dispatch
from tests.support.cast import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]
GIVEN = {f"answer_{code}": value for code, (_type, _keys, value, _words) in KINDS.items()}


@pytest.fixture(autouse=True)
def _remembered():
    questions.table.clear()
    yield
    questions.table.clear()


def test_the_page_carries_the_definitions_so_that_it_works_without_a_network(phone):
    page = phone.get("/p/").content.decode()
    told = json.loads(re.search(r'id="asked-definitions"[^>]*>(.*?)</script>', page, re.S)[1])

    assert [one["code"] for one in told["e9799"]] == list(KINDS)


def test_each_kind_of_answer_is_kept_and_a_second_tap_is_the_same_receipt(phone):
    form = filled(phone, **GIVEN)
    answers = [phone.post("/p/", form) for _tap in range(2)]

    assert [a.status_code for a in answers] == [302, 302]
    case = Case.everything.get()
    words = {row.code: row.words for row in case.details.all()}
    assert words == {code: told for code, (_t, _k, _v, told) in KINDS.items()}
    assert "details" in case.entries.first().data["sealed"]
    code = answers[0]["Location"].split("/")[-2]
    assert "问words" not in phone.get(f"/p/c/{code}/").content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "请回答“问open”"),
        ({"answer_open": "perhaps"}, "perhaps"),
        ({"answer_open": "yes", "answer_count": "viele"}, "请填数"),
        ({"answer_open": "yes", "answer_seen": "gestern"}, "有效的日期"),
    ],
    ids=["missing", "no choice", "no number", "no moment"],
)
def test_a_refused_answer_says_why_keeps_the_words_and_draws_the_questions(
    phone,
    more,
    sentence,
):
    answer = send(phone, **more)

    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "门口路面有个大坑" in page
    assert all(f'name="answer_{code}"' in page for code in KINDS)
    assert not Case.everything.exists() and not Entry.objects.filter(verb="report").exists()


def test_nobody_is_asked_about_a_kind_that_we_guessed(phone):
    assert send(phone, kind=None, description="这里道路破损很严重").status_code == 302
    assert Case.everything.get().subcategory.key == "e9799"


def test_whoever_follows_what_is_known_need_answer_nothing(phone, town, problem, roads):
    known = actions.report(problem, act=act("report", None, origin=""))
    released(to_dispatch(known, town, roads))

    assert send(phone, into=known.number).status_code == 302
    assert not Case.everything.latest("pk").details.exists()
