"""证据是否合理 plausible: what is odd about photos and acts (reliability.md §6.3, T18).

Each rule measures one thing and compares it with a number that the city sets. What it finds is a
flag for a person to look at: it blocks nothing, and says nothing of guilt. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.geo import Point, metres_between

SHORTEST = timedelta(seconds=1)


class FlagKind(models.TextChoices):
    """疑点种类."""

    EXIF_AWAY = "exif_away", _("相机与浏览器位置不符")
    PIN_AWAY = "pin_away", _("照片不在案卷位置")
    TAKEN_APART = "taken_apart", _("拍摄与记录时间不符")
    TOO_FAST = "too_fast", _("两次办理间移动过快")
    REUSED = "reused", _("照片已用于其他案卷")
    NEAR_COPY = "near_copy", _("与其他案卷照片近似")
    EDITED = "edited", _("照片经过编辑软件")
    UNCHANGED = "unchanged", _("处置前后几乎无差别")


UNITS: Mapping[str, str | Promise] = {
    FlagKind.EXIF_AWAY: _("米"),
    FlagKind.PIN_AWAY: _("米"),
    FlagKind.TAKEN_APART: _("小时"),
    FlagKind.TOO_FAST: _("公里/小时"),
    FlagKind.NEAR_COPY: _("位"),
    FlagKind.UNCHANGED: _("位"),
}


@dataclass(frozen=True, slots=True)
class Oddity:
    """疑点: its kind, what was measured, and the number that it went past."""

    kind: str
    measured: Decimal | None = None
    threshold: Decimal | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """阈值, as the city's rows have them now."""

    exif_browser_m: int = 150
    pin_m: int = 100
    taken_hours: int = 24
    speed_kmh: int = 120
    editors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """照片自述与旁证: where and when a photo and the browser say it was taken, and for what place.

    `pin` is None where the photo need not be taken at the place (a document).
    """

    pin: Point | None
    recorded_at: datetime
    camera: Point | None = None
    browser: Point | None = None
    taken_at: datetime | None = None
    software: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """落脚点: where and when somebody acted."""

    at: datetime
    place: Point


def of_photo(claim: Claim, limits: Limits) -> Iterator[Oddity]:
    """照片疑点: place against place, place against pin, time against time, an editor's name."""
    if claim.camera and claim.browser:
        metres = metres_between(claim.camera, claim.browser)
        yield from _over(FlagKind.EXIF_AWAY, metres, limits.exif_browser_m)
    told = claim.camera or claim.browser
    if claim.pin and told:
        yield from _over(FlagKind.PIN_AWAY, metres_between(told, claim.pin), limits.pin_m)
    if claim.pin and claim.taken_at:
        apart = abs(claim.recorded_at - claim.taken_at) / timedelta(hours=1)
        yield from _over(FlagKind.TAKEN_APART, apart, limits.taken_hours)
    software = claim.software.lower()
    if any(editor in software for editor in limits.editors):
        yield Oddity(FlagKind.EDITED, told=claim.software[:80])


def of_pace(before: Stand, now: Stand, limits: Limits) -> Iterator[Oddity]:
    """速度疑点: how fast somebody would have gone; steps within the error of a pin are none."""
    metres = metres_between(before.place, now.place)
    if metres > limits.pin_m:
        hours = max(abs(now.at - before.at), SHORTEST) / timedelta(hours=1)
        yield from _over(FlagKind.TOO_FAST, metres / 1000 / hours, limits.speed_kmh)


def _over(kind: str, measured: float, threshold: int) -> Iterator[Oddity]:
    if measured > threshold:
        yield Oddity(kind, Decimal(f"{measured:.1f}"), Decimal(threshold))
