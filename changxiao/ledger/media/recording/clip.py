"""片段 Clip: what a reader of a container answers with, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass

from changxiao.ledger.media.formats import BadPicture

MOST_PARTS = 20_000  # boxes, elements or pages; fifteen seconds have fewer than 3,000
MOST_SIDE = 8_192


@dataclass(frozen=True, slots=True)
class Clip:
    """片段: `duration_ms` as the container's clock says; `width`, `height` where there is a
    picture; `sound` where there is a track of it, whether or not anybody speaks."""

    type: str
    duration_ms: int
    sound: bool
    width: int | None = None
    height: int | None = None


def broken() -> BadPicture:
    """不完整."""
    return BadPicture("recording_broken")


@dataclass(slots=True)
class Budget:
    """额度: how many parts may still be read."""

    left: int = MOST_PARTS

    def spend(self) -> None:
        """记一件; BadPicture recording_costly beyond the last."""
        self.left -= 1
        if self.left < 0:
            raise BadPicture("recording_costly")


def clip_of(container: str, tracks: list[tuple[str, int, int]], duration_ms: int) -> Clip:
    """由轨道成片段: at most one picture and one sound, each as (kind, width, height)."""
    kinds = sorted(kind for kind, _width, _height in tracks)
    if kinds not in (["audio"], ["video"], ["audio", "video"]):
        raise BadPicture("recording_codec")
    size = next(((w, h) for kind, w, h in tracks if kind == "video"), None)
    if size is None:
        return Clip(f"audio/{container}", duration_ms, sound=True)
    if not (0 < size[0] <= MOST_SIDE and 0 < size[1] <= MOST_SIDE):
        raise broken()
    return Clip(f"video/{container}", duration_ms, "audio" in kinds, *size)
