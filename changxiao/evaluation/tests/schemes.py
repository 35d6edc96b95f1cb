"""Small schemes and a small library, for tests of what is done with counts."""

from types import SimpleNamespace

from changxiao.evaluation.counting import Count
from changxiao.evaluation.schemes import read_scheme

UNITS = ("department", "street")
LIBRARY = {
    key: SimpleNamespace(key=key, kind=kind, better=better, by=UNITS)
    for key, kind, better in (
        ("good", "rate", "high"),
        ("fast", "rate", "high"),
        ("bad", "rate", "low"),
        ("target", "completion", "high"),
        ("filed", "count", ""),
        ("rework", "count", "low"),
        ("grave", "count", "low"),
    )
}
HEAD = """
schema = 1
key = "test"
title = "试评"
version = 1
from = 2026-01-01
group = "department"
"""
ONE = '[[items]]\nkey = "good"\ntitle = "好"\nweight = 100\nscore = "good"\n'
TWO = """
[[items]]
key = "good"
title = "好"
weight = 60
score = "good"
[[items]]
key = "fast"
title = "快"
weight = 40
score = "fast"
"""


def scheme(body=ONE, head=HEAD):
    return read_scheme(head + body, LIBRARY)


def counts(*rows):
    """Counts from rows of (group, {indicator: (numerator, denominator) or a number})."""
    found = []
    for group, cells in rows:
        for key, cell in cells.items():
            numerator, denominator = cell if isinstance(cell, tuple) else (cell, 0)
            found.append(Count(key, group, numerator, denominator, 0))
    return found
