"""Bench `suggest`: how often suggestions are right on texts never seen, and what one costs.

Read in place from the folder of public Chinese texts (泰迪杯 2020 C: seven first-level labels),
which is not ours to carry. The plain alternative in the same run is the commonest recipe: TF-IDF of
one to three characters and linear support vectors, no more.
"""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean

import click
import numpy as np

from changxiao.bench.figures import Figure, percentile
from changxiao.bench.outside import outside
from changxiao.cases.suggesting import alike, fitting, storing
from changxiao.cases.suggesting.fitting import Example
from changxiao.cases.suggesting.model import Model
from changxiao.catalog import policy
from changxiao.kernel.words import gettext as _

ALONE = True  # wants a folder that not every machine has
OPTIONS = [
    click.Option(
        ["--data"],
        type=click.Path(path_type=Path, file_okay=False),
        help=_("cn_text 文件夹；默认 CHANGXIAO_DATA 下的 cn_text。"),
    ),
    click.Option(["--plain/--no-plain"], default=True, help=_("同时测量通常做法。")),
]
Pairs = Sequence[tuple[str, str]]
Learn = Callable[[Pairs], Callable[[Sequence[str]], Sequence[str]]]


def run(*, data: Path | None = None, plain: bool = True) -> list[Figure]:
    """建议: both tasks of the public set by our model and by the plain recipe, then the costs."""
    whole, raw = segmented(data), titled(data)
    figures = _scored("suggest", ours, whole, raw)
    if plain:
        figures += _scored("suggest/plain", _plain, whole, raw)
    figures += _duplicates(data)
    model = fitting.fit(Example(*pair) for pair in whole)
    return [*figures, *_costs(model, [text for text, _label in whole])]


def segmented(folder: Path | None) -> Pairs:
    """分词文本, the spaces taken out again and exact duplicates left out."""
    rows = _rows(folder, "taidi2020_labelled_segmented.csv.gz")
    joined = (("".join(row["segmented"].split()), row["label_l1"]) for row in rows)
    return list(dict(reversed(list(joined))).items())[::-1]


def titled(folder: Path | None) -> Pairs:
    """原文: title and body as people wrote them."""
    rows = _rows(folder, "taidi2020_labelled_raw.csv.gz")
    return [(f"{row['title']}\n{row['body']}", row["label_l1"]) for row in rows]


def _rows(folder: Path | None, name: str) -> list[dict[str, str]]:
    path = outside(folder, "cn_text", name)
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def five_fold(pairs: Pairs, learn: Learn) -> float:
    """五折: macro-F1, the mean of five stratified, shuffled folds (seed 0)."""
    from sklearn.metrics import f1_score
    from sklearn.model_selection import StratifiedKFold

    texts, labels = (np.array(column, dtype=object) for column in zip(*pairs, strict=True))
    folds = StratifiedKFold(5, shuffle=True, random_state=0).split(texts, labels.astype(str))
    scores = []
    for seen, unseen in folds:
        told = learn([pairs[row] for row in seen])(texts[unseen].tolist())
        scores.append(f1_score(labels[unseen].tolist(), told, average="macro"))
    return float(mean(scores))


def across(train: Pairs, test: Pairs, learn: Learn) -> float:
    """跨集: macro-F1 on one set of a model learnt from the other."""
    from sklearn.metrics import f1_score

    told = learn(train)([text for text, _label in test])
    return float(f1_score([label for _text, label in test], told, average="macro"))


def ours(pairs: Pairs) -> Callable[[Sequence[str]], Sequence[str]]:
    """本系统."""
    model = fitting.fit((Example(*pair) for pair in pairs), trial=False)
    return lambda texts: [model.label(text)[0] for text in texts]


def _plain(pairs: Pairs) -> Callable[[Sequence[str]], Sequence[str]]:
    """通常做法."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    made = make_pipeline(vectors, LinearSVC(random_state=0))
    made.fit(*zip(*pairs, strict=True))
    return lambda texts: list(made.predict(texts))


def _scored(path: str, learn: Learn, whole: Pairs, raw: Pairs) -> list[Figure]:
    return [
        Figure(path=f"{path}/five-fold", value=five_fold(whole, learn), unit="macro-F1"),
        Figure(path=f"{path}/raw-to-segmented", value=across(raw, whole, learn), unit="macro-F1"),
    ]


def _duplicates(folder: Path | None) -> list[Figure]:
    """重复: by words alone at the default threshold, among the messages of the known pairs and
    among all messages of that set; the pairs are what two teams agreed on, not truth."""
    said = {
        row["msg_id"]: alike.pieces(f"{row['title']}\n{row['body']}")
        for row in _rows(folder, "taidi2020_hot_messages.csv.gz")
    }
    rows = _rows(folder, "duplicate_pairs_2plus_teams.csv.gz")
    known = {frozenset((row["msg_a"], row["msg_b"])) for row in rows}
    line = policy.SETTINGS["similar_score"].default
    assert isinstance(line, int)
    figures = []
    for name, pool in {"among-pairs": {one for pair in known for one in pair}, "all": said}.items():
        found = {
            frozenset(pair)
            for pair in combinations(sorted(pool), 2)
            if (alike.told(said[pair[0]], said[pair[1]]) or 0) * 100 >= line
        }
        right, note = len(found & known), f"{len(pool)} messages, {len(known)} pairs"
        for measure, of in {"precision": len(found), "recall": len(known)}.items():
            path = f"suggest/duplicates/{name}/{measure}"
            figures.append(Figure(path=path, value=right / of, unit="", note=note))
    return figures


def _costs(model: Model, texts: Sequence[str]) -> list[Figure]:
    data = storing.to_bytes(model)
    read = storing.from_bytes(data)
    samples = []
    for text in texts[:2000]:
        begin = time.perf_counter()
        read.best(text)
        samples.append((time.perf_counter() - begin) * 1000)
    note = f"n={model.about['n']}"
    return [
        Figure(
            path="suggest/one-text",
            value=percentile(samples, 0.5),
            unit="ms",
            p99_ms=percentile(samples, 0.99),
            note=note,
        ),
        Figure(path="suggest/model", value=len(data) / 1e6, unit="MB", note=note),
        Figure(path="suggest/memory", value=_memory(data), unit="MB", note=note),
    ]


def _memory(data: bytes) -> float:
    """内存: what a process grows by when it loads the model, numpy being there already."""
    script = (
        "import os, sys\n"
        "from changxiao.cases.suggesting import storing\n"
        "page = os.sysconf('SC_PAGE_SIZE')\n"
        "size = lambda: int(open('/proc/self/statm').read().split()[1]) * page\n"
        "data, before = sys.stdin.buffer.read(), size()\n"
        "model = storing.from_bytes(data)\n"
        "model.best('井盖缺失')\n"
        "print((size() - before) / 1e6, 'sklearn' in sys.modules)\n"
    )
    asked = [sys.executable, "-c", script]
    told = subprocess.run(asked, input=data, check=True, capture_output=True).stdout.split()
    if told[1] != b"False":
        raise AssertionError("asking a model loaded scikit-learn")
    return float(told[0])
