"""What is learnt, how it is told, and what a model file is worth."""

import hashlib
import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.cases.suggesting import prior, storing
from changxiao.cases.suggesting.fitting import Example, fit, folds
from changxiao.cases.suggesting.grams import weighed
from changxiao.cases.suggesting.prior import Context
from changxiao.kernel.refused import Refused

SAID = {
    "井盖": ["路口井盖缺失", "人行道井盖破损", "井盖松动有响声", "雨水井盖不见了", "井盖下沉"],
    "垃圾": ["垃圾没人清运", "路边暴露垃圾", "垃圾桶满了", "小区门口堆放垃圾", "河边有垃圾"],
    "占道": ["占道经营烧烤摊", "流动摊贩占道", "店铺占道摆卖", "水果摊占道", "占道停车"],
}
OLD_TOWN, HILL = Context(("grid:1", "community:1")), Context(("grid:2", "community:2"))


def examples():
    return [Example(text, label) for label, texts in SAID.items() for text in texts]


@pytest.fixture(scope="module")
def model():
    return fit(examples())


def test_a_text_gets_the_label_it_speaks_of_and_the_reasons(model):
    first, *_others = model.best("学校门口的井盖又缺失了")

    assert first.label == "井盖" and "井盖" in first.grams
    assert 0.4 < first.score < 1


def test_scores_are_shares(model):
    told = model.best("有人乱丢东西", most=3)

    assert sum(one.score for one in told) == pytest.approx(1)
    assert [one.score for one in told] == sorted((one.score for one in told), reverse=True)


@pytest.mark.parametrize("text", ["", "   ", "12345", "???", "no Chinese at all"])
def test_a_text_without_a_word_is_known_as_such(model, text):
    assert not model.knows(text)
    assert sum(one.score for one in model.best(text)) == pytest.approx(1)


def test_the_same_rows_and_seed_give_the_same_bytes(model):
    assert storing.to_bytes(fit(examples())) == storing.to_bytes(model)
    assert storing.to_bytes(fit(examples()[1:])) != storing.to_bytes(model)


def test_a_model_that_was_written_and_read_answers_alike(model):
    again = storing.from_bytes(storing.to_bytes(model))

    for text in ("井盖缺失", "谁家的垃圾", "摊贩", ""):
        assert again.best(text) == model.best(text)
    assert again.about == model.about and again.about["n"] == 15


def test_the_summary_tells_what_was_left_out():
    told = fit([*examples(), Example("", "井盖"), Example("狗叫", "噪声"), Example("x", "")]).about

    assert told["left_out"] == {"no_words": 2, "lone_labels": 1}
    assert [row["label"] for row in told["each"]] == sorted(SAID)


@pytest.mark.parametrize(
    "rows",
    [[], [("井盖", "a"), ("井盖", "a")], [("井盖", "a"), ("垃圾", "b")], [("1", "a"), ("2", "b")]],
)
def test_too_little_to_learn_from_is_said(rows):
    with pytest.raises(Refused, match="至少两种标签"):
        fit(Example(*row) for row in rows)


def test_where_one_kind_is_common_a_bare_text_is_taken_for_it():
    rows = [Example("这里有问题请处理", "占道", OLD_TOWN)] * 12
    rows += [Example("这里有问题请处理", "垃圾", HILL)] * 12
    model = fit(rows)

    here, there = (model.best("有问题", place, most=1)[0] for place in (OLD_TOWN, HILL))

    assert (here.label, here.place) == ("占道", "grid:1")
    assert (there.label, there.place) == ("垃圾", "grid:2")
    assert model.best("有问题", most=1)[0].place == ""


def test_a_reason_is_never_said_twice(model):
    for text in ("井盖缺失井盖破损", "暴露垃圾堆放在河边"):
        for one in model.best(text):
            names = one.grams
            assert not any(a != b and a in b for a in names for b in names)


def test_asking_loads_nothing_that_learns(model):
    script = (
        "import sys\nfrom changxiao.cases.suggesting import storing\n"
        "storing.from_bytes(sys.stdin.buffer.read()).best('井盖')\n"
        "print(sorted({'sklearn', 'scipy', 'django.db'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=storing.to_bytes(model),
        capture_output=True,
        check=True,
        env=os.environ,
    )
    assert done.stdout.strip() == b"[]"


# -- the file -----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_altered_byte_is_found(model, data):
    whole = storing.to_bytes(model)
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))
    altered = whole[:at] + bytes([whole[at] ^ other]) + whole[at + 1 :]
    with pytest.raises(Refused):
        storing.from_bytes(altered)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_are_more_than_refused(data):
    with pytest.raises(Refused):
        storing.from_bytes(data)


def test_a_pickle_is_no_model_and_runs_nothing(tmp_path):
    trap = tmp_path / "trap"

    class Trap:
        def __reduce__(self):
            return (open, (str(trap), "w"))

    path = tmp_path / "m"
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(Refused, match="不是本系统的模型文件"):
        storing.load(path)
    assert not trap.exists()


def sealed(body, version=b"1"):
    digest = hashlib.sha256(body).hexdigest().encode()
    return b"changxiao-model " + version + b" " + digest + b"\n" + body


def test_another_version_is_named():
    with pytest.raises(Refused, match="另一版本"):
        storing.from_bytes(sealed(b"{}\n", b"2"))


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["a"]},
        {"vocabulary": ["a"]},
        {"shapes": {"idf": [10**9], "weights": [10**9, 10**9], "bias": [2]}},
        {"shapes": {"idf": [-1], "weights": [1, 1], "bias": [2]}},
        {"prior": {"": {"x": 1}}},
        {"steepness": "nan"},
        {"about": 7},
        {"labels": None},
    ],
)
def test_a_head_with_a_right_digest_and_wrong_words_is_refused(model, change):
    body = storing.to_bytes(model).partition(b"\n")[2]
    head, _newline, rest = body.partition(b"\n")
    told = json.dumps(json.loads(head) | change).encode()
    with pytest.raises(Refused, match="改动过或不完整"):
        storing.from_bytes(sealed(told + b"\n" + rest))


# -- the parts ----------------------------------------------------------------------------------


@given(st.text(alphabet="井盖缺，。 a1", max_size=30))
def test_no_n_gram_crosses_a_pause(text):
    for name in weighed(text):
        assert name in text and set(name) <= set("井盖缺")


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(0, 5))
def test_each_fold_gets_its_share_of_each_label(numbers, seed):
    numbers = np.array(numbers)
    found = folds(numbers, 5, seed)
    for label in set(numbers.tolist()):
        counts = np.bincount(found[numbers == label], minlength=5)
        assert counts.max() - counts.min() <= 1


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc")), min_size=1, max_size=30),
    st.sampled_from("abcd"),
)
def test_a_prior_is_shares_and_an_unknown_place_adds_nothing(rows, asked):
    contexts = [Context((f"grid:{where}", "community:x")) for _label, where in rows]
    found = prior.learnt([label for label, _where in rows], contexts, 3)

    assert found.place((f"grid:{asked}",)).sum() == pytest.approx(1)
    assert found.lift(Context(("grid:nowhere",))).tolist() == [0, 0, 0]
