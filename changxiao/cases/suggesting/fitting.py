"""训练: scikit-learn learns the labels of texts; what comes out needs numpy only.

Linear support vectors, one label against the rest, over character n-grams (`grams`), weighed by
rarity and by the entropy of their labels: what only one label says counts most. Scores are those
of texts that a fold had not seen; from them follow the softmax's steepness and how much the place
and the hour count. The same rows and seed give the same bytes. Imported by whoever trains, never
by the web.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from changxiao.cases.suggesting import prior as priors
from changxiao.cases.suggesting.grams import known, weighed
from changxiao.cases.suggesting.model import Model, softmax
from changxiao.cases.suggesting.prior import NOWHERE, Context, Prior
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

FOLDS = 5
AT_LEAST = 2  # texts of a label: one cannot be both learnt and tried
RARE = 2  # texts an n-gram must stand in
MOST_CELLS = 4_000_000  # n-grams × labels: 8 MB in the web's memory
SOFTNESS = 1.0
LEAST, MOST, DOUBT = 0.35, 3.0, 1e-3  # what telling labels apart is worth, beside being rare
STEEPNESS = np.geomspace(0.25, 32, 29)
PRIOR_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)

Labels = NDArray[np.int64]
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """一例: what was said, what it was, where and when."""

    text: str
    label: str
    context: Context = NOWHERE


@dataclass(slots=True)
class _Linear:
    """One fit: which n-grams (columns of the counts) it keeps and what they weigh."""

    columns: NDArray[np.int64]
    idf: Weights
    weights: NDArray[np.float16]
    bias: Weights

    def margins(self, said: csr_matrix) -> NDArray[np.float64]:
        weighed = _scaled(said[:, self.columns], self.idf)
        found = weighed @ self.weights.astype(np.float32) + self.bias
        return np.asarray(found, dtype=np.float64)


@dataclass(slots=True)
class _Set:
    """训练集: the rows as numbers; texts without a word and lone labels are left out."""

    labels: tuple[str, ...]
    numbers: Labels
    contexts: list[Context]
    said: csr_matrix
    names: list[str]
    left_out: dict[str, int] = field(default_factory=dict)


def fit(
    examples: Iterable[Example],
    *,
    seed: int = 0,
    about: Mapping[str, Any] | None = None,
    trial: bool = True,
) -> Model:
    """训练. Refused `too_few` where there are not two labels of two texts each.

    Without `trial` nothing is held back: the same labels, but scores that mean nothing.
    """
    rows = list(examples)
    told = _read(rows)
    if not trial:
        return _made(told, seed, about={**(about or {}), "n": len(told.numbers)})
    tried, placed = _tried(told, seed)
    steepness, weight = _chosen(told, tried, placed)
    summary = _summary(told, steepness * tried + weight * placed)
    whole = {**(about or {}), **summary, "digest": _digest(rows), "seed": seed}
    return _made(told, seed, steepness=steepness, prior_weight=weight, about=whole)


def _made(
    told: _Set,
    seed: int,
    *,
    about: dict[str, Any],
    steepness: float = 1.0,
    prior_weight: float = 0.0,
) -> Model:
    whole = _linear(told.said, told.numbers, len(told.labels), seed)
    return Model(
        labels=told.labels,
        vocabulary={told.names[column]: row for row, column in enumerate(whole.columns)},
        idf=whole.idf,
        weights=whole.weights,
        bias=whole.bias,
        steepness=steepness,
        prior=priors.learnt(told.numbers.tolist(), told.contexts, len(told.labels)),
        prior_weight=prior_weight,
        about=about,
    )


def _read(rows: Sequence[Example]) -> _Set:
    able = [row for row in rows if row.label and known(row.text)]
    counts = Counter(row.label for row in able)
    labels = tuple(sorted(label for label, n in counts.items() if n >= AT_LEAST))
    if len(labels) < 2:
        raise _too_few(counts)
    numbers = {label: number for number, label in enumerate(labels)}
    kept = [row for row in able if row.label in numbers]
    from sklearn.feature_extraction import DictVectorizer  # a second: only who learns waits

    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform(weighed(row.text) for row in kept)
    return _Set(
        labels=labels,
        numbers=np.array([numbers[row.label] for row in kept]),
        contexts=[row.context for row in kept],
        said=csr_matrix(matrix),
        names=list(vectorizer.get_feature_names_out()),
        left_out={"no_words": len(rows) - len(able), "lone_labels": len(able) - len(kept)},
    )


def _too_few(counts: Mapping[str, int]) -> Refused:
    enough = sum(n >= AT_LEAST for n in counts.values())
    told = {"labels": len(counts), "enough": enough, "least": AT_LEAST}
    sentence = _(
        "训练需要至少两种标签、每种至少 %(least)s 条有汉字的文本；现有 %(labels)s 种标签，"
        "够数的 %(enough)s 种。"
    )
    return Refused("too_few", sentence % told, field="label")


def _tried(told: _Set, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """交叉验证: each text's margins and the lift of its place, by a fold that had not seen it."""
    margins = np.zeros((len(told.numbers), len(told.labels)))
    lifts = np.zeros_like(margins)
    fold_of = folds(told.numbers, FOLDS, seed)
    for fold in range(FOLDS):
        seen, unseen = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if not len(unseen):
            continue
        linear = _linear(told.said[seen], told.numbers[seen], len(told.labels), seed)
        margins[unseen] = linear.margins(told.said[unseen])
        known = [told.contexts[row] for row in seen]
        prior = priors.learnt(told.numbers[seen].tolist(), known, len(told.labels))
        lifts[unseen] = _lifts(prior, [told.contexts[row] for row in unseen])
    return margins, lifts


