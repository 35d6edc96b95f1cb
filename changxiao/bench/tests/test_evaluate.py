"""The bench of evaluation: both ways answer the same, and what is there is used again."""

import pytest

from changxiao.bench.evaluate import run
from changxiao.evaluation.facts import store
from changxiao.kernel.refused import Refused


def test_it_measures_the_question_both_ways_the_scheme_and_their_growth(tmp_path):
    figures = {figure.path: figure for figure in run(cases=3000, cities=2, folder=tmp_path)}

    assert set(figures) == {
        "evaluate/question",
        "evaluate/question/by-hand",
        "evaluate/question/growth",
        "evaluate/scheme",
        "evaluate/scheme/memory",
        "evaluate/scheme/growth",
    }
    assert figures["evaluate/question"].ratio > 0
    assert "3,000 cases, 231 groups" in figures["evaluate/question"].note
    assert "30 indicators, 6,930 counts" in figures["evaluate/scheme"].note
    assert store.opened(tmp_path / "tenth").rows("cases") == 300

    with pytest.raises(Refused) as no:
        run(cases=4000, cities=2, folder=tmp_path)
    assert no.value.code == "facts_differ"
