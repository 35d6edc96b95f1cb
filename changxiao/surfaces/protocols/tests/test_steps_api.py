"""Several steps as one act, one step on many cases, and who was faster: over HTTP."""

import json
from datetime import date

import pytest

from changxiao.cases.models import Case
from changxiao.catalog.models import Responsibility
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.surfaces.protocols.tests.test_cases_api import CASES, Desk, hire


@pytest.fixture
def people(city, roads):
    hire("wang", Post.COLLECTOR)
    hire("night", Post.INTAKE, Post.SHIFT_LEADER, Post.DISPATCHER)
    hire("chen", Post.INTAKE)
    hire("li", Post.DISPATCHER)
    hire("zhao", Post.HANDLER, unit=roads)


@pytest.fixture
def ask(client, people):
    return Desk(client)


@pytest.fixture
def report(ask, damaged):
    def made(**more):
        body = {"subcategory": "e9799", "lon": 116.703, "lat": 23.365, "description": "有坑"}
        return ask("wang", "POST", CASES, body | more).json()["number"]

    return made


STEPS = [
    {"verb": "accept"},
    {"verb": "file", "criterion": "9799-1"},
    {"verb": "dispatch", "unit": "SZ-DL"},
]


def test_three_steps_in_one_request_and_once(ask, report):
    number = report()
    key = {"Idempotency-Key": "night-0001"}
    first = ask("night", "POST", f"{CASES}/{number}/steps", {"steps": STEPS}, **key)
    again = ask("night", "POST", f"{CASES}/{number}/steps", {"steps": STEPS}, **key)

    assert (first.status_code, first.json()["stage"]) == (200, "dispatched"), first.content
    assert len(first.json()["receipts"]) == 3
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Entry.objects.filter(stream=f"case:{number}").count() == 4


@pytest.mark.parametrize(
    ("who", "steps", "status", "code"),
    [
        ("chen", STEPS, 409, "not_yours"),
        ("night", STEPS[::-1], 422, "no_chain"),
        ("night", [STEPS[0], STEPS[2]], 422, "no_chain"),
        ("night", [STEPS[0], {"verb": "file", "colour": "red"}], 422, "input_unreadable"),
        ("night", [STEPS[0], {"verb": "file", "criterion": "nope"}], 422, "criterion_unknown"),
    ],
)
def test_a_chain_that_cannot_be_leaves_nothing(ask, report, who, steps, status, code):
    number = report()
    answer = ask(who, "POST", f"{CASES}/{number}/steps", {"steps": steps})

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert Case.everything.get(number=number).n == 1


def test_many_are_done_row_by_row_and_the_refused_are_named(ask, report, damaged, roads):
    Responsibility.objects.create(
        criterion=damaged, area_code="440511", unit=roads, since_date=date(2020, 1, 1)
    )
    numbers = [report(criterion="9799-1") for _ in range(3)]
    for number in numbers[:2]:
        ask("night", "POST", f"{CASES}/{number}/steps", {"steps": STEPS[:2]})
    body = {"verb": "dispatch", "numbers": [*numbers, "209901010001"]}
    key = {"Idempotency-Key": "many-0001"}

    first = ask("night", "POST", f"{CASES}/many", body, **key).json()
    again = ask("night", "POST", f"{CASES}/many", body, **key).json()

    assert [row["number"] for row in first["done"]] == numbers[:2]
    assert [(r["number"], r["code"]) for r in first["refused"]] == [
        (numbers[2], "not_now"),
        ("209901010001", "not_found"),
    ]
    assert again == first
    assert set(Case.everything.filter(number__in=numbers[:2]).values_list("lead_unit__code")) == {
        ("SZ-DL",)
    }


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"verb": "void", "numbers": ["1"]}, "not_in_many"),
        ({"verb": "accept", "numbers": []}, "numbers_missing"),
        ({"verb": "accept", "numbers": [str(n) for n in range(201)]}, "numbers_many"),
    ],
)
def test_what_many_does_not_take(ask, told, code):
    answer = ask("night", "POST", f"{CASES}/many", told)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_slower_reads_who_was_faster(ask, report):
    number = report()
    ask("chen", "POST", f"{CASES}/{number}/accept", {"base_n": 1})
    late = ask("night", "POST", f"{CASES}/{number}/accept", {"base_n": 1})

    assert late.status_code == 409
    assert [(e["n"], e["verb"], e["who"]) for e in late.json()["since"]] == [(2, "accept", "chen")]


def test_opening_a_case_ends_the_recall_of_the_one_before(ask, report):
    number = report()
    ask("night", "POST", f"{CASES}/{number}/steps", {"steps": STEPS})
    assert "recall" in ask("night", "GET", f"{CASES}/{number}").json()["verbs"]

    ask("zhao", "GET", f"{CASES}/{number}")
    answer = ask("night", "POST", f"{CASES}/{number}/recall", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "opened")


def test_a_correction_is_tried_before_it_is_made(ask, report):
    number = report()
    body = {"criterion": "9799-1"}
    told = ask("chen", "POST", f"{CASES}/{number}/amend/preview", body).json()
    assert [one["name"] for one in told] == ["立案标准"]
    assert Case.everything.get(number=number).n == 1
    done = ask("chen", "POST", f"{CASES}/{number}/amend", body | {"note": "看清了"})
    assert done.status_code == 200
    assert json.loads(Entry.objects.get(verb="amend").body)["set"]["criterion"] == "9799-1/1"
