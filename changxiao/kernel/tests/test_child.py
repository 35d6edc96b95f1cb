"""A child of the worker: one at a time, and behind all others where it may be."""

import os

import pytest

from changxiao.kernel.child import Child


@pytest.mark.parametrize(("behind", "priority"), [(True, 19), (False, None)])
def test_a_child_goes_behind_only_where_it_says_so(behind, priority):
    child = Child("--help", behind=behind)
    assert (child.start(), child.start()) == (1, 0)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, child._process.pid) == (priority or ours)
    assert child.wait(60) == 0
