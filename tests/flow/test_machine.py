"""The case flow against a naive model (reliability.md A-03): any verb, any time, by anybody.

CHANGXIAO_FLOW_EXAMPLES and CHANGXIAO_FLOW_STEPS ask for more than the gate's own number.
"""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from changxiao.cases import actions
from changxiao.cases.actions.lots import commit_seed, open_seed
from changxiao.cases.models import CasePhoto
from changxiao.catalog import timetable
from changxiao.catalog.actions import set_policy
from changxiao.kernel import scope
from changxiao.ledger.media.models import Photo
from tests.flow.clock import walk
from tests.flow.machine import LIKELY, Flow
from tests.flow.model import SPOTS
from tests.support.cast import MONDAY, act

EXAMPLES = int(os.environ.get("CHANGXIAO_FLOW_EXAMPLES", "40"))
STEPS = int(os.environ.get("CHANGXIAO_FLOW_STEPS", "25"))
AT_ONCE = (Phase.generate,)  # a control wants any failure, not the smallest


def minutes_of(limit) -> tuple[int, bool]:
    size = {"work_hour": 60, "work_day": 480, "urgent_hour": 60}[limit.unit.value]
    return int(limit.amount * size), limit.unit.value == "urgent_hour"


def shown(role, sign="a"):
    sizes = {"bytes": 9, "width": 4, "height": 3, "rendition_bytes": 9}
    names = {name: sign * 64 for name in ("sha256", "rendition_sha256", "thumbnail_sha256")}
    more = {"type": "image/jpeg", "pipeline": "1", "phash": "0" * 16, "evidence": {}}
    photo = Photo.objects.create(**sizes, **names, **more, uploaded_by="wu", created_at=MONDAY)
    return actions.Shown(photo, role)


@pytest.fixture
def given(city, problem, roads, parks, squad, damaged, mended, longer):
    """道路破损 in two parts: 4 working hours to fence it off, 6 to mend it."""
    set_policy("recheck_percent", value="100", act=act("assign"))
    set_policy("on_spot_kinds", value="e9799", act=act("assign"))
    set_policy("on_spot_daily", value=str(SPOTS), act=act("assign"))
    committed = commit_seed(MONDAY.date(), act=act("draw_recheck"))
    stages = ("reported", "confirming", "accepted", "filed", "handled", "verified")
    Flow.given = {
        "criteria": {"parts": damaged, "long": longer},
        "parts": {"parts": ((240, 360), 0), "long": ((480,), 0)},
        "lead": actions.report(problem, act=act("report")),
        "seed": open_seed(committed, act=act("draw_recheck")),
        "photo": shown(CasePhoto.Role.VERIFY),
        "sides": [shown(CasePhoto.Role.BEFORE, "b"), shown(CasePhoto.Role.AFTER, "c")],
        "problem": replace(problem),
        "criterion": damaged,
        "roads": roads,
        "parks": parks,
        "squad": squad,
        "limits": (240, 360),
        "stages": {stage: minutes_of(timetable.stage_limit(stage)[0]) for stage in stages},
    }
    return Flow.given


def run(examples: int, steps: int, phases=tuple(Phase)) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize="CHANGXIAO_FLOW_EXAMPLES" not in os.environ,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    with scope.viewing(scope.system("test")):
        run_state_machine_as_test(Flow, settings=chosen)


@pytest.mark.slow
def test_any_verbs_in_any_order_keep_to_the_model(given):
    run(EXAMPLES, STEPS)


def test_a_model_that_counts_a_minute_too_many_is_found_out(given, monkeypatch):
    """Negative control: a wrong rule does not pass unseen."""
    for told in ("clock", "model"):
        monkeypatch.setattr(f"tests.flow.{told}.walk", lambda at, minutes: walk(at, minutes + 1))
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(10, 10, AT_ONCE)


@pytest.mark.slow
def test_a_verb_that_leaves_a_request_behind_is_found_out(given, monkeypatch):
    """Negative control: one wrong line among the verbs does not pass unseen."""
    for verbs in ("command", "handling", "checking"):
        monkeypatch.setattr(f"changxiao.cases.actions.{verbs}.lapse", lambda done: {})
    monkeypatch.setitem(LIKELY, "dispatched", ("ask_extend", "force_close"))
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(EXAMPLES, STEPS, AT_ONCE)
