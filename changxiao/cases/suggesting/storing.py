"""模型文件: a model as bytes and back. Numbers and words only; reading one runs nothing.

    changxiao-model 1 <sha256 of all that follows>\\n
    <one line of JSON: labels, vocabulary, prior, about, the arrays' types and shapes>\\n
    <the arrays, little-endian, one after the other>

The digest finds a file that was altered or cut short; it does not say who made the file. The same
training set and seed give the same bytes, so no moment of making is written unless it was told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from changxiao.cases.suggesting.model import Model
from changxiao.cases.suggesting.prior import read as read_prior
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

MAGIC, VERSION = b"changxiao-model", 1
ARRAYS = {"idf": "<f4", "weights": "<f2", "bias": "<f4"}
MOST_BYTES = 256 << 20


def to_bytes(model: Model) -> bytes:
    """写出."""
    arrays = {
        name: np.ascontiguousarray(getattr(model, name), kind) for name, kind in ARRAYS.items()
    }
    head = {
        "labels": model.labels,
        "vocabulary": list(model.vocabulary),
        "shapes": {name: array.shape for name, array in arrays.items()},
        "steepness": model.steepness,
        "prior": model.prior.counts,
        "prior_weight": model.prior_weight,
        "about": model.about,
    }
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    body = told.encode() + b"\n" + b"".join(array.tobytes() for array in arrays.values())
    digest = hashlib.sha256(body).hexdigest().encode()
    return b" ".join((MAGIC, str(VERSION).encode(), digest)) + b"\n" + body


def from_bytes(data: bytes, *, name: str = "") -> Model:
    """读入. Refused `model_unreadable`, `model_other_version` or `model_altered`."""
    first, _newline, body = data.partition(b"\n")
    words = first.split(b" ")
    if len(words) != 3 or words[0] != MAGIC or len(data) > MOST_BYTES:
        raise _no("model_unreadable", _("文件 %(file)s 不是本系统的模型文件，请核对路径。"), name)
    if words[1] != str(VERSION).encode():
        sentence = _("文件 %(file)s 是另一版本的模型格式，请用当前版本重新训练。")
        raise _no("model_other_version", sentence, name)
    sentence = _("文件 %(file)s 被改动过或不完整，请重新训练或重新取得。")
    if hashlib.sha256(body).hexdigest().encode() != words[2]:
        raise _no("model_altered", sentence, name)
    try:
        return _model(body)
    # Whoever writes a digest by hand may write anything below it.
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise _no("model_altered", sentence, name) from None


def load(path: Path) -> Model:
    """读文件."""
    return from_bytes(path.read_bytes(), name=path.name)


def _model(body: bytes) -> Model:
    told, _newline, rest = body.partition(b"\n")
    head = json.loads(told)
    labels, names = tuple(map(str, head["labels"])), list(map(str, head["vocabulary"]))
    arrays = _arrays(rest, head["shapes"])
    right = {"idf": (len(names),), "weights": (len(names), len(labels)), "bias": (len(labels),)}
    if len(labels) < 2 or any(arrays[name].shape != shape for name, shape in right.items()):
        raise ValueError
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError
    return Model(
        labels=labels,
        vocabulary={name: row for row, name in enumerate(names)},
        steepness=_number(head["steepness"]),
        prior=read_prior(head["prior"], len(labels)),
        prior_weight=_number(head["prior_weight"]),
        about=dict(head["about"]),
        **arrays,
    )


def _arrays(rest: bytes, shapes: Mapping[str, Any]) -> dict[str, Any]:
    found, at = {}, 0
    for name, kind in ARRAYS.items():
        shape = tuple(int(side) for side in shapes[name])
        size = prod(shape) * np.dtype(kind).itemsize
        if min(shape, default=0) < 0 or at + size > len(rest):
            raise ValueError
        found[name] = np.frombuffer(rest, kind, prod(shape), at).reshape(shape)
        at += size
    if at != len(rest):
        raise ValueError
    return found


def _number(told: Any) -> float:
    number = float(told)
    if not np.isfinite(number):
        raise ValueError
    return number


def _no(code: str, sentence: str, name: str) -> Refused:
    return Refused(code, sentence % {"file": name}, field="model")
