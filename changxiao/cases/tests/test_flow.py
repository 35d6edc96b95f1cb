"""The whole matrix verb × stage × post, not examples."""

import itertools

import pytest

from changxiao.cases import actions, flow
from changxiao.cases.flow import ENDS, STEPS, Stage
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post

HELD = [*Post, flow.SYSTEM]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_a_step_is_open_exactly_where_the_table_says(step):
    for stage, post in itertools.product(Stage, HELD):
        if stage in step.sources and post in (step.posts or {flow.SYSTEM}):
            assert flow.DEFAULT.check(step.verb, stage, post) is step
            continue
        with pytest.raises(Refused) as no:
            flow.DEFAULT.check(step.verb, stage, post)
        assert no.value.code in {"not_yours", "not_now"}
        assert str(step.title) in no.value.sentence


@pytest.mark.parametrize("stage", list(Stage))
def test_buttons_are_exactly_the_steps_that_would_be_admitted(stage):
    for post in Post:
        shown = {step.verb for step in flow.DEFAULT.open_to(stage, {post})}
        assert shown == {s.verb for s in STEPS if stage in s.sources and post in s.posts}


def test_every_step_has_its_verb_and_every_verb_its_step():
    # What an administrator sets about the steps is no step of a case, and two in one are two.
    apart = {"set_step_rule", "train_suggestions", "report_into", "report_on_spot"}
    assert {step.verb for step in STEPS} == {v for v in actions.__all__ if v.islower()} - apart


def test_every_open_stage_leads_to_an_end():
    reached = set(ENDS)
    for _round in Stage:
        reached |= {source for step in STEPS if step.target in reached for source in step.sources}
    assert reached == set(Stage)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_no_step_but_the_reporters_no_moves_a_case_out_of_an_end(end):
    moving = {step.verb for step in STEPS if end in step.sources and step.target is not None}
    assert moving == ({"contest", "reopen"} if end == Stage.CLOSED else set())


def test_an_unknown_verb_is_refused_by_name():
    with pytest.raises(Refused, match="fly"):
        flow.DEFAULT.check("fly", Stage.FILED, Post.DISPATCHER)


def test_a_city_may_give_a_step_to_another_post():
    own = flow.Flow(posts={"file": [Post.INTAKE]})

    assert own.check("file", Stage.ACCEPTED, Post.INTAKE).target == Stage.FILED
    with pytest.raises(Refused, match="受理员"):
        own.check("file", Stage.ACCEPTED, Post.SHIFT_LEADER)
