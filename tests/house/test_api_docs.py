"""docs/api.md promises what the interface does: fields, filters, verbs, channels."""

import json
import re

import pytest
from django.test import Client

from changxiao.cases import listing, verbs
from changxiao.cases.api import ReportIn
from changxiao.cases.api_steps import ManyIn, StepsIn
from changxiao.cases.models import Channel
from tests.house.source import HOUSE

OTHERS = {"steps": StepsIn, "many": ManyIn}


@pytest.fixture(scope="module")
def page():
    return (HOUSE / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_filter_is_on_the_page_and_no_other(page):
    shown = re.search(r"GET /api/v1/cases\?(\S+)`", page).group(1)
    named = [part.rstrip("=") for part in shown.split("&")]
    assert named == [*listing.FILTERS, "cursor", "limit"]


def test_every_field_of_a_report_is_on_the_page(page):
    common = set(verbs.Common.model_fields)
    assert all(f"`{name}`" in page for name in set(ReportIn.model_fields) - common)


def test_every_own_field_of_a_verb_is_on_the_page(page):
    common = set(verbs.Common.model_fields)
    for name, verb in verbs.VERBS.items():
        for field in set(verb.takes.model_fields) - common:
            assert f"`{field}`" in page, (name, field)


def test_every_channel_that_may_report_is_on_the_page(page):
    assert all(f"`{value}`" in page for value in set(Channel.values) - {"imported"})


def test_the_examples_are_bodies_the_interface_reads(page):
    bodies = re.findall(r"^(?:POST \S+/(\w+) +)?(\{\".*\})$", page, re.MULTILINE)
    assert len(bodies) >= 3
    for verb, text in bodies:
        model = verbs.VERBS[verb].takes if verb in verbs.VERBS else OTHERS.get(verb, ReportIn)
        model.model_validate(json.loads(text))


@pytest.mark.django_db
def test_the_openapi_page_is_where_it_is_said_to_be():
    described = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/cases/{number}/unmask" in described["paths"]
