"""An exported log is believed whole or not at all, and a refusal names the file."""

import io
import json
import tarfile
from datetime import UTC, datetime

import pytest

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger import checkpoints, export, exported, log, sequencer, signing, tree

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def members(tar):
    with tarfile.open(tar) as file:
        return {member.name: file.extractfile(member).read() for member in file}


def packed(path, held):
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as file:
        for name, data in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def held(write, tmp_path):
    """The files of an export of ten entries, signed at four and at eight."""
    for more in (4, 4):
        write(more)
        sequencer.drain()
        checkpoints.sign(MONDAY)
    write(2)
    sequencer.drain()
    export.export(tmp_path / "log.tar")
    return members(tmp_path / "log.tar")


@pytest.fixture
def read(tmp_path):
    def reading(held, **known):
        taken = []
        whole = exported.read(packed(tmp_path / "x.tar", held), taken.append, **known)
        return whole, taken

    return reading


@pytest.fixture
def refused(read):
    def refusal(held, **known):
        with pytest.raises(Refused) as no:
            read(held, **known)
        code, field = no.value.code, no.value.field
        assert code != "export_altered" or field in no.value.sentence
        return code, field

    return refusal


def test_every_entry_is_given_on_in_order_and_the_tree_is_known(held, read):
    whole, taken = read(held, key=str(signing.verifier()))
    assert [line.place for line in taken] == list(range(10))
    assert (whole.size, whole.signed) == (10, 8)
    assert [whole.root(size) for size in (1, 8, 10)] == [log.root(n).hex() for n in (1, 8, 10)]


@pytest.mark.parametrize("size", [0, 1, 256, 513])
def test_clean_logs_of_awkward_sizes_are_believed(write, read, tmp_path, size):
    write(size)
    sequencer.drain()
    checkpoints.sign(MONDAY)
    export.export(tmp_path / "log.tar")
    whole, _taken = read(members(tmp_path / "log.tar"))
    assert whole.root(size) == log.root(size).hex()


def test_one_altered_byte_anywhere_is_refused_by_its_file(held, refused):
    names = [name for name in held if not name.startswith("README") and held[name]]
    assert len(names) == 5  # no photos here
    for name in names:
        for place in range(0, len(held[name]), max(1, len(held[name]) // 60)):
            data = bytearray(held[name])
            data[place] ^= 1
            code, where = refused(held | {name: bytes(data)})
            told = {("export_altered", name)}
            if name == "log.json":  # another format, or another key
                told |= {("export_unreadable", "ledger"), ("key_unreadable", "key")}
            assert (code, where) in told


def test_a_missing_file_or_one_too_many_is_named(held, refused, read):
    del held["README.zh.md"]  # prose decides nothing
    read(held)
    for name in held:
        rest = {other: data for other, data in held.items() if other != name}
        if name == "checkpoints/000002.txt":
            assert read(rest)[0].signed == 4  # nothing tells of it, but what it covered
        elif not name.startswith("README"):
            needed = ("export_unreadable", "ledger")
            assert refused(rest) in {("export_altered", name), needed}
    bare = {name: data for name, data in held.items() if not name.startswith("checkpoints/")}
    assert refused(bare) == ("export_unsigned", "ledger")
    assert refused(held | {"tiles/0/001.p/1": b""}) == ("export_altered", "tiles/0/001.p/1")


def test_a_missing_entry_is_refused_wherever_it_was(held, refused):
    lines = held["entries.jsonl"].splitlines(keepends=True)
    for gone in range(10):
        text = b"".join(lines[:gone] + lines[gone + 1 :])
        assert refused(held | {"entries.jsonl": text})[0] == "export_altered"


def test_a_log_cut_short_in_every_file_is_told_by_the_checkpoint_that_was_kept(
    held, read, refused, tmp_path
):
    lines = held["entries.jsonl"].splitlines(keepends=True)[:7]
    leaves = [tree.leaf_hash(bytes.fromhex(json.loads(line)["hash"])) for line in lines]
    about = json.loads(held["log.json"]) | {"size": 7, "root": tree.root_of(leaves).hex()}
    short = {
        "log.json": json.dumps(about, indent=2, sort_keys=True).encode() + b"\n",
        "entries.jsonl": b"".join(lines),
        tree.tile_path(0, 0, 7): b"".join(leaves),
        "media.sha256": b"",
        "checkpoints/000001.txt": held["checkpoints/000001.txt"],
    }
    kept = tmp_path / "kept.txt"
    kept.write_bytes(held["checkpoints/000002.txt"])

    assert read(short)[0].signed == 4  # it fits in itself
    assert refused(short, kept=[kept]) == ("export_altered", "kept.txt")


def test_another_key_than_the_citys_opens_nothing(held, refused):
    name, _hint, coded = str(signing.verifier()).split("+", 2)
    assert refused(held, key=f"{name}+00000000+{coded}") == ("key_unreadable", "key")
    (folder("keys") / "ledger-ed25519").unlink()
    assert refused(held, key=str(signing.verifier())) == ("export_altered", "log.json")


def test_what_is_no_tar_is_no_export(tmp_path):
    (tmp_path / "x.tar").write_bytes(b"nothing")
    with pytest.raises(Refused) as no:
        exported.read(tmp_path / "x.tar", print)
    assert no.value.code == "export_unreadable"
