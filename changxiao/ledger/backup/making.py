"""做备份 making: database first, then the files that its rows name.

Photos are put on disk before their row is written and are never changed, so files copied after the
database are all that it needs; one that came later is merely more.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path

import changxiao
from changxiao.kernel.home import folder
from changxiao.ledger.backup import archive, database, schedule
from changxiao.ledger.backup.manifest import Manifest

_FOLDERS = ("vault", "media", "keys", "evaluations")


def make(now: datetime, target: Path | None = None) -> tuple[Path, Manifest]:
    """备份: write `target`, by default `backups/` in the home under the time's name.

    Raises Refused: home_empty, tool_missing, tool_failed.
    """
    target = target or schedule.folder() / schedule.name(now)
    with tempfile.TemporaryDirectory(dir=folder("tmp"), prefix="backup-") as scratch:
        copied, facts = database.copy(Path(scratch))
        describe = partial(
            Manifest, made_at=now.isoformat(), product=changxiao.__version__, facts=facts
        )
        files = {copied.name: copied, **_files()}
        return target, archive.write(target, files, describe)


def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name in _FOLDERS:
        root = folder(name)
        for path in sorted(root.rglob("*")):
            # A leading dot is a draft that somebody is writing just now.
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                found[f"{name}/{path.relative_to(root).as_posix()}"] = path
    return found
