"""Statements a REST request may cost, its token known (tests/house/budgets.json)."""

import json
from dataclasses import replace
from datetime import date

import pytest

from changxiao.cases import actions
from changxiao.catalog import known
from changxiao.kernel import scope
from changxiao.orgs.models import ApiToken, Appointment, Staff
from changxiao.orgs.posts import Post
from changxiao.orgs.tokens import digest_of
from changxiao.surfaces.protocols.rest import VIEWERS
from tests.support.budgets import budget
from tests.support.cast import MONDAY, act, at

CASES = "/api/v1/cases"
ASKED = {"HTTP_AUTHORIZATION": "Bearer token-zhao"}


@pytest.fixture
def hand(city, roads):
    """赵处置, whose reach is a unit's: the dearest one to ask for. He also walks the street."""
    VIEWERS.clear()
    known.known.clear()
    staff = Staff.objects.create(username="zhao", name="赵处置", unit=roads)
    for post in (Post.HANDLER, Post.COLLECTOR):
        Appointment.objects.create(
            staff=staff, post=post, unit=roads, area_code="440511", since_date=date(2020, 1, 1)
        )
    digest = digest_of("token-zhao")
    ApiToken.objects.create(staff=staff, kind="api", name="t", digest=digest, created_at=MONDAY)
    return staff


@pytest.fixture
def dispatched(problem, damaged, roads):
    """Twenty-one cases at 市政道路处: a page of the list and one more."""
    with scope.viewing(scope.system("test")):
        for step in range(21):
            case = actions.report(
                replace(problem, lon=problem.lon + step / 10_000), act=act("report")
            )
            actions.accept(case, act=act("accept", at(2, 9, 5)))
            actions.file(case, criterion=damaged, act=act("file", at(2, 9, 10)))
            actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 15)))
    return case


def test_a_page_of_the_list_keeps_its_budget(client, hand, dispatched):
    path = f"{CASES}?stage=dispatched&unit=SZ-DL&overdue=1"
    client.get(path, **ASKED)

    with budget("api:list"):
        answer = client.get(path, **ASKED)

    assert len(answer.json()["items"]) == 20


def test_one_case_and_its_entries_keep_their_budgets(client, hand, dispatched):
    path = f"{CASES}/{dispatched.number}"
    client.get(path, **ASKED)

    with budget("api:case"):
        case = client.get(path, **ASKED)
    with budget("api:entries"):
        entries = client.get(f"{path}/entries", **ASKED)

    assert case.json()["n"] == len(entries.json()) == 4


def test_a_report_and_a_verb_keep_their_budgets(client, hand, dispatched):
    body = {"subcategory": "e9799", "lon": 116.7, "lat": 23.36, "description": "有坑"}

    def post(path, told):
        return client.post(path, json.dumps(told), content_type="application/json", **ASKED)

    post(CASES, body | {"lon": 116.701})
    with budget("api:report"):
        reported = post(CASES, body)
    with budget("api:verb"):
        received = post(f"{CASES}/{dispatched.number}/receive", {})

    assert (reported.status_code, received.status_code) == (201, 200), received.json()
