"""Proofs, checkpoints and witnesses, as people call them."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings

from changxiao import wiring
from changxiao.cli.ledger import ledger as command
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger import checkpoints, receipts, references, sequencer, signing, tree
from changxiao.ledger import export as exporting
from changxiao.ledger.models import Checkpoint
from changxiao.ledger.notes import Note

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def call(*words, fails=False):
    result = CliRunner().invoke(command, [*map(str, words)])
    if fails:
        return result.exception
    assert result.exit_code == 0, result.output or result.exception
    return result.stdout


def signed(write, count):
    write(count)
    sequencer.run_batch()
    return checkpoints.sign(MONDAY)


def test_a_case_proves_that_it_stands_in_a_signed_checkpoint(write):
    signed(write, 10)
    signed(write, 10)
    proof = json.loads(call("prove", "case:1"))

    note = Note.parse(proof["checkpoint"])
    assert signing.verifier().opens(proof["checkpoint"])
    assert note.size == proof["size"] == 20
    for entry in proof["entries"]:
        path = [bytes.fromhex(part) for part in entry["path"]]
        leaf = tree.leaf_hash(bytes.fromhex(entry["hash"]))
        assert tree.includes(leaf, entry["index"], note.size, path, note.root)


def test_a_receipt_alone_is_enough_to_ask_for_a_proof(write, tmp_path):
    slip = tmp_path / "receipt.json"
    slip.write_text(json.dumps(receipts.receipt(write(4)[2])))
    sequencer.run_batch()
    proof = json.loads(call("prove", slip))
    assert [entry["index"] for entry in proof["entries"]] == [2]
    assert proof["checkpoint"] == ""


def test_what_is_not_in_the_log_has_no_proof(write):
    write(1)
    assert call("prove", "case:1", fails=True).code == "not_in_log"
    assert call("prove", "case:none", fails=True).code == "not_in_log"


def test_a_witness_cosigns_what_grew_from_what_it_remembers(write, tmp_path):
    memory = tmp_path / "memory.json"
    signed(write, 10)
    city = call("key").strip()
    first = call("witness", "--memory", memory, "--key", city, "--name", "audit.example")
    signed(write, 7)
    proof = tmp_path / "proof.json"
    proof.write_text(call("prove", "--since", 10))
    second = call("witness", proof, "--memory", memory)
    assert json.loads(memory.read_text())["size"] == 17
    assert all(text.count("— audit.example ") == 1 for text in (first, second))


def test_a_witness_refuses_a_log_that_did_not_grow_from_what_it_remembers(write, tmp_path):
    memory = tmp_path / "memory.json"
    signed(write, 10)
    call("witness", "--memory", memory, "--key", call("key").strip())
    known = json.loads(memory.read_text())
    memory.write_text(json.dumps({**known, "root": "0" * 64}))
    signed(write, 7)
    no = call("witness", "--memory", memory, fails=True)
    assert isinstance(no, Refused) and no.code == "witness_fork"
    assert json.loads(memory.read_text())["size"] == 10


def test_a_witness_needs_the_citys_key_from_outside(write, tmp_path):
    signed(write, 3)
    assert call("witness", "--memory", tmp_path / "m", fails=True).code == "witness_key"


def test_state_that_the_log_would_not_give_is_code_6(write, monkeypatch):
    write(3)
    monkeypatch.setattr(wiring, "REPLAYS", {"case:": f"{__name__}.replay"})
    result = CliRunner().invoke(command, ["verify", "--state"])
    assert result.exit_code == 6
    assert "case:1" in result.stderr


def replay():
    yield "case:1 stands at filed, its entries say closed"


def test_a_checkpoint_is_due_once_a_day_and_only_for_news(write):
    midnight = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert not checkpoints.daily_due(midnight), "an empty log is no news"
    write(3)
    sequencer.run_batch()
    assert checkpoints.daily_due(midnight + timedelta(minutes=6)), "the first one at once"
    checkpoints.sign(midnight + timedelta(minutes=6))
    write(1)
    sequencer.run_batch()
    assert not checkpoints.daily_due(midnight + timedelta(hours=23, minutes=59))
    assert checkpoints.daily_due(midnight + timedelta(hours=24, minutes=5))


def test_a_checkpoint_is_signed_when_enough_has_gathered(write, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY", 5)
    checkpoints.sign(MONDAY)
    for count in (4, 1, 4, 1):
        write(count)
        sequencer.run_batch()
        checkpoints.sweep(MONDAY)
    assert [row.size for row in Checkpoint.objects.order_by("number")] == [0, 5, 10]


def test_the_command_signs_at_once(write):
    write(3)
    note = call("checkpoint")
    assert Note.parse(note).size == 3
    assert Checkpoint.objects.get().note == note


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe\x00", b'{"act_key": "1"}'])
def test_a_file_that_is_no_receipt_or_proof_is_refused_by_name(tmp_path, content):
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(content)
    memory = tmp_path / "memory.json"

    assert call("prove", wrong, fails=True).code == "file_unreadable"
    words = ("witness", wrong, "--memory", memory, "--key", signing.verifier())
    assert call(*words, fails=True).code == "file_unreadable"
    assert call("verify", "--checkpoint", wrong, fails=True).code == 5
    assert call("verify", "--key", "junk", fails=True).code == "key_unreadable"
    assert not memory.exists()


def test_the_line_of_a_printed_qr_finds_its_entry(write, tmp_path):
    entry = write(6)[3]
    sequencer.run_batch()
    line = str(references.reference(entry))

    proof = json.loads(call("prove", line))
    assert [(one["n"], one["hash"], one["index"]) for one in proof["entries"]] == [
        (entry.n, entry.hash, 3)
    ]
    assert independently(tmp_path, line) == 0


def test_the_line_stays_the_same_when_the_log_grows(write):
    entry = write(3)[2]
    sequencer.run_batch()
    line = str(references.reference(entry))
    write(300)
    sequencer.run_batch()

    assert str(references.reference(entry)) == line
    assert json.loads(call("prove", line))["size"] == 303


def changed(line, place, value):
    words = line.split()
    words[place] = value(words[place])
    return " ".join(words)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (1, lambda origin: f"other.{origin}"),
        (2, lambda size: str(int(size) + 1)),
        (3, lambda index: str(int(index) - 1)),
        (4, lambda digest: "0" * 64),
        (5, lambda root: "f" * 64),
    ],
    ids=["origin", "size", "index", "hash", "root"],
)
def test_a_line_with_any_word_changed_agrees_with_no_log(write, tmp_path, place, value):
    entry = write(6)[3]
    sequencer.run_batch()
    line = changed(str(references.reference(entry)), place, value)

    assert call("prove", line, fails=True).code == "not_in_log"
    assert independently(tmp_path, line) == 8


@pytest.mark.parametrize("text", ["cx-proof-v1", "cx-proof-v1 a 1 0 x y", "cx-proof-v1 " * 5])
def test_what_is_no_line_is_said_so(write, text):
    write(1)
    assert call("prove", text, fails=True).code == "reference_unreadable"


def test_an_entry_without_a_place_has_no_line_yet(write):
    assert references.reference(write(1)[0]) is None


def independently(folder, line):
    """What tools/verify_ledger.py says of an export and the line, as an auditor calls it."""
    file = folder / "log.tar"
    with scope.viewing(scope.system("test")):
        exporting.export(file)
    tool = settings.BASE_DIR.parent / "tools" / "verify_ledger.py"
    done = subprocess.run(
        [sys.executable, tool, file, "--proof", line], capture_output=True, check=False
    )
    return done.returncode
