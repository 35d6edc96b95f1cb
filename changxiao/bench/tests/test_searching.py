"""Bench `search`: its words are of the home's cases, and what LIKE finds the index must find."""

import random
import re
from dataclasses import replace

import pytest

from changxiao.bench import searching
from changxiao.cases import actions, indexing
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from tests.support.cast import act

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(public_problem):
    told = replace(public_problem, description="东厦路口井盖丢失")
    case = actions.report(told, act=act("report"))
    indexing.index_streams([case.stream])
    return case


def test_words_are_pairs_and_some_stand_in_cases(indexed):
    with scope.viewing(scope.system("tests")):
        words = searching._words(200, random.Random(1))

    assert {"东厦", "井盖", "丢失"} <= set(words)
    assert all(re.fullmatch("[\u4e00-\u9fff]{2}", word) for word in words)


def test_it_tells_the_time_beside_that_of_like(indexed):
    (figure,) = searching.run(words=20)

    assert figure.path == "search/rare-word"
    assert figure.ratio > 0 and "LIKE" in figure.note


def test_a_case_that_only_like_finds_ends_the_bench(indexed):
    indexing.INDEX.clear()

    with pytest.raises(AssertionError, match="1 cases"):
        searching.run(words=20)


def test_a_home_without_cases_is_refused(db):
    with pytest.raises(Refused, match="bench load"):
        searching.run()
