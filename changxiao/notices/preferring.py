"""个人意愿: what a person wants, or what holds for whoever has said nothing."""

from __future__ import annotations

from dataclasses import dataclass

from changxiao.catalog import policy
from changxiao.kernel.quiet import NEVER, Quiet, read_quiet
from changxiao.notices.models import NoticePreference
from changxiao.notices.timing import Digest

NONE = "-"  # no quiet hours at all


@dataclass(frozen=True, slots=True)
class Wish:
    """意愿: pairs that are off, quiet hours, how gathered."""

    muted: frozenset[str]
    quiet: Quiet
    digest: str

    def wants(self, kind: str, channel: str) -> bool:
        """是否要 this kind by this channel."""
        return f"{kind}:{channel}" not in self.muted


def city_quiet() -> Quiet:
    """本市免打扰时间."""
    return read_quiet(policy.text("notice_quiet"))


def wish_of(row: NoticePreference | None) -> Wish:
    """意愿 of a row; the city's own hours and nothing off without one."""
    if row is None:
        return Wish(frozenset(), city_quiet(), Digest.NOW)
    quiet = NEVER if row.quiet == NONE else read_quiet(row.quiet) if row.quiet else city_quiet()
    return Wish(frozenset(row.muted), quiet, row.digest)
