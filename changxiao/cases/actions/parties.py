"""当事人: who reports, and how he rang; kept apart from everything that others read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reporter:
    """举报人: kept only as a commitment in the log and a value that can be erased."""

    name: str = ""
    phone: str = ""
    email: str = ""
    openid: str = ""  # of a follower of the city's account at WeChat

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email or self.openid)

    def told(self) -> dict[str, str]:
        """所留, without what was left empty."""
        late = {"email", "openid"}
        return {name: value for name, value in asdict(self).items() if value or name not in late}


@dataclass(frozen=True, slots=True)
class Calling:
    """来电: what the caller asked for beside what he told: not to be named, to be rung back."""

    anonymous: bool = False
    wants_callback: bool = False

    def told(self) -> dict[str, bool]:
        """所求, as the entry holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class GivenDue:
    """给定时限: a due time that another authority set (a work order, an imported list)."""

    at: datetime
    source: str
