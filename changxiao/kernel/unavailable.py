"""暂不可用: the store cannot take the change now. Nothing was acknowledged; the same key may retry.

Locked, full, broken or unreachable: each is 503 with Retry-After (reliability.md P13), never half a
change, since nothing is answered before COMMIT.
"""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext as _

# SQLite tells by words, PostgreSQL by SQLSTATE class: 08 connection, 53 resources, 55 lock not
# available, 57 operator or time-out, 58 system, 40 serialization and deadlock, 25006 read-only.
_WORDS = (
    "database is locked",
    "database table is locked",
    "disk i/o error",
    "database or disk is full",
    "unable to open database",
    "attempt to write a readonly database",
)
_CLASSES = ("08", "40", "53", "55", "57", "58", "25006")


class Unavailable(Exception):  # noqa: N818 - it is an answer, not a fault
    """暂不可用: `retry_after` in seconds; `sentence` for people, without inner details."""

    code = "unavailable"

    def __init__(self, retry_after: int = 5) -> None:
        self.retry_after = retry_after
        self.sentence = _("系统暂时无法写入，内容没有保存；请在 %(seconds)s 秒后重试") % {
            "seconds": retry_after
        }
        super().__init__(self.sentence)


def translate(error: BaseException) -> Unavailable | None:
    """翻译: the database's complaint as Unavailable, or None where it is a fault of ours."""
    if isinstance(error, Unavailable):
        return error
    if not isinstance(error, (DatabaseError, InterfaceError)):
        return None
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return Unavailable() if str(state).startswith(_CLASSES) else None
    if any(word in str(error).lower() for word in _WORDS):
        return Unavailable()
    # psycopg gives a lost or refused connection no SQLSTATE.
    lost = isinstance(error, (OperationalError, InterfaceError))
    return Unavailable() if lost and type(cause).__module__.startswith("psycopg") else None
