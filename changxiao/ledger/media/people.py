"""人脸与车牌 people: where faces are in a picture, and what may be a number plate (§6.3, step 8).

CenterFace (arXiv:1911.03599) by onnxruntime, both out of an optional install; without them nothing
is found and nobody is told that nothing is there. It says where *a* face is. Nobody is recognised:
no feature of a face is worked out, kept or compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from changxiao.ledger.media import plates, weights

THRESHOLD, FAINT, CERTAIN = 0.2, 0.1, 0.5
ENLARGED = 0.25  # of a box, so that hair, ears and chin are in it
OVERLAP = 0.3
MOST = 200  # faces; a picture with more is a stadium, and a person decides
STRIDE = 32
THREADS = 2  # a processor more for a photo that somebody waits for

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Box:
    """框: where, in pixels of the public picture; how sure in thousandths; a face or a plate."""

    place: tuple[int, int, int, int]
    score: int
    kind: str


class Detector:
    """检测器: CenterFace, loaded once a process."""

    def __init__(self, run: ModuleType, model: bytes, version: str) -> None:
        options = run.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # a third less memory for a tenth more time
        options.log_severity_level = 4
        self.session = run.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.version = version

    def faces(self, image: Image.Image) -> tuple[list[Box], int]:
        """人脸 above the threshold, each box enlarged; and how many finds are neither clear nor
        nothing."""
        size = image.size
        page = Image.new("RGB", tuple(-(-side // STRIDE) * STRIDE for side in size))  # type: ignore[arg-type]
        page.paste(image)
        pixels = np.asarray(page, dtype=np.float32).transpose(2, 0, 1)[None]
        heat, scale, offset, _marks = self.session.run(None, {"input.1": pixels})
        found = _boxes(heat[0, 0], scale[0], offset[0])
        doubt = sum(FAINT <= row[4] < CERTAIN for row in found)
        clear = [row for row in found if row[4] >= THRESHOLD][:MOST]
        boxes = [Box(_enlarged(row, size), round(float(row[4]) * 1000), "face") for row in clear]
        return boxes, doubt


def read() -> Callable[[], Detector | None]:
    """读取网络, before the process gives up the user who may read its files; called, what is
    returned makes the detector and its threads. None where either half is not installed."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        run = import_module("onnxruntime")  # an optional install, which has no types
        model, version = weights.opened(weights.read()), weights.version()
    except (ImportError, LookupError):
        return lambda: None
    return lambda: Detector(run, model, version)


def find(detector: Detector | None, image: Image.Image) -> dict[str, Any]:
    """检测: the boxes of one picture, what found them, and whether it was sure of all."""
    faces, doubt = detector.faces(image) if detector else ([], 0)
    hints = [Box(place, score, "plate") for place, score in plates.hints(image)]
    return {
        "detector": detector.version if detector else "",
        "boxes": [[*box.place, box.score, box.kind] for box in [*faces, *hints]],
        "sure": bool(detector) and not doubt and not hints and len(faces) < MOST,
    }


def _boxes(heat: Array, scale: Array, offset: Array) -> list[Array]:
    """Rows of x, y, width, height, score, the best first, none of them twice."""
    rows, columns = np.where(heat >= FAINT)
    best = np.argsort(-heat[rows, columns], kind="stable")[: 8 * MOST]
    rows, columns = rows[best], columns[best]
    height = np.exp(np.minimum(scale[0, rows, columns], 8)) * 4
    width = np.exp(np.minimum(scale[1, rows, columns], 8)) * 4
    top = (rows + offset[0, rows, columns] + 0.5) * 4 - height / 2
    left = (columns + offset[1, rows, columns] + 0.5) * 4 - width / 2
    found = np.stack([left, top, width, height, heat[rows, columns]], axis=1)
    kept: list[Array] = []
    while len(found):
        first, rest = found[0], found[1:]
        kept.append(first)
        found = rest[_shared(first, rest) < OVERLAP]
    return kept


def _shared(one: Array, others: Array) -> Array:
    """Intersection over union of a box with each of the others."""
    left, top = np.maximum(one[0], others[:, 0]), np.maximum(one[1], others[:, 1])
    right = np.minimum(one[0] + one[2], others[:, 0] + others[:, 2])
    bottom = np.minimum(one[1] + one[3], others[:, 1] + others[:, 3])
    both = np.clip(right - left, 0, None) * np.clip(bottom - top, 0, None)
    either = one[2] * one[3] + others[:, 2] * others[:, 3] - both
    shared: Array = both / np.maximum(either, 1)
    return shared


def _enlarged(row: Array, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, width, height = (float(value) for value in row[:4])
    more_x, more_y = width * ENLARGED / 2, height * ENLARGED / 2
    x, y = max(0, int(left - more_x)), max(0, int(top - more_y))
    right = min(size[0], int(left + width + more_x) + 1)
    bottom = min(size[1], int(top + height + more_y) + 1)
    return min(x, size[0] - 1), min(y, size[1] - 1), max(1, right - x), max(1, bottom - y)
