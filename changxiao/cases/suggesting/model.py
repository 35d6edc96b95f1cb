"""模型 model: from a text, a place and a moment to labels, scores and reasons. Pure, numpy only.

Linear: a label's margin is the sum of what each n-gram of the text says for it, so the reasons of
a suggestion are its largest summands and no guess about them. Margins become shares by a softmax
whose steepness was chosen so that the shares tell how often such suggestions were right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from changxiao.cases.suggesting.grams import known, weighed
from changxiao.cases.suggesting.prior import NOWHERE, Context, Prior

SHOWN_GRAMS = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """一条建议: the label, the share of likeness (0–1), the n-grams that speak for it, the place
    where it is common (as the context named it) and whether this is its season and hour."""

    label: str
    score: float
    grams: tuple[str, ...] = ()
    place: str = ""
    moment: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """A text as the model reads it: its known n-grams, how much each counts, what each says."""

    names: list[str]
    values: NDArray[np.float32]
    weights: NDArray[np.float32]  # n-grams × labels

    def reasons(self, label: int) -> tuple[str, ...]:
        """理由: the n-grams that speak most for this label against the average label."""
        if not self.names:
            return ()
        says = self.values * (self.weights[:, label] - self.weights.mean(axis=1))
        # Two characters are a word that can be read; one alone is told where no word speaks.
        order = np.argsort(-says, kind="stable")
        ranked = [self.names[k] for k in order if says[k] > 0]
        words = [name for name in ranked if len(name) > 1]
        return _apart(words or ranked)


@dataclass(frozen=True, slots=True)
class Model:
    """模型: what was learnt; `about` tells of the training set (house: never of a person)."""

    labels: tuple[str, ...]
    vocabulary: Mapping[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float16]  # n-grams × labels
    bias: NDArray[np.float32]
    steepness: float
    prior: Prior
    prior_weight: float
    about: Mapping[str, Any]

    def shares(self, text: str, context: Context = NOWHERE) -> NDArray[np.float64]:
        """各标签的可能: sums to 1."""
        return self._shares(self._vector(text), context)

    def _shares(self, said: _Said, context: Context) -> NDArray[np.float64]:
        logits = self.steepness * (said.values @ said.weights + self.bias)
        if self.prior_weight:
            logits = logits + self.prior_weight * self.prior.lift(context)
        return softmax(logits.astype(np.float64))

    def best(self, text: str, context: Context = NOWHERE, *, most: int = 3) -> list[Guess]:
        """最可能的几个, the likeliest first, each with its reasons."""
        said = self._vector(text)
        shares = self._shares(said, context)
        order = np.argsort(-shares, kind="stable")[:most]
        return [self._told(int(label), float(shares[label]), said, context) for label in order]

    def knows(self, text: str) -> bool:
        """有字可据: whether the text says anything at all."""
        return known(text)

    def label(self, text: str) -> tuple[str, float]:
        """标签与可能, without the reasons."""
        shares = self.shares(text)
        found = int(shares.argmax())
        return self.labels[found], float(shares[found])

    def _told(self, label: int, score: float, said: _Said, context: Context) -> Guess:
        usual = bool(self.prior_weight)
        return Guess(
            label=self.labels[label],
            score=score,
            grams=said.reasons(label),
            place=self.prior.common_at(label, context) if usual else "",
            moment=usual and self.prior.common_when(label, context),
        )

    def _vector(self, text: str) -> _Said:
        said = {name: n for name, n in weighed(text).items() if name in self.vocabulary}
        rows = np.array([self.vocabulary[name] for name in said], dtype=np.int64)
        values = np.array(list(said.values()), dtype=np.float32) * self.idf[rows]
        length = float(np.sqrt(values @ values))
        weights = self.weights[rows].astype(np.float32)
        return _Said(list(said), (values / length if length else values), weights)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """归一: shares of the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _apart(ranked: list[str]) -> tuple[str, ...]:
    """互不包含: 井盖 says already what 井 says."""
    kept: list[str] = []
    for name in ranked:
        if not any(name in other or other in name for other in kept):
            kept.append(name)
        if len(kept) == SHOWN_GRAMS:
            break
    return tuple(kept)
