"""备份计划 schedule: a copy an hour, a restore rehearsed a day, and which old copies may go."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from changxiao.kernel import home

HOURLY = timedelta(hours=1)
DAILY = timedelta(days=1)
KEEP_HOURS, KEEP_DAYS = 24, 14
_NAME = re.compile(r"changxiao-(\d{8}T\d{6}Z)\.tar\.gz")
_FORM = "%Y%m%dT%H%M%SZ"
_MARK = "rehearsal.json"


def folder() -> Path:
    """备份目录: CHANGXIAO_BACKUPS (another disk is wise), by default `backups/` in the home."""
    named = os.environ.get("CHANGXIAO_BACKUPS", "")
    if not named:
        return home.folder("backups")
    path = Path(named)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def name(at: datetime) -> str:
    """文件名: tells its time in UTC, so that names sort by age."""
    return f"changxiao-{at.astimezone(UTC).strftime(_FORM)}.tar.gz"


def made(where: Path) -> dict[datetime, Path]:
    """已有备份: by time, oldest first; other files in the folder are none of ours."""
    found = ((_NAME.fullmatch(path.name), path) for path in sorted(where.glob("changxiao-*")))
    return {
        datetime.strptime(match[1], _FORM).replace(tzinfo=UTC): path
        for match, path in found
        if match
    }


def kept(times: Iterable[datetime], now: datetime) -> set[datetime]:
    """保留: the newest of each of the last 24 hours and of each of the last 14 days that have one.

    Counted in hours and days with a copy, so that a machine switched off for a month loses nothing.
    """
    keep: set[datetime] = set()
    for form, most in (("%Y%m%d%H", KEEP_HOURS), ("%Y%m%d", KEEP_DAYS)):
        newest: dict[str, datetime] = {}
        for at in sorted(times):
            newest[at.astimezone(UTC).strftime(form)] = at
        keep.update(sorted(newest.values())[-most:])
    return keep | {at for at in times if at > now}  # a wrong clock is no reason to delete


def prune(where: Path, now: datetime) -> list[Path]:
    """清理: remove copies that are not to be kept; says which."""
    copies = made(where)
    keep = kept(list(copies), now)
    gone = [path for at, path in copies.items() if at not in keep]
    for path in gone:
        path.unlink()
    return gone


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """演练记录: when a copy was last restored for trial, which one, and how it went."""

    at: str
    file: str
    ok: bool
    said: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def last_rehearsal(where: Path) -> Rehearsal | None:
    """最近一次演练, or None."""
    try:
        return Rehearsal(**json.loads((where / _MARK).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def note_rehearsal(where: Path, done: Rehearsal) -> None:
    """记下演练."""
    draft = where / f".{_MARK}"
    draft.write_text(json.dumps(asdict(done), ensure_ascii=False), encoding="utf-8")
    draft.replace(where / _MARK)


def due(where: Path, now: datetime) -> tuple[bool, bool]:
    """到期: whether a copy is due, and whether a rehearsal is."""
    newest = max(made(where), default=None)
    last = last_rehearsal(where)
    patience = DAILY if last is not None and last.ok else HOURLY
    return _passed(newest, now, HOURLY), _passed(last.moment if last else None, now, patience)


def _passed(at: datetime | None, now: datetime, patience: timedelta) -> bool:
    return at is None or not timedelta(0) <= now - at < patience
