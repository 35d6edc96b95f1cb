"""The one order of all entries: gapless, whole batches, and late commits find their place."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from changxiao.kernel.act import Act
from changxiao.ledger import actions, log, sequencer, tree
from changxiao.ledger.models import Entry, Leaf, Node
from changxiao.ledger.tower import Tower


def test_entries_become_leaves_in_the_order_in_which_they_were_written(write):
    entries = write(5)
    assert sequencer.run_batch() == 5
    assert list(Leaf.objects.order_by("index").values_list("index", "entry_id")) == [
        (i, entry.id) for i, entry in enumerate(entries)
    ]
    assert Leaf.objects.get(index=0).hash == tree.leaf_hash(bytes.fromhex(entries[0].hash)).hex()


def test_a_second_batch_goes_on_where_the_first_ended(write):
    write(3)
    sequencer.run_batch()
    write(2)
    assert (sequencer.pending(), sequencer.run_batch(), sequencer.run_batch()) == (2, 2, 0)
    assert log.size() == 5


def test_small_batches_give_the_same_tree_as_one(write):
    write(600)
    while sequencer.run_batch(limit=170):
        pass
    leaves = [
        bytes.fromhex(h) for h in Leaf.objects.order_by("index").values_list("hash", flat=True)
    ]
    tower = Tower()
    tower.extend(leaves)
    assert log.root(600) == tree.root_of(leaves) == tower.root()
    assert Node.objects.count() == 2
    path = tree.inclusion(log.read, 300, 600)
    assert tree.includes(leaves[300], 300, 600, path, log.root(600))


def test_a_batch_that_fails_leaves_nothing_and_is_found_again(write, monkeypatch):
    write(300)
    grow = sequencer._grow
    monkeypatch.setattr(sequencer, "_grow", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sequencer.run_batch()
    assert (log.size(), Node.objects.count()) == (0, 0)

    monkeypatch.setattr(sequencer, "_grow", grow)
    assert sequencer.run_batch() == 300


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.django_db(transaction=True, available_apps=[])
class TestLateCommits:
    """PostgreSQL shows ids out of order: the lower one may be committed after the higher one."""

    @pytest.fixture(autouse=True)
    def emptied(self):
        yield
        tables = "ledger_entry, ledger_leaf, ledger_node"
        with connection.cursor() as cursor:
            for name in tables.split(", "):
                cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {tables} CASCADE")
            for name in tables.split(", "):
                cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")

    def test_an_entry_committed_late_is_not_passed_over(self):
        written, go = threading.Event(), threading.Event()
        late = threading.Thread(target=self._write_and_wait, args=(written, go))
        late.start()
        assert written.wait(10)
        self._write("case:fast")
        floor = sequencer.Floor()
        assert sequencer.run_batch(floor=floor) == 1
        for _again in range(3):
            floor.passed(Entry.objects.latest("id").id, patience=0)
        assert floor.id == 0, "the floor stays below an id that may still appear"

        go.set()
        late.join()
        assert sequencer.run_batch(floor=floor) == 1
        order = Leaf.objects.order_by("index").values_list("entry__stream", flat=True)
        assert list(order) == ["case:fast", "case:late"]
        self._settle(floor)
        assert floor.id == Entry.objects.latest("id").id

    def test_one_sequencer_at_a_time(self):
        self._write("case:1")
        counts = []
        with transaction.atomic():
            assert sequencer._sole()
            other = threading.Thread(target=self._batch, args=(counts,))
            other.start()
            other.join()
        assert counts == [0]

    def _settle(self, floor):
        # The oldest open transaction is the whole server's, other tests' databases included.
        patience = time.monotonic() + 60
        while floor.id == 0 and time.monotonic() < patience:
            floor.passed(Entry.objects.latest("id").id, patience=0)
            time.sleep(0.05)

    def _batch(self, counts):
        counts.append(sequencer.run_batch(floor=sequencer.Floor()))
        connections.close_all()

    def _write(self, stream):
        with transaction.atomic():
            act = Act(actor="wang", key=stream)
            actions.append(stream=stream, verb="report", act=act, body={}, head=None)

    def _write_and_wait(self, written, go):
        with transaction.atomic():
            self._write("case:late")
            written.set()
            assert go.wait(10)
        connections.close_all()
