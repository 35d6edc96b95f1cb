"""The demo's walks: steady, within the shift, and the same when built again."""

from changxiao.ledger.models import Entry
from changxiao.patrols import samples
from changxiao.patrols.models import Patrol
from tests.support.cast import at


def test_a_fortnight_is_walked_once_and_stays_as_it_is(wang):
    built = samples.build(at(2, 12))

    walks = Patrol.everything.order_by("started_at")
    assert built == walks.count() >= 20
    assert {row.collector for row in walks} == {"wang"}
    assert len({row.started_at.date() for row in walks}) >= 10
    assert all(row.finished_at <= row.shift_end_at for row in walks)
    assert not walks.filter(started_at__gte=at(2, 12)).exists()

    entries = Entry.objects.count()
    assert samples.build(at(2, 12)) == 0
    assert Entry.objects.count() == entries


def test_whoever_walks_now_has_not_finished(wang):
    samples.build(at(2, 9, 30))

    assert Patrol.everything.filter(finished_at=None).count() == 1