def folds(numbers: Labels, count: int, seed: int) -> Labels:
    """分折: each label's texts dealt in a shuffled order, so that each fold has its share."""
    rng = np.random.default_rng(seed)
    found = np.zeros(len(numbers), dtype=np.int64)
    for label in np.unique(numbers):
        rows = rng.permutation(np.flatnonzero(numbers == label))
        found[rows] = (np.arange(len(rows)) + rng.integers(count)) % count
    return found


def _lifts(prior: Prior, contexts: Sequence[Context]) -> NDArray[np.float64]:
    known = {context: prior.lift(context) for context in set(contexts)}
    return np.array([known[context] for context in contexts])


def _chosen(
    told: _Set, margins: NDArray[np.float64], lifts: NDArray[np.float64]
) -> tuple[float, float]:
    """陡度与先验分量: the pair under which the folds' true labels were least surprising."""
    weights = PRIOR_WEIGHTS if lifts.any() else (0.0,)
    rows = np.arange(len(told.numbers))
    # As if one text more had been wrong: a handful of rows all right are no certainty.
    doubt = 1 / (len(rows) + 1)

    def surprise(pair: tuple[float, float]) -> float:
        shares = np.log(np.maximum(softmax(pair[0] * margins + pair[1] * lifts), 1e-12))
        return -float((1 - doubt) * shares[rows, told.numbers].mean() + doubt * shares.mean())

    pairs = [(float(steep), weight) for weight in weights for steep in STEEPNESS]
    return min(pairs, key=surprise)


def _summary(told: _Set, logits: NDArray[np.float64]) -> dict[str, Any]:
    from sklearn.metrics import f1_score

    found = logits.argmax(axis=1)
    each = f1_score(
        told.numbers, found, average=None, labels=range(len(told.labels)), zero_division=0.0
    )
    top3 = (np.argsort(-logits, axis=1)[:, :3] == told.numbers[:, None]).any(axis=1)
    pairs = Counter(zip(told.numbers.tolist(), found.tolist(), strict=True))
    wrong = [(n, a, b) for (a, b), n in pairs.items() if a != b]
    worst = sorted(wrong, key=lambda row: (-row[0], row[1:]))[:20]
    counts = np.bincount(told.numbers, minlength=len(told.labels))
    return {
        "n": len(told.numbers),
        "left_out": told.left_out,
        "folds": FOLDS,
        "macro_f1": round(float(each.mean()), 4),
        "accuracy": round(float((found == told.numbers).mean()), 4),
        "top3": round(float(top3.mean()), 4),
        "each": [
            {"label": label, "n": int(n), "f1": round(float(score), 4)}
            for label, n, score in zip(told.labels, counts, each, strict=True)
        ],
        "confused": [{"true": told.labels[a], "told": told.labels[b], "n": n} for n, a, b in worst],
    }


def _linear(said: csr_matrix, numbers: Labels, size: int, seed: int) -> _Linear:
    columns = _columns(said, size)
    kept = said[:, columns]
    idf = _rarity(kept) * _telling(kept, numbers)
    present = np.unique(numbers)
    from sklearn.svm import LinearSVC

    svc = LinearSVC(C=SOFTNESS, class_weight="balanced", random_state=seed, max_iter=5000)
    svc.fit(_scaled(kept, idf), numbers)
    weights, bias = svc.coef_.T, svc.intercept_
    if len(present) == 2:  # then it tells one side only
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    whole = np.zeros((len(columns), size), dtype=np.float16)
    # A label that this fold has not seen at all is the last one it would name.
    low = np.full(size, -3.0, dtype=np.float32)
    whole[:, present], low[present] = weights, bias
    return _Linear(columns, idf, whole, low)


def _columns(said: csr_matrix, size: int) -> NDArray[np.int64]:
    """留用字组: the most frequent, so that the weights of all labels fit the web's memory."""
    frequency = np.asarray((said > 0).sum(axis=0)).ravel()
    known = np.flatnonzero(frequency >= RARE)
    if not len(known):
        known = np.flatnonzero(frequency)
    most = MOST_CELLS // size
    return np.sort(known[np.argsort(-frequency[known], kind="stable")[:most]])


def _rarity(said: csr_matrix) -> Weights:
    frequency = np.asarray((said > 0).sum(axis=0)).ravel()
    return np.asarray(np.log((1 + said.shape[0]) / (1 + frequency)) + 1, dtype=np.float32)


def _telling(said: csr_matrix, numbers: Labels) -> Weights:
    """归属: most for an n-gram of one label alone, least for one that all labels share alike."""
    present = said > 0
    share = np.vstack(
        [np.asarray(present[numbers == one].mean(axis=0)).ravel() for one in np.unique(numbers)]
    )
    share = (share + DOUBT) / (share + DOUBT).sum(axis=0)
    disorder = -(share * np.log(share)).sum(axis=0) / np.log(len(share))
    return np.asarray(LEAST + MOST * (1 - disorder), dtype=np.float32)


def _scaled(said: csr_matrix, idf: Weights) -> csr_matrix:
    scaled = said @ diags(idf)
    length = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / np.maximum(length, 1e-12)) @ scaled, dtype=np.float32)


def _digest(rows: Sequence[Example]) -> str:
    told = hashlib.sha256()
    for row in rows:
        words = (row.text, row.label, *row.context.places, row.context.moment)
        told.update("\x1f".join(words).encode("utf-8", "surrogatepass") + b"\x1e")
    return told.hexdigest()
