"""Packing, unpacking, and every flipped bit in between."""

import random
import tarfile
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger.backup import archive, jobs, manifest, restoring, schedule
from changxiao.ledger.backup.manifest import Facts, Manifest

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
FACTS = Facts("sqlite", "3.53.4", 3, 2, "ab" * 32, NOW.isoformat())


@pytest.fixture
def packed(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "photo").write_bytes(bytes(range(256)) * 20)
    (source / "key").write_bytes(b"secret")
    files = {"media/ab/photo.jpg": source / "photo", "keys/django": source / "key"}
    target = tmp_path / "backup.tar.gz"
    describe = partial(Manifest, made_at=NOW.isoformat(), product="0.1.0", facts=FACTS)
    archive.write(target, files, describe)
    return target


def test_what_was_packed_comes_back(packed, tmp_path):
    told = archive.unpack(packed, tmp_path / "out")

    assert told.moment == NOW
    assert set(told.files) == {"media/ab/photo.jpg", "keys/django"}
    assert (tmp_path / "out/keys/django").read_bytes() == b"secret"


def test_keys_come_back_closed_to_others(packed, tmp_path):
    archive.unpack(packed, tmp_path / "out")

    assert (tmp_path / "out/keys/django").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out/keys").stat().st_mode & 0o777 == 0o700
    assert packed.stat().st_mode & 0o777 == 0o600


def test_every_single_flipped_bit_is_found(packed, tmp_path):
    good = packed.read_bytes()
    chance = random.Random(20260302)
    places = {*range(54), *range(len(good) - 12, len(good)), *chance.sample(range(len(good)), 120)}
    for count, place in enumerate(sorted(places)):
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        packed.write_bytes(bad)
        with pytest.raises(Refused) as no:
            archive.unpack(packed, tmp_path / f"out{count}")
        assert no.value.code in {"backup_damaged", "backup_unreadable"}, place


@pytest.mark.parametrize("left", [0, 5, 100, -1, -9])
def test_a_backup_cut_short_is_found(packed, tmp_path, left):
    packed.write_bytes(packed.read_bytes()[:left])

    with pytest.raises(Refused):
        archive.unpack(packed, tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../evil", "media/../../evil", "/etc/evil", "other/file", "media"]
)
def test_an_archive_from_elsewhere_stays_in_its_folder(tmp_path, name):
    packed = tmp_path / "evil.tar.gz"
    evil = tmp_path / "evil"
    evil.write_bytes(b"x")
    describe = partial(Manifest, made_at=NOW.isoformat(), product="0.1.0", facts=FACTS)
    archive.write(packed, {name: evil}, describe)

    with pytest.raises(Refused, match="损坏"):
        archive.unpack(packed, tmp_path / "deep/out")


def test_a_backup_is_an_ordinary_tar_gz(packed):
    with tarfile.open(packed) as plain:
        assert plain.getnames() == ["media/ab/photo.jpg", "keys/django", "manifest.json"]


def test_a_link_is_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_add", partial(_as_link, archive._add))
    packed = tmp_path / "evil.tar.gz"
    (tmp_path / "x").write_bytes(b"")
    describe = partial(Manifest, made_at=NOW.isoformat(), product="0.1.0", facts=FACTS)
    archive.write(packed, {"keys/link": tmp_path / "x"}, describe)

    with pytest.raises(Refused):
        archive.unpack(packed, tmp_path / "out")


def _as_link(add, tar, name, source, size):
    if name.startswith("keys/"):
        link = tarfile.TarInfo(name)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        return "", 0
    return add(tar, name, source, size)


def test_a_failed_packing_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        archive.write(tmp_path / "b.tar.gz", {"keys/a": tmp_path / "absent"}, Manifest)

    assert list(tmp_path.iterdir()) == []


def test_a_manifest_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format"):
        manifest.from_bytes(b'{"format": 2}')


def test_a_restore_never_writes_over_a_city(packed, tmp_path):
    home = tmp_path / "home"
    (home / "vault/ab").mkdir(parents=True)
    (home / "vault/ab/photo").write_bytes(b"precious")

    with pytest.raises(Refused) as no:
        restoring.restore(packed, home)

    assert no.value.code == "home_not_empty"
    assert [path.name for path in home.iterdir()] == ["vault"]


def test_the_newest_copy_of_each_hour_and_day_is_kept():
    times = [NOW - timedelta(minutes=20 * step) for step in range(3 * 24 * 30)]

    kept = schedule.kept(times, NOW)

    # 24 newest hours, and the newest of 14 days; the two newest days' are among the hours.
    assert len(kept) == 36
    assert max(kept) == NOW
    assert min(kept) > NOW - timedelta(days=15)


def test_copies_older_than_a_month_stay_where_there_are_no_newer_ones():
    old = [NOW - timedelta(days=60), NOW - timedelta(days=90)]

    assert schedule.kept(old, NOW) == set(old)


def test_other_files_in_the_folder_are_never_removed(tmp_path):
    mine = tmp_path / "changxiao-before-upgrade.tar.gz"
    mine.write_bytes(b"")
    for step in range(60):
        (tmp_path / schedule.name(NOW - timedelta(hours=step))).touch()

    gone = schedule.prune(tmp_path, NOW)

    assert mine.exists()
    assert len(schedule.made(tmp_path)) + len(gone) == 60


def test_a_copy_is_due_each_hour_and_a_failed_rehearsal_again_after_one(tmp_path):
    assert schedule.due(tmp_path, NOW) == (True, True)
    (tmp_path / schedule.name(NOW)).touch()
    schedule.note_rehearsal(tmp_path, schedule.Rehearsal(NOW.isoformat(), "x", False, "?"))

    assert schedule.due(tmp_path, NOW + timedelta(minutes=59)) == (False, False)
    assert schedule.due(tmp_path, NOW + timedelta(minutes=60)) == (True, True)


def test_what_a_killed_backup_left_goes_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    left = folder("tmp") / "backup-x"
    left.mkdir()
    (left / "database.sqlite3").touch()
    made = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    (tmp_path / "mine.tar.gz").touch()

    assert jobs.sweep_leftovers(tmp_path, made + timedelta(hours=23)) == 0
    assert jobs.sweep_leftovers(tmp_path, made + timedelta(hours=25)) == 1
    assert not left.exists()
    assert (tmp_path / "mine.tar.gz").exists()
