"""隐私 private: ask the cleaning process where people are, and have a public picture made.

Its answers are untrusted, as `sandbox` says. Nothing about a face leaves it but four numbers and a
score.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from changxiao.ledger.media import formats, sandbox
from changxiao.ledger.media.formats import BadPicture

MOST_BOXES = 250
PATIENCE = 60  # seconds: nobody waits for it, and a busy machine is no fault of the photo
KINDS = ("face", "plate", "drawn")
_VERSION = re.compile(r"[\w./+\-]{0,64}")

Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """检测结果: boxes as [x, y, width, height, thousandths, kind] in pixels of the public picture;
    the detector's name, "" where none is installed; `sure` where nothing is doubtful."""

    boxes: list[list[int | str]]
    detector: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Redacted:
    """遮挡结果: the public picture and its thumbnail."""

    picture: bytes
    thumbnail: bytes
    pipeline: str


def find(data: bytes) -> Found:
    """检测: where faces and what may be plates are. BadPicture as `sandbox.clean`."""
    with sandbox.seat():
        answer = sandbox.run(data, "photo", "--people", seconds=PATIENCE)
    try:
        said = _read(answer)
        detector, sure = str(said["detector"]), said["sure"]
        boxes = [_box(row, said["size"]) for row in said["boxes"]]
        if not _VERSION.fullmatch(detector) or type(sure) is not bool or len(boxes) > MOST_BOXES:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise BadPicture("photo_broken") from None
    return Found(boxes, detector, sure and bool(detector))


def redact(data: bytes, places: Sequence[Place]) -> Redacted:
    """遮挡: an original and what to cover, into the public picture. BadPicture as above."""
    with sandbox.seat():
        answer = sandbox.run(data, "photo", "--redact", json.dumps([list(p) for p in places]))
    _line, _newline, pictures = answer.partition(b"\n")
    try:
        said = _read(answer)
        first, second = said["sizes"]
        shown, small = pictures[:first], pictures[first:]
        if len(small) != second:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise BadPicture("photo_broken") from None
    sandbox.expect(shown, formats.PUBLIC_SIDE)
    sandbox.expect(small, formats.THUMBNAIL_SIDE)
    return Redacted(shown, small, str(said["pipeline"])[:16])


def _read(answer: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer.partition(b"\n")[0])
    if said["code"] != "ok":
        raise BadPicture(str(said["code"]))
    return said


def _box(row: Sequence[object], size: Sequence[int]) -> list[int | str]:
    *place, score, kind = row
    numbers = [value for value in [*place, score] if type(value) is int]
    x, y, wide, high, _score = numbers
    inside = 0 <= x < size[0] and 0 <= y < size[1] and wide > 0 and high > 0
    if not inside or kind not in KINDS or not 0 <= numbers[4] <= 1000:
        raise ValueError
    return [*numbers, str(kind)]
