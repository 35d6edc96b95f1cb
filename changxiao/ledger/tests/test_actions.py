"""The one way into the log: append, keys that come again, personal values."""

from datetime import timedelta
from unittest.mock import Mock, patch

import pytest
import rfc8785
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions, chain
from changxiao.ledger.models import Entry, PrivateValue
from changxiao.ledger.refusals import KeyReused, Replayed

pytestmark = pytest.mark.django_db


def act(key="k1", **words):
    return Act(actor="wang", post="collector", key=key, **words)


def test_the_first_entry_of_a_stream_hangs_on_the_name_of_the_stream():
    entry = actions.append(stream="case:1", verb="report", act=act(), body={"a": 1}, head=None)

    entry.refresh_from_db()
    assert (entry.n, entry.prev) == (1, chain.first("case:1").hex())
    assert entry.hash == chain.link(chain.first("case:1"), actions.framed(entry)).hex()


def test_an_entry_is_framed_exactly_as_rfc_8785_would():
    entry = actions.append(
        stream="case:乙", verb="report", act=act(note='引"号\n'), body={"z": [None, "é"]}, head=None
    )
    whole = {
        "stream": entry.stream,
        "n": 1,
        "verb": "report",
        "actor": "wang",
        "on_behalf": "",
        "act_key": "k1",
        "occurred_at": None,
        "at": chain.timestamp(entry.at),
        "recorded_at": chain.timestamp(entry.recorded_at),
        "body": entry.data,
    }
    assert actions.framed(entry) == rfc8785.dumps(whole)


def test_appending_with_the_head_in_hand_is_one_statement():
    head = actions.append(stream="case:1", verb="report", act=act(), body={}, head=None)
    with CaptureQueriesContext(connection) as queries:
        entry = actions.append(stream="case:1", verb="accept", act=act("k2"), body={}, head=head)
    assert len(queries) == 1
    assert (entry.n, entry.prev) == (2, head.hash)


def test_without_a_head_the_last_entry_is_looked_up():
    actions.append(stream="case:1", verb="report", act=act(), body={})
    entry = actions.append(stream="case:1", verb="accept", act=act("k2"), body={})
    assert entry.n == 2


def test_the_same_act_sent_twice_is_answered_with_the_stored_entry():
    first = actions.append(stream="case:1", verb="report", act=act(digest="d"), body={}, head=None)
    with pytest.raises(Replayed) as again:
        actions.append(stream="case:2", verb="report", act=act(digest="d"), body={}, head=None)
    assert again.value.entry == first
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("verb", "words"),
    [("report", {"digest": "other"}), ("accept", {"digest": "d"})],
)
def test_a_used_key_with_other_content_is_refused(verb, words):
    actions.append(stream="case:1", verb="report", act=act(digest="d"), body={}, head=None)
    with pytest.raises(KeyReused) as no:
        actions.append(stream="case:2", verb=verb, act=act(**words), body={}, head=None)
    assert no.value.code == "key_reused"
    assert Entry.objects.count() == 1


def test_another_person_cannot_use_the_key():
    actions.append(stream="case:1", verb="report", act=act(), body={}, head=None)
    with pytest.raises(KeyReused):
        actions.append(
            stream="case:2", verb="report", act=Act(actor="li", key="k1"), body={}, head=None
        )


def test_a_key_belongs_to_one_stream_after_its_first_entry():
    for stream in ("case:1", "case:2"):
        actions.append(stream=stream, verb="report", act=act(stream), body={}, head=None)
    actions.append(stream="case:1", verb="close", act=act("close"), body={})
    with pytest.raises(KeyReused):
        actions.append(stream="case:2", verb="close", act=act("close"), body={})


def test_two_writers_at_one_place_have_one_winner():
    head = actions.append(stream="case:1", verb="report", act=act(), body={}, head=None)
    actions.append(stream="case:1", verb="accept", act=act("k2"), body={}, head=head)
    with pytest.raises(Refused) as no:
        actions.append(stream="case:1", verb="decline", act=act("k3"), body={}, head=head)
    assert no.value.code == "stream_moved"
    assert Entry.objects.count() == 2


def test_a_clock_set_back_does_not_turn_the_stream_back():
    head = actions.append(stream="case:1", verb="report", act=act(), body={}, head=None)
    head.recorded_at = timezone.now() + timedelta(hours=1)
    entry = actions.append(stream="case:1", verb="accept", act=act("k2"), body={}, head=head)
    assert entry.recorded_at == entry.at == head.recorded_at
    assert actions.legal_time(act(), head) == head.recorded_at


def test_an_import_brings_its_own_legal_time_and_says_so():
    then = timezone.now() - timedelta(days=3000)
    entry = actions.append(
        stream="case:1", verb="report", act=act(at=then, origin="import:dc311"), body={}, head=None
    )
    assert entry.at == then < entry.recorded_at
    assert entry.act == {"post": "collector", "origin": "import:dc311"}


@pytest.mark.parametrize("body", [{"lon": 116.7}, {"n": 2**53}, {"when": timezone}, {1: "a"}])
def test_numbers_that_readers_disagree_on_stay_out_of_the_log(body):
    with pytest.raises(TypeError):
        actions.append(stream="case:1", verb="report", act=act(), body=body, head=None)
    assert not Entry.objects.exists()


def test_an_erased_value_leaves_its_commitment_and_an_entry():
    commit = actions.seal("13800000000")
    assert actions.reveal(commit) == "13800000000"

    entry = actions.erase(commit, Act.system("retention"))

    assert actions.reveal(commit) is None
    assert not PrivateValue.objects.exists()
    assert (entry.verb, entry.data["commit"], entry.data["deleted"]) == ("erase", commit, True)


def test_the_same_value_sealed_twice_cannot_be_recognised():
    assert actions.seal("王") != actions.seal("王")


def test_appending_outside_a_transaction_is_a_mistake_of_the_caller():
    bare = patch.object(actions, "connection", Mock(in_atomic_block=False))
    with bare, pytest.raises(transaction.TransactionManagementError):
        actions.append(stream="case:1", verb="report", act=act(), body={}, head=None)
