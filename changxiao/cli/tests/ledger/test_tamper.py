"""A-04: every trick is found by both verifiers, with the same code and first bad index."""

import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction

from changxiao.cli.ledger import ledger as command
from changxiao.cli.tests.ledger import tampering
from changxiao.cli.tests.ledger.tampering import TRICKS
from changxiao.kernel.act import Act
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger import (
    actions,
    checkpoints,
    export,
    exported,
    health,
    log,
    receipts,
    sequencer,
    signing,
)
from changxiao.ledger.models import Checkpoint, Entry

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SCRIPT = Path(__file__).resolve().parents[4] / "tools" / "verify_ledger.py"


def load_script():
    spec = importlib.util.spec_from_file_location("verify_ledger", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load_script()


@pytest.fixture
def log40(write):
    """Forty entries of three cases, signed at twenty and at forty."""
    for _half in range(2):
        write(18)
        write(2)
        sequencer.run_batch()
        checkpoints.sign(MONDAY)


@pytest.fixture
def undone(log40):
    """What is done behind the product's back is taken back at the end."""
    point = transaction.savepoint()
    tampering.open_tables()
    yield
    transaction.savepoint_rollback(point)


def ours(*options):
    result = CliRunner().invoke(command, ["verify", "--json", *map(str, options)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    about = json.loads(result.stdout)
    first = about["findings"][0] if about["findings"] else {"index": None}
    assert result.exit_code == about["code"]
    return about["code"], first["index"]


def theirs(tmp_path, *, key="", kept=(), slips=()):
    tar = tmp_path / "log.tar"
    export.export(tar)
    return judged(tar, key=key, kept=kept, slips=slips)


def judged(tar, *, key="", kept=(), slips=()):
    findings, _log = script.verify(str(tar), key, [str(path) for path in kept], list(slips), [])
    found = findings.ordered()
    return found[0][:2] if found else (0, None)


def test_a_clean_log_raises_no_alarm(log40, tmp_path):
    assert ours() == theirs(tmp_path) == (0, None)
    assert ours("--from", 20) == (0, None)


def test_an_empty_log_raises_no_alarm(db, tmp_path):
    assert ours() == theirs(tmp_path) == (0, None)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_clean_logs_of_awkward_sizes_raise_no_alarm(write, tmp_path, size):
    write(size)
    sequencer.run_batch(limit=100)
    while sequencer.run_batch(limit=100):
        pass
    checkpoints.sign(MONDAY)
    assert ours() == theirs(tmp_path) == (0, None)
    assert ours("--from", size // 2) == (0, None)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_tampering_is_found_by_both_verifiers(undone, tmp_path, trick):
    trick.play()
    assert ours() == (trick.code, trick.index)
    assert theirs(tmp_path) == (trick.code, trick.index)
    with pytest.raises(Refused):  # and by whoever reads an export for its facts
        exported.read(tmp_path / "log.tar", lambda _line: None)


def test_the_public_pictures_of_an_export_are_no_alarm(write, tmp_path):
    entry = write(1, "photo:a")[0]
    parts = [{"role": "public", "sha256": "0" * 64}]
    body = {"media": parts, "pipeline": "1"}
    act = Act(actor="wang", key="redact-1")
    actions.append(stream="photo:a", verb="redact_photo", act=act, body=body, head=entry)
    sequencer.run_batch()
    checkpoints.sign(MONDAY)

    assert theirs(tmp_path) == (0, None)
    exported.read(tmp_path / "log.tar", lambda _line: None)


def test_a_column_of_a_checkpoint_that_contradicts_its_note_is_found(undone):
    tampering.forge_column()
    assert ours() == (5, None)


def test_a_stored_subtree_that_was_changed_is_found(write, tmp_path):
    write(300)
    sequencer.run_batch()
    point = transaction.savepoint()
    tampering.open_tables()
    tampering.sql("UPDATE ledger_node SET hash = %s", "0" * 64)
    assert ours() == (3, 0)
    assert theirs(tmp_path)[0] == 3
    transaction.savepoint_rollback(point)


def test_an_entry_that_waits_for_its_place_is_guarded_by_its_chain(write):
    write(3)
    point = transaction.savepoint()
    tampering.open_tables()
    tampering.set_entry(Entry.objects.earliest("id"), actor="li")
    assert ours() == (2, 0)
    transaction.savepoint_rollback(point)


def test_yesterdays_backup_contradicts_a_checkpoint_that_somebody_kept(undone, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text(Checkpoint.objects.get(number=2).note)
    tampering.truncate()
    tampering.sql("DELETE FROM ledger_checkpoint WHERE number = 2")
    assert ours() == (0, None)
    assert ours("--checkpoint", kept) == theirs(tmp_path, kept=[kept]) == (4, 33)


def test_a_log_signed_with_another_key_fails_against_the_key_that_was_kept(log40, tmp_path):
    city = str(signing.verifier())
    (folder("keys") / "ledger-ed25519").unlink()
    assert ours() == theirs(tmp_path) == (5, None)
    assert ours("--key", city) == theirs(tmp_path, key=city) == (0, None)


def test_a_receipt_proves_that_its_entry_was_taken_out(write, tmp_path):
    entry = write(3)[-1]
    slip = receipts.receipt(entry)
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(slip))
    sequencer.run_batch()
    assert ours("--receipt", path) == theirs(tmp_path, slips=[slip]) == (0, None)

    point = transaction.savepoint()
    tampering.open_tables()
    tampering.sql("DELETE FROM ledger_leaf WHERE entry_id = %s", entry.id)
    tampering.sql("DELETE FROM ledger_entry WHERE id = %s", entry.id)
    assert ours("--receipt", path) == theirs(tmp_path, slips=[slip]) == (8, None)
    transaction.savepoint_rollback(point)


def test_a_forged_receipt_is_no_evidence(write, tmp_path):
    slip = {**receipts.receipt(write(1)[0]), "hash": "0" * 64}
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(slip))
    sequencer.run_batch()
    assert ours("--receipt", path) == theirs(tmp_path, slips=[slip]) == (5, None)


def rewritten(source, target, name, change):
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            data = old.extractfile(member).read()
            data = change(data) if member.name == name else data
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("entries.jsonl", lambda data: data.replace(b'"wang"', b'"li"', 1), 2),
        ("entries.jsonl", lambda data: data.replace(b'"n":1', b'"n": 1', 1), 2),
        ("entries.jsonl", lambda data: data[: data.rstrip().rfind(b"\n") + 1], 3),
        ("entries.jsonl", lambda data: data + b"{}\n", 2),
        ("tiles/0/000.p/40", lambda data: data[:-1] + b"\x00", 3),
        ("log.json", lambda data: data.replace(b'"size": 40', b'"size": 41'), 3),
        ("checkpoints/000002.txt", lambda data: data.replace(b"\n40\n", b"\n41\n"), 5),
        ("media.sha256", lambda data: data + b"0" * 64 + b"  original\n", 7),
    ],
)
def test_an_edited_export_is_found(log40, tmp_path, name, change, code):
    export.export(tmp_path / "good.tar")
    rewritten(tmp_path / "good.tar", tmp_path / "bad.tar", name, change)
    assert judged(tmp_path / "bad.tar")[0] == code


def test_the_same_log_gives_the_same_bytes(log40, tmp_path):
    one, two = tmp_path / "1.tar", tmp_path / "2.tar"
    result = CliRunner().invoke(command, ["export", "--to", str(one)])
    export.export(two)
    assert result.exit_code == 0
    assert one.read_bytes() == two.read_bytes()


def test_the_independent_verifier_runs_on_a_bare_python(log40, tmp_path):
    export.export(tmp_path / "log.tar")
    bare = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path / "log.tar")]
    run = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(f"whole: 40 entries, root {log.root(40).hex()}")
    assert "cryptography" in run.stderr


