"""Small results, ranked for real, for tests of what is made of them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from changxiao.evaluation.bulletins.source import HonorRule, Measure, Objected, Source
from changxiao.evaluation.counting import Count
from changxiao.evaluation.evaluating import Result
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.rankings import rank
from changxiao.evaluation.reporting import told_of
from changxiao.evaluation.schemes import EXAMPLES, read_scheme
from changxiao.evaluation.schemes.reading import used

MADE = datetime(2026, 11, 26, 2, tzinfo=UTC)
NAMES = {
    "roads": "市政道路养护处",
    "parks": "园林绿化处",
    "water": "供水集团",
    "gas": "燃气集团",
    "light": "路灯管理所",
}
# of 200 cases each: how many were good, and how many bad where less is better
LEVEL = {unit: (180, 12) for unit in NAMES}
WEAK = LEVEL | {"gas": (110, 60)}


def result(levels, *, label="2026-10", key="department", before=(), cases=200):
    """评价结果 of the example scheme `key` over counts, `levels`: unit → (good, bad)."""
    scheme = read_scheme((EXAMPLES / f"{key}.toml").read_text(encoding="utf-8"), LIBRARY)
    counts = []
    for unit, (good, bad) in levels.items():
        for name in used(scheme):
            one = LIBRARY[name]
            if one.kind == "count":
                few = 3 if name.startswith("reworked_1") else 0 if one.better == "low" else cases
                counts.append(Count(name, unit, few, 0, 0))
            else:
                hits = bad if one.better == "low" else good
                counts.append(Count(name, unit, hits, cases, 4))
    ranking = rank(scheme, LIBRARY, counts, [one.past() for one in before])
    head = {
        "schema": 1,
        "city": "440500",
        "scheme": {
            "key": key,
            "title": scheme.title,
            "version": scheme.version,
            "group": scheme.group,
            "sha256": "5" * 64,
        },
        "period": {"label": label, "tz": "Asia/Shanghai"},
        "inputs": "1" * 64,
        "code": "2" * 64,
    }
    return Result(head | told_of(scheme, LIBRARY, ranking)), scheme


def source(levels, *, before=None, names=NAMES, **kinds):
    """通报来料, sealed, without objections; `before`: the levels of the month before."""
    old = result(before, label="2026-09", **kinds)[0] if before else None
    now, scheme = result(levels, before=[old] if old else (), **kinds)
    return Source(
        told=now.told,
        digest=now.digest,
        names=names,
        measures={
            key: Measure(one.zh, one.kind, one.better, one.formula) for key, one in LIBRARY.items()
        },
        lists={one.key: HonorRule(one.title, one.color) for one in scheme.honors},
        points={one.key: one.title for one in scheme.adjustments},
        number=f"{scheme.key}-2026-10-1",
        state="sealed",
        signed="汕头市城市管理监督中心",
        dated=date(2026, 11, 26),
        before=old.told if old else None,
    )


def objected(given):
    """来料 with an objection that was upheld."""
    one = Objected(1, "gas", "handling_rate", 2, -1, "81.20", "81.66", "两件已按期办结")
    return replace(given, objections=(one,), objections_all=3)
