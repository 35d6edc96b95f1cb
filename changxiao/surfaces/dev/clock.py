"""拨钟: Django's clock runs ahead of or behind the machine's by what a file in the home says.

All processes of the home read the same file, so that web and worker agree.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from changxiao.kernel.home import home

FILE = "dev-clock"
MOST = timedelta(days=3660)


def offset() -> timedelta:
    """拨快多少; nothing where no file says so."""
    try:
        seconds = float((home() / FILE).read_text())
    except (OSError, ValueError):
        return timedelta()
    return max(-MOST, min(MOST, timedelta(seconds=seconds)))


def move(by: timedelta | None) -> None:
    """拨钟 by so much more; None sets it right again."""
    path = home() / FILE
    if by is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(str((offset() + by).total_seconds()))


def now() -> datetime:
    """现在, as this home has it."""
    return datetime.now(UTC) + offset()


def install() -> None:
    """接管 Django's `timezone.now`, which everything of ours asks."""
    timezone.now = now
