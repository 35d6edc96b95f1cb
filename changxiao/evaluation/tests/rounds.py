"""What the tests of rounds share: a small scheme, a March of two departments, and its people."""

import itertools

from changxiao.cases import actions as cases
from changxiao.evaluation import actions, working
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.scope import Grant, Viewer
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

SCHEME = """
schema = 1
key = "small"
title = "小方案"
version = 1
from = 2026-01-01
group = "department"
periods = ["month"]
source = "测试"
tie_break = ["should_handle"]
least = { cases = 1, of = "should_handle" }

[[items]]
key = "on_time"
title = "按期处置率"
weight = 100
score = "on_time_handling_rate"

[[honors]]
key = "red"
title = "红榜"
color = "red"
take = "first"
n = 1
proposal = "通报表扬"
"""
APRIL = at(3, month=4)  # March is over
_keys = itertools.count(1)


def did(post=Post.CENTER_DIRECTOR, by="huang", when=APRIL, note="", key=None):
    """An act of the evaluation office, or of whoever else."""
    key = key or f"round-{next(_keys):06d}"
    return Act(actor=by, post=post, key=key, at=when, origin="test", note=note)


def looking(by="huang", post=Post.CENTER_DIRECTOR, unit=""):
    """As that person looks."""
    return scope.viewing(Viewer("staff", by, (Grant(post, "", unit),)))


def handled(problem, damaged, unit, *, day, hour=11):
    """One case of a department, fed back at that hour of the day it was dispatched (limit: 4 h)."""
    case = cases.report(problem, act=act("report", at(day)))
    cases.accept(case, act=act("accept", at(day, 9, 5)))
    cases.file(case, criterion=damaged, act=act("file", at(day, 9, 10)))
    cases.dispatch(case, to=unit, act=act("dispatch", at(day, 9, 15)))
    cases.feed_back(case, act=act("feed_back", at(day, hour, 15), note="已修补"))
    return case


def drafted(scheme, label="2026-03", when=APRIL):
    """Asked for, and computed by the worker's process."""
    row = actions.compute(scheme, label=label, act=did(when=when))
    working.work()
    row.refresh_from_db()
    return row
