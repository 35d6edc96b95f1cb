"""Statements a request of a stranger may cost, the key known (tests/house/budgets.json)."""

import json

import pytest

from changxiao.surfaces.protocols.open311.tests.conftest import V2
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db
MARCH = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-31T00:00:00Z"}


def test_a_page_of_the_public_list_keeps_its_budget(outside, walk):
    for step in range(7):
        walk(step=step)
    outside.get(f"{V2}/requests.json", MARCH)

    with budget("open311:list"):
        answer = outside.get(f"{V2}/requests.json", MARCH)

    assert len(json.loads(answer.content)) == 7


def test_a_report_keeps_its_budget(outside, form):
    outside.post(f"{V2}/requests.json", form | {"description": "先来一件"})

    with budget("open311:report"):
        answer = outside.post(f"{V2}/requests.json", form)

    assert answer.status_code == 201
