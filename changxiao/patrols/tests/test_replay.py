"""The log alone gives every walk and every missed report; what differs is named."""

import pytest

from changxiao.patrols import actions, replay
from changxiao.patrols.models import MissedReport, Patrol
from changxiao.patrols.tests.conftest import did, own
from changxiao.patrols.tests.test_missed import intake, proposed
from tests.support.cast import at

__all__ = ["proposed"]


def found():
    return [*replay.check_patrols(), *replay.check_missed()]


@pytest.fixture
def objected(proposed, wang, grid):
    """All the way to an objection, and a second walk that still goes on."""
    missed = actions.confirm_missed(proposed, act=intake())
    missed = actions.object_missed(missed, act=did(when=at(3, 9), note="有车停在上面"))
    with own(area=grid.code):
        actions.start_patrol(grid=grid.code, act=did(when=at(3, 9)))
    return missed


def test_rows_that_verbs_wrote_are_what_the_log_says(objected):
    assert Patrol.everything.count() == 2 and found() == []


@pytest.mark.parametrize(
    ("model", "change", "said"),
    [
        (Patrol, {"collector": "wu"}, "collector应为wang，实为wu"),
        (Patrol, {"finished_at": at(2, 9, 31)}, "finished_at应为"),
        (Patrol, {"n": 7}, "n应为2，实为7"),
        (Patrol, {"number": "202603029999"}, "没有对应的行"),
        (MissedReport, {"state": "confirmed"}, "state应为objected，实为confirmed"),
        (MissedReport, {"object_until": None}, "object_until应为"),
    ],
)
def test_a_row_that_was_changed_behind_the_verbs_is_named(objected, model, change, said):
    first = model.everything.order_by("pk").first()
    model.everything.filter(pk=first.pk).update(**change)
    assert any(said in sentence for sentence in found()), found()


def test_a_report_about_another_walk_is_named(objected):
    other = Patrol.everything.order_by("pk").last()
    MissedReport.everything.update(patrol=other)
    assert [s for s in replay.check_missed() if "patrol应为" in s]
