"""What the city's own closed cases teach, and how it is shown: beside the form, never in it."""

from dataclasses import replace

import pytest
import time_machine

from changxiao.cases import actions
from changxiao.cases.actions import suggesting
from changxiao.cases.models import Case
from changxiao.cases.models_suggesting import SuggestionModel
from changxiao.cases.suggesting import city as learning
from changxiao.cases.suggesting.tests.test_suggesting import SAID
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog.actions import set_policy
from changxiao.catalog.models import Category, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from tests.support.cast import act, at

HERE = "/cases/report/here"
PAGE = "/settings/cases/suggestions/"


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    learning._models.cache_clear()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield
    forget_catalog()
    learning._models.cache_clear()


@pytest.fixture
def stalls(damaged):
    category = Category.objects.get()
    return Subcategory.objects.create(
        kind="event", edition="local", code="9798", category=category, name="占道", status="local"
    )


@pytest.fixture
def closed(problem, stalls, monkeypatch):
    """Ten closed cases of two kinds, and one open; few, as a test can afford."""
    monkeypatch.setattr(suggesting, "LEAST_CASES", 10)
    kinds = {"井盖": problem.subcategory, "占道": stalls}
    said = [(text, kind) for name, kind in kinds.items() for text in SAID[name]]
    for minute, (text, kind) in enumerate(said):
        told = replace(problem, description=text, subcategory=kind, criterion=None)
        actions.report(told, act=act("report", at(2, 8, minute)))
    # The whole road of ten cases would say nothing more about learning.
    Case.everything.update(stage="closed")
    actions.report(replace(problem, description="还没有办完的垃圾"), act=act("report", at(2, 9)))


def trained():
    return actions.train_suggestions(act=Act.system("train"))


def used(version):
    set_policy("suggestion_version", value=str(version), act=Act.system("test"))
    forget_catalog()


def asked(**more):
    words = {"description": "学校门口井盖缺失"} | more
    return signed_in("chen").get(HERE, words).content.decode()


def test_too_few_cases_are_said_and_nothing_is_kept(problem):
    with pytest.raises(Refused, match="只有 0 件"):
        trained()
    assert not SuggestionModel.objects.exists()
    assert not Entry.objects.filter(verb="train_suggestions").exists()


def test_a_version_is_learnt_from_closed_cases_alone_and_leaves_an_entry(closed):
    row = trained()

    assert (row.version, row.cases, row.trained_by) == (1, 10, "system:train")
    assert set(row.heads) == {"subcategory"}  # no criterion, no unit: these cases had none
    assert Entry.objects.get(verb="train_suggestions").data["cases"] == 10
    assert trained().version == 2


def test_the_same_cases_give_the_same_bytes(closed):
    assert bytes(trained().subcategory) == bytes(trained().subcategory)


def test_nothing_is_suggested_until_the_city_says_which_version(city, closed):
    trained()
    assert "建议的小类" not in asked()

    used(1)
    told = asked()
    assert "建议的小类" in told and "第 1 版" in told
    assert told.index("data-suggested") < told.index("因为：") and "井盖" in told

    used(0)
    assert "建议的小类" not in asked()


@pytest.mark.parametrize("text", ["", "12345", "   "])
def test_a_text_that_says_nothing_gets_no_suggestion(city, closed, text):
    trained()
    used(1)
    assert "建议的小类" not in asked(description=text)


def test_a_suggestion_changes_no_case(city, closed):
    trained()
    used(1)
    before = list(Case.everything.order_by("pk").values())
    asked(lon="116.703", lat="23.365")
    assert list(Case.everything.order_by("pk").values()) == before


def test_a_subcategory_that_was_switched_off_is_not_suggested(city, closed, stalls):
    trained()
    used(1)
    stalls.enabled = False
    stalls.save()
    forget_catalog()
    assert f'data-set-subcategory="{stalls.key}"' not in asked(description="占道经营")


def test_the_page_tells_versions_scores_and_which_is_used(city, closed):
    admin = signed_in("admin")
    assert "还没有训练" in admin.get(PAGE).content.decode()

    trained()
    used(1)
    page = admin.get(PAGE).content.decode()
    assert "现用第 1 版" in page and "10 件" in page and "宏平均 F1" in page
    assert "命令行" in page and "system:" not in page

    used(7)
    assert "第 7 版不存在" in admin.get(PAGE).content.decode()


def test_the_page_is_for_those_who_set_the_city(city):
    assert signed_in("chen").get(PAGE).status_code == 403
