"""Letters of steps: over every stage of the flow, no letter stands for two things."""

from collections import Counter

import pytest

from changxiao.cases.flow import DEFAULT, Stage
from changxiao.cases.letters import LETTERS, OF_THE_PAGE, letter_of

WITH_THOUGHT = {"void", "force_close", "unmask", "adopt_ruling", "drop_ruling"}


@pytest.mark.parametrize("stage", Stage)
def test_no_two_steps_of_a_stage_share_a_letter_whoever_holds_which_posts(stage):
    letters = Counter(
        letter_of(step.verb)
        for step in DEFAULT.steps
        if stage in step.sources and letter_of(step.verb)
    )

    assert not [letter for letter, count in letters.items() if count > 1]


def test_letters_are_single_lower_case_and_none_is_the_page_s_own():
    assert all(len(letter) == 1 and letter.isascii() for letter in LETTERS.values())
    assert not set(LETTERS.values()) & OF_THE_PAGE


def test_every_letter_belongs_to_a_step_and_what_needs_thought_has_none():
    assert set(LETTERS) <= {step.verb for step in DEFAULT.steps}
    assert not set(LETTERS) & WITH_THOUGHT
