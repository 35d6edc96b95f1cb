"""恢复 restoring: a backup into an empty home, every hash proven before anything is in place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from changxiao.kernel.home import folder
from changxiao.ledger.backup import archive, database, refusals
from changxiao.ledger.backup.manifest import Manifest

SQLITE_NAME = "changxiao.sqlite3"
# Made by merely looking at a home (settings); they are no city yet.
_UNINHABITED = frozenset({"django"})
_VERIFY = (sys.executable, "-c", "from changxiao.cli import main; main()", "ledger", "verify")
_VERIFY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Verdict:
    """验证结论: `code` is the exit code of `changxiao ledger verify`, `said` its words."""

    code: int
    said: str

    @property
    def ok(self) -> bool:
        return self.code == 0


def restore(file: Path, home: Path) -> Manifest:
    """恢复: `file` into the empty `home`; PostgreSQL's part into the empty DATABASE_URL.

    Raises Refused: home_not_empty, backup_unreadable, backup_damaged, wrong_engine, tool_missing.
    """
    require_empty(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=home, prefix=".restore-"))
    try:
        packed = archive.unpack(file, staging)
        if packed.facts.engine == "sqlite" and connection.vendor != "sqlite":
            # The home would hold one city and DATABASE_URL name another.
            raise refusals.wrong_engine("sqlite")
        _check_database(staging)
        if (staging / database.DUMP_FILE).exists():
            database.load(staging / database.DUMP_FILE)
        _settle(staging, home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return packed


def require_empty(home: Path) -> None:
    """要求空目录: Refused home_not_empty where a city, a photo or a key of one already is."""
    taken = [home / SQLITE_NAME]
    folders = ("media", "vault", "evaluations")
    taken += [path for name in folders for path in (home / name).rglob("*")]
    taken += [path for path in (home / "keys").glob("*") if path.name not in _UNINHABITED]
    if any(path.is_file() for path in taken):
        raise refusals.not_empty(home)


def _check_database(staging: Path) -> None:
    copied = staging / database.SQLITE_FILE
    if copied.exists() and (wrong := database.intact(copied)):
        raise refusals.damaged(wrong[0])


def _settle(staging: Path, home: Path) -> None:
    """Into place by renames; the database last, for a home is one when it has a database."""
    for name in ("vault", "media", "keys", "evaluations"):
        if (staging / name).is_dir():
            shutil.rmtree(home / name, ignore_errors=True)
            (staging / name).replace(home / name)
    copied = staging / database.SQLITE_FILE
    if copied.exists():
        copied.replace(home / SQLITE_NAME)
    descriptor = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verify(home: Path, packed: Manifest) -> Verdict:
    """验证: the whole log of a restored home and its photos, in a process whose home it is."""
    environment = {**os.environ, "CHANGXIAO_HOME": str(home)}
    if packed.facts.engine == "sqlite":
        environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [*_VERIFY, "--media"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_VERIFY_SECONDS,
        check=False,
    )
    said = done.stdout if done.returncode == 0 else done.stdout + done.stderr
    return Verdict(done.returncode, said.strip())


def rehearse(file: Path) -> tuple[Manifest, Verdict]:
    """演练恢复: unpack a backup into a folder of its own, verify it, and throw the folder away.

    Of a PostgreSQL backup the files and the dump are proven by their hashes, and the dump's list of
    contents is read; its rows are not loaded, for that takes a database of its own.
    """
    with tempfile.TemporaryDirectory(dir=folder("tmp"), prefix="rehearsal-") as scratch:
        home = Path(scratch) / "home"
        home.mkdir(mode=0o700)
        packed = archive.unpack(file, home)
        dump = home / database.DUMP_FILE
        if dump.exists():
            database.readable(dump)
            return packed, Verdict(0, "")
        _check_database(home)
        (home / database.SQLITE_FILE).replace(home / SQLITE_NAME)
        return packed, verify(home, packed)


def as_json(packed: Manifest) -> dict[str, object]:
    """备份概况, for `--json`."""
    told: dict[str, object] = json.loads(packed.to_bytes())
    files = packed.files
    return told | {"files": len(files), "bytes": sum(size for _hash, size in files.values())}
