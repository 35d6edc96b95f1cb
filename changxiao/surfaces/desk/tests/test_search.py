"""The page of `/`: groups, the straight way to a case, bad input, who finds whom."""

import pytest
from django.urls import reverse

from changxiao.cases import actions
from changxiao.cases.indexing import index_streams
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import act


@pytest.fixture(autouse=True)
def _fresh():
    forget_catalog()


@pytest.fixture
def indexed(dispatched):
    index_streams([dispatched.stream])
    return dispatched


def find(client, words, **headers):
    return client.get(reverse("search"), {"q": words}, headers=headers)


@pytest.mark.parametrize("words", ["{0.number}", " {0.code} ", "{wide}"])
def test_a_number_in_full_goes_straight_to_its_case(indexed, words):
    wide = indexed.number.translate({ord("0") + n: ord("０") + n for n in range(10)})

    answer = find(signed_in("chen"), words.format(indexed, wide=wide))

    assert answer["Location"] == reverse("case", args=[indexed.number])


def test_while_one_types_the_page_stays(indexed):
    answer = find(signed_in("chen"), indexed.number, **{"HX-Request": "true"})

    assert answer.status_code == 200
    assert [hit.case for hit in answer.context["cases"]] == [indexed]
    assert "<html" not in answer.content.decode()


GROUPS = {
    "道路破损": ("cases", "criteria"),
    "市政": ("cases", "units"),
    "东方": ("spots",),
    "李派": ("people",),
    "9799-1": ("criteria",),
}


@pytest.mark.parametrize("words", GROUPS)
def test_one_question_asks_every_room(indexed, words):
    person("li")

    told = find(signed_in("chen"), words).context

    names = ("cases", "spots", "components", "units", "people", "criteria")
    assert tuple(name for name in names if told[name]) == GROUPS[words]


def test_the_words_around_what_was_asked_are_shown(problem, damaged):
    from dataclasses import replace

    text = "路" * 100 + "有人摔倒" + "旁" * 100
    case = actions.report(replace(problem, description=text), act=act("report"))
    index_streams([case.stream])

    (hit,) = find(signed_in("chen"), "摔倒").context["cases"]

    assert "有人摔倒" in hit.around
    assert hit.around.startswith("…") and hit.around.endswith("…") and len(hit.around) < 90


BAD = ["\u202e井盖", "😀", "井" * 5000, "OR AND NEAR(", "'\"\\%_", "\u0600", "井", " "]


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_a_page(indexed, words):
    assert find(signed_in("chen"), words).status_code == 200


@pytest.mark.parametrize(
    ("post", "finds"),
    [(Post.INTAKE, True), (Post.AUDITOR, True), (Post.HANDLER, False), (Post.DISPATCHER, False)],
)
def test_collectors_are_found_only_by_who_knows_them(db, post, finds):
    person("wang")
    person("lin")
    client = signed_in("asking", post=post)

    assert bool(find(client, "王监督").context["people"]) is finds
    assert find(client, "林值班").context["people"]


def test_a_phone_is_shown_to_who_may_ring_and_found_by_nobody(db):
    li = person("li")
    Staff.objects.filter(pk=li.pk).update(phone="13912340000")

    assert find(signed_in("chen"), "李派遣").context["people"][0].phone == "13912340000"
    assert find(signed_in("shen"), "李派遣").context["people"][0].phone == ""
    assert not find(signed_in("chen"), "13912340000").context["people"]


def test_the_page_keeps_its_budget(indexed):
    client = signed_in("chen")
    find(client, "道路破损")

    with budget("page:search"):
        find(client, "道路破损")


def test_nobody_signed_in_finds_nothing(client, indexed):
    assert find(client, indexed.number).status_code == 302
    assert Case.everything.count() == 1
