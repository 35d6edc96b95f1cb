"""事实更新: once an hour the worker brings this home's facts up to the log, in a process apart."""

from __future__ import annotations

from datetime import datetime

from changxiao.areas.home import home_city
from changxiao.evaluation.facts import store
from changxiao.evaluation.home_facts import FOLDER
from changxiao.kernel.child import Child
from changxiao.kernel.home import home
from changxiao.kernel.refused import Refused
from changxiao.ledger import log

_NAMED = ("facts", "export", "--out", str(home() / FOLDER))
_child = Child(*_NAMED, behind=True)
_anew = Child(*_NAMED, "--rebuild", behind=True)


def sweep(_now: datetime) -> int:
    """清扫: start the export where the log has grown; 1 where it was started. After a restore the
    facts may know entries that the log does not: then they are made anew."""
    try:
        code = home_city().code
    except Refused:  # no city was set up yet
        return 0
    source, size = _source(code), log.size()
    # With a size it writes nothing to the database: the worker itself puts entries in order.
    if source.size and _of_another_log(source):
        return _anew.start("--size", str(size))
    return _child.start("--size", str(size)) if source.size < size else 0


def _source(code: str) -> store.Source:
    try:
        known = store.opened(home() / FOLDER).cities
    except Refused:
        known = {}
    return known.get(code, store.Source(""))


def _of_another_log(source: store.Source) -> bool:
    return source.size > log.size() or log.root(source.size).hex() != source.root
