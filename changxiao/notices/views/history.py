"""沿革与撤销: for every kind of row of this room."""

from __future__ import annotations

from collections.abc import Mapping

from changxiao.ledger import edits
from changxiao.ledger.edits import Kind
from changxiao.notices.views import hooks, robots, rules
from changxiao.notices.views.base import for_setters

KINDS: Mapping[str, Kind] = {
    "hook": hooks.HOOK_KIND,
    "robot": robots.ROBOT_KIND,
    "rule": rules.RULE_KIND,
}


history, undo = edits.past(KINDS, for_setters)
