"""A-01 for photos: stop anywhere, and no row names a missing file; what is left over is swept."""

import threading
from datetime import timedelta
from itertools import count

import pytest

from changxiao.kernel.home import folder
from changxiao.ledger.media import actions, files, jobs, sandbox
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import corpus
from changxiao.ledger.media.tests.conftest import MONDAY

LATER = timedelta(hours=2)


class Killed(BaseException):
    """Stands in for kill -9: no handler of ours catches it."""


def now():
    from django.utils import timezone

    return timezone.now()


def strays():
    """Files of the vault and the media folder that no row names."""
    named = set()
    for photo in Photo.objects.all():
        named |= {files.original_path(photo.sha256), photo.file(), photo.file(thumbnail=True)}
    found = {p for name in ("vault", "media") for p in folder(name).rglob("*") if p.is_file()}
    assert named <= found, "a row names a missing file"
    return found - named


def kill_at(monkeypatch, target, name, nth):
    real, calls = getattr(target, name), count(1)

    def dying(*args, **kwargs):
        if next(calls) == nth:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(target, name, dying)


@pytest.mark.parametrize(
    ("target", "name", "nth"),
    [
        (sandbox, "clean", 1),
        (files, "put", 1),
        (files, "put", 2),
        (files, "put", 3),
        (files.os, "fsync", 3),
        (files.os, "fsync", 5),
        (files.os, "fsync", 8),
        (actions, "_record", 1),
        (actions.ledger, "seal", 1),
        (actions.ledger, "append", 1),
    ],
    ids=lambda value: str(getattr(value, "__name__", value)).rpartition(".")[2],
)
def test_a_kill_before_the_commit_leaves_no_row_and_is_swept(store, monkeypatch, target, name, nth):
    with monkeypatch.context() as patch:
        kill_at(patch, target, name, nth)
        with pytest.raises(Killed):
            store()
    assert Photo.objects.count() == 0

    jobs.sweep_orphans(now() + LATER)
    assert strays() == set()
    assert list(folder("tmp").iterdir()) == []


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_after_a_kill_the_same_upload_succeeds(store, monkeypatch, nth):
    with monkeypatch.context() as patch:
        kill_at(patch, files, "put", nth)
        with pytest.raises(Killed):
            store()
    store(label="again")

    assert strays() == set()
    assert Photo.objects.count() == 1


def test_the_sweep_spares_what_a_row_names(store):
    photo = store()
    with files.claim(photo.sha256) as claim:  # as after a kill between commit and tidying up
        claim.lay()
    jobs.sweep_orphans(now() + LATER)

    assert strays() == set()
    assert not files.claim_path(photo.sha256).exists()


def test_the_sweep_leaves_alone_what_is_being_stored(own_home, db):
    files.put(files.original_path("ab" * 32), b"x")
    with files.claim("ab" * 32) as claim:
        claim.lay()
        assert jobs.sweep_orphans(now() + LATER) == 0
    assert jobs.sweep_orphans(now()) == 0  # and what is young
    assert jobs.sweep_orphans(now() + LATER) == 1


def test_an_abandoned_part_is_swept(own_home, db):
    (folder("tmp") / "x.jpg.abc.part").write_bytes(b"half")

    assert jobs.sweep_orphans(now() + LATER) == 1


def test_one_content_is_claimed_by_one_at_a_time(own_home):
    inside, worst = [], []

    def hold():
        with files.claim("cd" * 32):
            inside.append(1)
            worst.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=hold) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(worst) == 1 and len(worst) == 20
    assert list(folder("tmp").iterdir()) == []


def test_a_photo_is_swept_by_the_clock_of_its_files(store):
    assert store(corpus.street()).created_at == MONDAY
    assert jobs.sweep_orphans(MONDAY) == 0
