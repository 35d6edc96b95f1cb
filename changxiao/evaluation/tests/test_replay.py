"""The log alone gives every evaluation and what hangs on it; what differs is named."""

import pytest
from django.db import transaction

from changxiao.evaluation import actions, working
from changxiao.evaluation.models import Evaluation, Objection, SchemeVersion
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_highlights import Highlight
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.replay import checks
from changxiao.evaluation.scoring.tests.samples import LINES, MIXED
from changxiao.evaluation.tests.rounds import did, looking
from changxiao.evaluation.tests.test_highlights import _home, pick, spot
from changxiao.evaluation.tests.test_rewards import LISTS
from changxiao.evaluation.tests.test_rounds import MAY, objected, upheld
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.cast import at

__all__ = ["_home", "spot"]
pytestmark = pytest.mark.django_db
BOTH = LISTS + MIXED[MIXED.index("\n[[outside]]") :]
LEADER = (Post.LEADER, "zheng")
NEVER = at(9, month=9)


def found():
    checked = (checks.check_evaluations, checks.check_gaps)
    checked += (checks.check_schemes, checks.check_sheets, checks.check_observations)
    return [sentence for check in checked for sentence in check()]


@pytest.fixture
def scheme(city):
    """With lists, a questionnaire that has been given, and a sheet that was sent back."""
    version = actions.save_scheme(text=BOTH.replace("weight = 100", "weight = 60"), act=did())
    told = {"period": "2026-03", "lines": LINES}
    sheet = actions.submit_scores(version, file="a.xlsx", **told, act=did(note="三月"))
    actions.confirm_scores(sheet, act=did(*LEADER))
    other = actions.submit_scores(version, file="b.xlsx", **told, act=did())
    actions.reject_scores(other, act=did(*LEADER, note="缺原件"))
    return version


def observed(*counts):
    """Sheets that tell of the same junction, each anew."""
    row = {"item": "R1-01", "kind": "yield", "subject_kind": "junction", "subject": "J1"}
    row |= {"department": "SZ-DL", "district": "", "street": "", "denominator": 90}
    row["observed_at"] = "2026-03-05T06:30:00Z"
    for count in counts:
        told = [{**row, "numerator": count}]
        actions.import_observations(told, file="三月.xlsx", act=did())


@pytest.fixture
def whole(spot):
    """All that an evaluation goes through, to the seal and beyond."""
    observed(84, 86, 85, 84, 85)
    pick(spot)
    actions.drop_highlight(spot, spot="1", act=did())
    pick(spot)
    rejected = actions.propose_decision(objected(spot), upheld=False, act=did(note="不成立"))
    again = actions.confirm_decision(rejected, agree=False, act=did(*LEADER, note="再核实"))
    again = actions.propose_decision(again, upheld=False, act=did(note="仍不成立"))
    actions.confirm_decision(again, agree=True, act=did(*LEADER))
    upheld(spot)
    working.work()
    sealed = actions.seal(spot, act=did(when=MAY))
    for one in sealed.result["honors"]:
        told = {"outcome": {"red": "grant", "black": "waive"}[one["list"]]}
        told |= {"place": (one["list"], one["code"]), "act": did(when=MAY, note="按办法")}
        decision = actions.decide_honor(sealed, **told)
    actions.confirm_honor(decision, agree=True, act=did(*LEADER, when=MAY))
    task = GapTask.everything.get(group="SZ-DL")
    with looking("chen", Post.UNIT_LEAD, "9001."):
        done = did(Post.UNIT_LEAD, "chen", note="已更换井盖")
        task = actions.answer_gap(task, proof="照片 12 张", act=done)
    actions.send_back_gap(task, act=did(note="没有照片"))
    return actions.revise(sealed, act=did(when=MAY, note="漏计一件"))