def test_the_independent_verifier_says_what_is_no_export(tmp_path):
    (tmp_path / "x.tar").write_text("no")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "x.tar")], capture_output=True, check=False
    )
    assert run.returncode == 1


def test_a_broken_log_is_not_signed(undone):
    tampering.flip_body()
    with pytest.raises(Refused) as no:
        checkpoints.sign(MONDAY)
    assert no.value.code == "ledger_red"
    assert Checkpoint.objects.count() == 2
    assert "7" in health.problems(MONDAY)[0]
    checkpoints.sweep(MONDAY)
    assert Checkpoint.objects.count() == 2


def test_erasing_a_persons_value_leaves_every_hash_whole(log40, tmp_path):
    commit = actions.seal("13800000000")
    act = Act(actor="wang", key="with-phone")
    actions.append(stream="case:9", verb="report", act=act, body={"phone": commit}, head=None)
    actions.erase(commit, Act.system("retention"))
    sequencer.run_batch()
    checkpoints.sign(MONDAY)
    assert ours() == theirs(tmp_path) == (0, None)


def test_swapped_photos_are_found(write, tmp_path):
    from changxiao.ledger import audit_media
    from changxiao.ledger.media import files, vault

    names = []
    for number, content in enumerate((b"one", b"two")):
        digest = {role: script.H(content, role.encode()) for role in ("rendition", "thumbnail")}
        original = script.H(content).hex()
        names.append(original)
        files.put(files.original_path(original), vault.seal(content, original, MONDAY))
        for role, value in digest.items():
            path = files.rendition_path(original, "p1", thumbnail=role == "thumbnail")
            files.put(path, content + role.encode())
            assert script.H(path.read_bytes()) == value
        media = [{"role": "original", "sha256": original}]
        media += [{"role": role, "sha256": value.hex()} for role, value in digest.items()]
        act = Act(actor="wang", key=f"photo-{number}")
        body = {"media": media, "pipeline": "p1"}
        actions.append(
            stream=f"photo:{original}", verb="store_photo", act=act, body=body, head=None
        )
    sequencer.run_batch()
    assert ours("--media") == theirs(tmp_path) == (0, None)

    one, two = (files.rendition_path(name, "p1") for name in names)
    shutil.move(one, tmp_path / "aside")
    shutil.move(two, one)
    shutil.move(tmp_path / "aside", two)
    assert ours("--media") == (7, 0)
    assert len(list(audit_media.check())) == 2