PLANTED = [
    (Evaluation, {"digest": "sha256:0"}, "digest应为"),
    (Evaluation, {"sealed_at": None}, "sealed_at应为"),
    (Evaluation, {"state": "published"}, "state应为sealed，实为published"),
    (Evaluation, {"object_until": NEVER}, "object_until应为"),
    (Evaluation, {"result": {"rows": []}}, "result应为sha256:"),
    (Evaluation, {"asked_by": "zheng"}, "asked_by应为huang，实为zheng"),
    (Evaluation, {"number": "small-2026-03-9"}, "没有对应的行"),
    (Objection, {"numerator": 2}, "/objection/1”的numerator应为0，实为2"),
    (Objection, {"after": "99.00"}, "/objection/1”的after应为"),
    (Objection, {"state": "upheld"}, "state应为rejected，实为upheld"),
    (Objection, {"n": 7}, "/objection/7”在台账中没有记录"),
    (Highlight, {"visits": 60}, "/highlight/1”的visits应为14，实为60"),
    (Highlight, {"dropped_at": NEVER}, "dropped_at应为None"),
    (Highlight, {"spot": "3"}, "/highlight/3”在台账中没有记录"),
    (HonorDecision, {"outcome": "waive"}, "outcome应为"),
    (HonorDecision, {"reason": "另有考虑"}, "reason应为按办法，实为另有考虑"),
    (HonorDecision, {"confirmed_by": "sun"}, "confirmed_by应为"),
    (ScoreSheet, {"lines": []}, "scores:small-2026-03-1”的lines应为"),
    (ScoreSheet, {"decided_by": "sun"}, "decided_by应为zheng，实为sun"),
    (ScoreSheet, {"period": "2026-02"}, "period应为2026-03，实为2026-02"),
    (GapTask, {"minus": "1"}, "gap:small-2026-03-1”的minus应为8，实为1"),
    (GapTask, {"due_at": NEVER}, "due_at应为"),
    (GapTask, {"state": "accepted"}, "state应为open，实为accepted"),
    (GapTask, {"answer": ""}, "answer应为已更换井盖"),
    (Observation, {"numerator": 60}, "observations:R1-01/yield”的numerator应为85，实为60"),
    (Observation, {"observed_at": NEVER}, "observed_at应为2026-03-05T06:30:00Z"),
    (Observation, {"file": "b.xlsx"}, "file应为三月.xlsx，实为b.xlsx"),
    (Observation, {"item": "R9"}, "observations:R1-01/yield”没有对应的行"),
    (Observation, {"item": "R9"}, "observations:R9/yield”在台账中没有记录"),
    (SchemeVersion, {"text": "schema = 1"}, "scheme:small/1”的text应为"),
]


def test_rows_that_verbs_wrote_are_what_the_log_says_and_others_are_named(whole):
    assert found() == []
    assert (HonorDecision.everything.count(), Objection.everything.count()) == (2, 2)
    for model, change, said in PLANTED:
        with transaction.atomic():
            first = manager(model).order_by("pk").first()
            manager(model).filter(pk=first.pk).update(**change)
            assert any(said in sentence for sentence in found()), (said, found())
            transaction.set_rollback(True)
    assert found() == []


def test_an_observation_points_at_the_sheet_that_told_of_it_last(city):
    observed(84, 85, 84)
    first = Entry.objects.filter(stream__startswith="observations:").order_by("pk").first()
    assert found() == []
    Observation.everything.update(entry=first)
    assert [s for s in found() if f"entry应为{first.stream}#2，实为{first.stream}#1" in s]
    Observation.everything.all().delete()
    assert [s for s in found() if "R1-01/yield”没有对应的行" in s]


def test_a_row_that_is_gone_or_whose_head_is_another_is_named(whole):
    with transaction.atomic():
        Objection.everything.all().delete()
        assert any("/objection/2”没有对应的行" in sentence for sentence in found())
        transaction.set_rollback(True)
    task = GapTask.everything.order_by("pk").first()
    other = GapTask.everything.order_by("pk").last()
    GapTask.everything.filter(pk=task.pk).update(head=other.head)
    assert [s for s in found() if "head应为" in s]


def manager(model):
    return getattr(model, "everything", model.objects)
